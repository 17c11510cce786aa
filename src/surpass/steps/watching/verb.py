"""The verb behind the command: a folder and a wish to an account."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from surpass.core.account import Account
from surpass.core.records.release import SealedFloor
from surpass.core.settings.read import FILE_NAME
from surpass.core.settings.watch import Watch
from surpass.monitor.floor import Floor
from surpass.steps.project import open_project
from surpass.steps.releasing.read import champion
from surpass.steps.tell.watch import account_of, silence_account
from surpass.steps.watching.watch import Asked, keep_silent, watch

_RIGHT = ("accuracy", "exact_match", "exact_record")
"""Metrics that are the share of right answers, which production's labels show too."""


class Wish(NamedTuple):
    """What the command line asks for."""

    folder: Path
    log: Path | None = None
    reference: Path | None = None
    page: Path | None = None
    metrics: Path | None = None


def watch_account(wish: Wish) -> Account:
    """One pass, told; with a log the folder need not be a project."""
    account = account_of(watch(_asked(wish), datetime.now(UTC)))
    if wish.page is not None:
        from surpass.show.report import render_report  # pulls in jinja2 and altair
        from surpass.store.durable import write_file

        write_file(wish.page, render_report(account).encode())
    return account


def silenced_account(folder: Path, name: str, hours: float, reason: str) -> Account:
    """Silence, told."""
    return silence_account(keep_silent(folder, name, hours, reason, datetime.now(UTC)))


def _asked(wish: Wish) -> Asked:
    """What to watch: a log alone, or a project with its champion and the floor sealed for it."""
    if wish.log is not None and not (wish.folder / FILE_NAME).exists():
        return Asked(
            wish.folder, Watch(), wish.log.stem, wish.log, wish.reference, metrics=wish.metrics
        )
    project = open_project(wish.folder)
    released = champion(project)
    return Asked(
        folder=wish.folder,
        settings=project.settings.watch,
        task=project.settings.task.name,
        log=wish.log,
        reference=wish.reference,
        metrics=wish.metrics,
        champion=None if released is None else released.name,
        floor=None if released is None else _floor(released.floor),
        as_json=project.settings.kind == "extract",
    )


def _floor(sealed: SealedFloor) -> Floor | None:
    """The sealed floor, where it is about the share of right answers; None: it is about another."""
    value = sealed.value
    if sealed.metric not in _RIGHT or value is None or not 0 < value < 1:
        return None
    return Floor(value, f"sealed at the release ({sealed.origin})")
