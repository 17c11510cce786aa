"""Which experiments there were and which one runs, as the ledger has it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from surpass.core.errors import Refused
from surpass.core.records.decisions import Entry
from surpass.core.records.experiment import (
    ExperimentEnd,
    ExperimentRamp,
    ExperimentStart,
    Period,
    RunningExperiment,
)
from surpass.steps.project import Project

_UNSURE = timedelta(seconds=1)
"""Between a ramp in the ledger, whose clock ticks seconds, and the gateway that reads it: nobody
knows which share was in force, so neither period has this second."""


def experiments(entries: Iterable[tuple[str, Entry]]) -> list[RunningExperiment]:
    """All experiments of a ledger's entries, the oldest first."""
    found: dict[str, RunningExperiment] = {}
    for digest, entry in entries:
        body = entry.body
        if isinstance(body, ExperimentStart):
            first = Period(share=body.share, start=entry.at)
            found[body.experiment] = RunningExperiment(started=body, entry=digest, periods=(first,))
        elif isinstance(body, ExperimentRamp) and body.experiment in found:
            found[body.experiment] = _ramped(found[body.experiment], body.share, entry.at)
        elif isinstance(body, ExperimentEnd) and body.experiment in found:
            before = found[body.experiment]
            found[body.experiment] = msgspec.structs.replace(
                before, ended=body, periods=_closed(before.periods, entry.at)
            )
    return list(found.values())


def running_experiment(project: Project) -> RunningExperiment | None:
    """The one that runs; none: everybody has the champion."""
    last = last_experiment(project)
    return last if last is not None and last.ended is None else None


def last_experiment(project: Project) -> RunningExperiment | None:
    """The one that runs, or else the one that ended last."""
    found = experiments(project.ledger.entries())
    going = [one for one in found if one.ended is None]
    known = going or found
    return known[-1] if known else None


def require_running(project: Project) -> RunningExperiment:
    """The one that runs.

    Raises:
        Refused: none does.
    """
    found = running_experiment(project)
    if found is None:
        raise Refused(
            "No experiment runs.",
            fix="Start one: `surpass experiment start --challenger RELEASE --primary NAME`.",
        )
    return found


def moment_of(text: str) -> datetime:
    """A moment as the ledger writes it."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ramped(one: RunningExperiment, share: float, at: str) -> RunningExperiment:
    start = (moment_of(at) + _UNSURE).isoformat()
    periods = (*_closed(one.periods, at), Period(share=share, start=start))
    return msgspec.structs.replace(one, periods=periods)


def _closed(periods: tuple[Period, ...], at: str) -> tuple[Period, ...]:
    return (*periods[:-1], msgspec.structs.replace(periods[-1], end=at))
