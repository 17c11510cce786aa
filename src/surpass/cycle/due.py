"""`surpass retrain --dry-run`: what speaks for a cycle now and what holds it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from surpass.core.account import Account, Chapter, Standing, Table
from surpass.core.digest import digest_file
from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.signal import AlertEvent
from surpass.cycle.decide import Action, Ask, Past, Reason, Rest, Start, State, Wait, decide
from surpass.monitor.alerting import still_open
from surpass.steps.project import Project
from surpass.steps.releasing.read import champion
from surpass.steps.watching.history import history

LABELLED = "labelled"  # folder where `surpass label apply` writes rows
_WON = ("released", "to approve")


class Written(NamedTuple):
    """One entry of the ledger about cycles."""

    digest: str
    at: str
    body: CycleStarted | CycleEnded


class DueReason(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger or guard."""

    name: str
    words: str


class DueData(msgspec.Struct, frozen=True, kw_only=True):
    """For programs: whether a cycle is due."""

    action: str  # "start", "ask", "wait" or "rest"
    reasons: tuple[DueReason, ...] = ()
    held: tuple[DueReason, ...] = ()


def due_account(project: Project, now: datetime) -> Account:
    """Say what [cycle] would do now."""
    return told(decide(gathered(project), project.settings.cycle, now))


def gathered(project: Project) -> State:
    """What is known of the project: its cycles, the alerts that go on, rows that wait."""
    cycles = [
        Written(digest, entry.at, entry.body)
        for digest, entry in project.ledger.entries()
        if isinstance(entry.body, CycleStarted | CycleEnded)
    ]
    released = champion(project)
    events = history(project.folder)
    place = f"{project.settings.task.name}:{released.name if released else ''}:"
    waiting = _waiting(
        project, {one.body.rows_digest for one in cycles if isinstance(one.body, CycleStarted)}
    )
    return State(
        past=past_of(cycles, project.settings.budget.price_per_hour),
        floor_broken=_page(events, place, floor=True),
        drift_confirmed=_page(events, place, floor=False),
        drift_rows=waiting,
        new_labels=waiting,
        since=None if released is None else datetime.fromisoformat(released.since.at),
    )


def past_of(cycles: Sequence[Written], price_per_hour: float | None) -> tuple[Past, ...]:
    """The cycles that were started, the oldest first.

    A cycle counts with all the hours from its start to its end, which is no less than it trained.
    """
    ends = {one.body.start: one for one in cycles if isinstance(one.body, CycleEnded)}
    found = []
    for one in (one for one in cycles if _began(one)):
        end = ends.get(one.digest)
        started = datetime.fromisoformat(one.at)
        ended = None if end is None else datetime.fromisoformat(end.at)
        hours = None if ended is None else (ended - started).total_seconds() / 3600
        money = None if hours is None or price_per_hour is None else hours * price_per_hour
        won = end is not None and isinstance(end.body, CycleEnded) and end.body.how in _WON
        found.append(Past(started, ended, won, hours, money))
    return tuple(sorted(found, key=lambda one: one.started))


def told(action: Action) -> Account:
    """The action in words: it holds where a cycle may start."""
    match action:
        case Rest():
            return Account(
                title="Retrain",
                headline="Nothing speaks for a new model.",
                standing=Standing.DOES_NOT_HOLD,
                data=DueData(action="rest"),
            )
        case Wait(reasons, held):
            return _account("wait", "A new model is asked for, and held back.", reasons, held)
        case Ask(reasons):
            return _account("ask", "A new model is due; a person must agree.", reasons, ())
        case Start(reasons):
            return _account("start", "A new model is due.", reasons, ())


def _account(
    action: str, headline: str, reasons: tuple[Reason, ...], held: tuple[Reason, ...]
) -> Account:
    tables = [Table(title="What speaks for it", columns=("trigger", "now"), rows=reasons)]
    tables += [Table(title="What holds it back", columns=("guard", "now"), rows=held)] * bool(held)
    return Account(
        title="Retrain",
        headline=headline,
        standing=Standing.DOES_NOT_HOLD if held else Standing.HOLDS,
        text=("Nothing was started.",),
        chapters=(Chapter(title="Policy of [cycle]", tables=tuple(tables)),),
        next_command="" if held else "surpass retrain",
        data=DueData(action=action, reasons=_said(reasons), held=_said(held)),
    )


def _said(reasons: Iterable[Reason]) -> tuple[DueReason, ...]:
    return tuple(DueReason(name=one.name, words=one.words) for one in reasons)


def _began(one: Written) -> bool:
    return isinstance(one.body, CycleStarted)


def _page(events: Sequence[AlertEvent], place: str, *, floor: bool) -> bool | None:
    """Whether a page of the champion goes on; None: nobody watched."""
    if not events:
        return None
    pages = [
        name
        for name, one in still_open(events).items()
        if one.severity == "page" and name.startswith(place)
    ]
    return any(name.endswith(":floor") == floor for name in pages)


def _waiting(project: Project, used: set[str | None]) -> int:
    """Labelled rows in files that no cycle began with, one a line."""
    rows = 0
    for path in sorted((project.folder / LABELLED).glob("*.jsonl")):
        if digest_file(path) not in used:
            rows += sum(bool(line.strip()) for line in path.read_bytes().splitlines())
    return rows
