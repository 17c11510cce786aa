"""Gather requests, watch them, keep the history of alerts, tell whoever is to be told."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.environment import user_name, webhook
from surpass.core.errors import BadInput, CannotTell, SurpassError
from surpass.core.records.signal import AlertEvent, WatchData
from surpass.core.settings.watch import Watch
from surpass.monitor.alerting import Turn, silence, silences, turn
from surpass.monitor.floor import Floor
from surpass.monitor.message import Message, signed, told
from surpass.monitor.novelty import Encode
from surpass.monitor.prometheus import metrics_text
from surpass.monitor.traffic import with_feedback
from surpass.monitor.watching import Pass, Traffic, watched
from surpass.monitor.webhook import post, target_of
from surpass.steps.watching.history import Frozen, freeze, frozen, history, remember
from surpass.steps.watching.log_file import read_log
from surpass.store.durable import write_file


class Asked(NamedTuple):
    """What to watch, and where to put what is made of it."""

    folder: Path
    settings: Watch
    task: str
    log: Path | None = None  # None: the journal
    reference: Path | None = None  # None: the first requests of the release
    metrics: Path | None = None  # file for Prometheus
    champion: str | None = None  # the release to watch; None: what answered last
    floor: Floor | None = None  # sealed at its release
    as_json: bool = False  # answers must be JSON objects


class Watched(NamedTuple):
    """One pass with what it changed."""

    found: Pass
    turn: Turn
    silenced: tuple[AlertEvent, ...]
    data: WatchData
    warnings: tuple[str, ...]


def watch(asked: Asked, now: datetime) -> Watched:
    """Do one pass.

    Raises:
        CannotTell: too few requests, or nothing was served yet.
        BadInput: the log cannot be read.
    """
    rows = _requests(asked)
    release = _release(rows, asked.champion)
    rows = rows.filter(pl.col(columns.RELEASE).fill_null("") == release)
    traffic = _parted(asked, rows, release)
    found = watched(traffic, asked.settings, _encoder(asked.settings))
    events = history(asked.folder)
    last = max((one.number for one in found.measures), default=0)
    turned = turn(events, found.alerts, last, now, asked.settings.cooldown_hours)
    warnings = _send(asked.task, release, turned, now)
    if not warnings:
        remember(asked.folder, *turned.events)
    quiet = silences(events, now)
    data = _data(asked, found, release, quiet)
    if asked.metrics is not None:
        write_file(asked.metrics, metrics_text(data))
    return Watched(found, turned, quiet, data, warnings)


def keep_silent(folder: Path, name: str, hours: float, reason: str, now: datetime) -> AlertEvent:
    """Silence alerts of a name or kind for so long, and write down who wanted it and why."""
    if hours <= 0 or hours > 24 * 366:
        raise BadInput(f"{hours:g} hours.", fix="Name between 0 and 8784 hours.")
    if not reason.strip():
        raise BadInput("A silence needs a reason.", fix='Say it: --reason "planned test".')
    event = silence(name, hours, reason, user_name(), now)
    remember(folder, event)
    return event


def _requests(asked: Asked) -> pl.DataFrame:
    if asked.log is not None:
        return with_feedback(read_log(asked.log, asked.settings.slices), pl.DataFrame())
    from surpass.core.environment import journal_address
    from surpass.store.journal import Journal  # pulls in the database

    address = journal_address()
    with Journal.open(address.reveal() if address else asked.folder) as journal:
        requests, feedback = journal.requests(asked.task), journal.feedback(asked.task)
    done = requests.filter(pl.col(columns.STATUS) != "started")
    if done.is_empty():
        raise CannotTell(f"No request of {asked.task} is in the journal.", fix="Wait for traffic.")
    return with_feedback(done, feedback)


def _release(rows: pl.DataFrame, champion: str | None) -> str:
    """The champion, if it answered; else what answered last. A log may name none."""
    if champion is not None and (rows[columns.RELEASE] == champion).any():
        return champion
    return rows[columns.RELEASE][-1] or ""


def _parted(asked: Asked, rows: pl.DataFrame, release: str) -> Traffic:
    """Reference and what came after; the reference stays what it was at the first pass."""
    place = f"{asked.task}:{release or 'log'}"
    declared = asked.settings.floor
    floor = asked.floor if declared is None else Floor(declared, "declared in [watch]")
    if asked.reference is not None:
        before = read_log(asked.reference, asked.settings.slices, timed=False)
        first = rows[columns.AT][0]
        before = before.with_columns(pl.col(columns.AT).fill_null(first))
        return Traffic(with_feedback(before, pl.DataFrame()), rows, place, floor, asked.as_json)
    fixed = frozen(asked.folder, asked.task, release)
    if fixed is None:
        count = asked.settings.reference
        if rows.height < count:
            raise CannotTell(
                f"{rows.height} requests; the first {count} are the measure of the later ones.",
                fix="Wait for more traffic, lower [watch] reference, or name --reference FILE.",
            )
        last = rows[columns.AT][count - 1]
        fixed = Frozen(task=asked.task, release=release, requests=count, last=last.isoformat())
        freeze(asked.folder, fixed)
    early = pl.col(columns.AT) <= datetime.fromisoformat(fixed.last)
    return Traffic(rows.filter(early), rows.filter(~early), place, floor, asked.as_json)


def _encoder(settings: Watch) -> Encode | None:
    if settings.drift.encoder is None:
        return None
    from surpass.measure.encoders import encoder

    return encoder(settings.drift.encoder).encode


def _send(task: str, release: str, turned: Turn, now: datetime) -> tuple[str, ...]:
    """Send what is new to the operator's webhook, if there is one; what failed, in words.

    What could not be sent is not written down as told, so the next pass tries again.
    """
    address, key, private = webhook()
    if address is None or not (turned.send or turned.resolved):
        return ()
    try:
        if key is None:
            raise BadInput(
                "SURPASS_WEBHOOK_KEY is not set, so alerts cannot be signed.",
                fix="Set it to a long random text that the receiver knows.",
            )
        message = Message(
            task=task,
            release=release,
            at=now.isoformat(timespec="seconds"),
            alerts=tuple(told(one) for one in turned.send),
            resolved=turned.resolved,
        )
        target = target_of(address.reveal(), private=private)
        post(target, signed(message, key.reveal().encode()))
    except SurpassError as error:
        return (str(error),)
    return ()


def _data(asked: Asked, found: Pass, release: str, quiet: tuple[AlertEvent, ...]) -> WatchData:
    return WatchData(
        task=asked.task,
        release=release,
        windows=found.measures,
        alerts=found.alerts,
        silenced=tuple(one.name for one in quiet),
        floor=None if found.floor is None else found.floor.share,
        level_a_window=found.budget.level,
        tests_a_week=found.budget.tests_a_week,
        tested_windows=len(found.tested),
    )
