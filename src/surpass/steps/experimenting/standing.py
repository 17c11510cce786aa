"""Everything that the journal tells of an experiment at one moment."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core.columns import AT, UNIT
from surpass.core.errors import CannotTell
from surpass.core.records.experiment import Band, RunningExperiment
from surpass.core.settings.experiment import FeedbackMean, FeedbackShare
from surpass.measure.sequential.effect import UnitRows
from surpass.measure.sequential.mismatch import Mismatch, mismatch
from surpass.prove.experiment import Decided, decide, faults_of, units_left
from surpass.prove.experiment_bands import Bounded, Question, bounded
from surpass.steps.experimenting.answering import Answering, answering
from surpass.steps.experimenting.kpi_file import as_journaled, read_kpi
from surpass.steps.experimenting.meetings import (
    COMPLETE,
    IS_CHALLENGER,
    MET_BOTH,
    PERIOD,
    Journaled,
    meetings,
)
from surpass.steps.experimenting.metrics import higher_is_better
from surpass.steps.experimenting.outcomes import (
    Measured,
    any_feedback,
    given_feedback,
    measured,
    unit_rows,
)
from surpass.steps.experimenting.running import moment_of
from surpass.steps.experimenting.slices import slice_values
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal

_LOOK_HOURS = 6
_LEAST_DAYS = 0.01


class Standing(NamedTuple):
    """What is known of an experiment now."""

    experiment: RunningExperiment
    decided: Decided
    primary: Bounded
    guards: tuple[Bounded, ...]
    mismatch: Mismatch
    slices: dict[str, Band]
    answering: Answering | None  # none: the primary is no feedback, or nobody met it yet
    days: float  # since the start
    days_left: float | None  # none: cannot be told
    waiting: int  # units whose window is still open


class _Desk(NamedTuple):
    """What all metrics of one look share."""

    experiment: RunningExperiment
    seen: Journaled
    met: pl.DataFrame
    shares: tuple[float, ...]
    days: tuple[float, ...]  # of the looks


def standing_of(
    project: Project, one: RunningExperiment, now: datetime, kpi: Path | None = None
) -> Standing:
    """Look at an experiment; it may be looked at as often as one likes.

    Args:
        project: The project.
        one: The experiment.
        now: Until when; an ended experiment is seen as it ended.
        kpi: A file of numbers by unit.

    Raises:
        CannotTell: nothing was served yet.
        BadInput: the KPI file cannot be read.
    """
    end = one.periods[-1].end
    until = moment_of(end) if end else now
    start = moment_of(one.periods[0].start)
    since = start - timedelta(days=one.started.plan.history_days)
    with open_journal(project) as journal:
        seen = Journaled(
            requests=journal.requests(since=since, until=until),
            feedback=journal.feedback(since=since, until=until),
            exposures=journal.exposures(one.started.experiment).filter(pl.col(AT) <= until),
        )
    if kpi is not None:
        units = {*seen.exposures[UNIT], *seen.requests[UNIT]}
        seen = seen._replace(kpi=as_journaled(read_kpi(kpi), units))
    return standing_on(one, seen, until)


def standing_on(one: RunningExperiment, seen: Journaled, now: datetime) -> Standing:
    """The same for frames."""
    met = meetings(one, seen, now)
    start = moment_of(one.periods[0].start)
    days = (now - start) / timedelta(days=1)
    shares = tuple(period.share for period in one.periods)
    desk = _Desk(one, seen, met, shares, _look_days(days))
    plan = one.started.plan
    primary = _bounded(desk, one.started.primary, plan.alpha, plan.alpha)
    guards = tuple(
        _bounded(desk, guard.metric, plan.alpha, plan.alpha / len(plan.guards))
        for guard in plan.guards
    )
    split = _mismatch(desk)
    faults = faults_of(
        split.p,
        plan.mismatch_alpha,
        met[UNIT].n_unique(),
        met.filter(pl.col(MET_BOTH))[UNIT].n_unique(),
    )
    decided = decide(plan, primary.band, tuple(guard.band for guard in guards), faults)
    return Standing(
        experiment=one,
        decided=decided,
        primary=primary,
        guards=guards,
        mismatch=split,
        slices=_slices(desk),
        answering=_answering(desk),
        days=days,
        days_left=_days_left(desk, primary, days),
        waiting=met.filter(~pl.col(COMPLETE) & (pl.col(PERIOD) == len(shares) - 1)).height,
    )


def _bounded(desk: _Desk, name: str, alpha_low: float, alpha_high: float) -> Bounded:
    started = desk.experiment.started
    metric = started.metrics[name]
    try:
        found = measured(metric, desk.experiment, desk.seen)
    except CannotTell as error:
        return Bounded(_nothing(name, str(error)), (), None)
    question = Question(
        metric=name,
        higher_is_better=higher_is_better(metric),
        limits=found.limits,
        alpha_low=alpha_low,
        alpha_high=alpha_high,
        tuned_to=started.plan.units,
        exact=name == started.primary and started.plan.bounds == "exact",
    )
    return bounded(question, _rows(desk, found), desk.shares, desk.days)


def _rows(desk: _Desk, found: Measured) -> UnitRows:
    return unit_rows(found, desk.experiment, desk.met)


def _nothing(name: str, reason: str) -> Band:
    return Band(
        metric=name,
        champion=None,
        challenger=None,
        gain=None,
        low=None,
        high=None,
        champion_units=0,
        challenger_units=0,
        unknown=reason,
    )


def _mismatch(desk: _Desk) -> Mismatch:
    """Of the first meetings alone: who comes again has the arm that it had."""
    first = desk.met.unique(UNIT, keep="first", maintain_order=True).sort(PERIOD, AT)
    return mismatch(
        first[IS_CHALLENGER].cast(pl.Int64).to_numpy(),
        first[PERIOD].cast(pl.Int64).to_numpy(),
        tuple((1 - share, share) for share in desk.shares),
    )


def _answering(desk: _Desk) -> Answering | None:
    started = desk.experiment.started
    metric = started.metrics[started.primary]
    if not isinstance(metric, FeedbackShare | FeedbackMean) or desk.met.is_empty():
        return None
    exposed = _rows(desk, any_feedback(metric, desk.experiment, desk.seen))
    given = _rows(desk, given_feedback(metric, desk.experiment, desk.seen))
    if exposed.unit.size == 0 or (isinstance(metric, FeedbackShare) and given.above.all()):
        return None  # where only the good is ever said, silence is the other answer
    limits = (metric.low, metric.high) if isinstance(metric, FeedbackMean) else (0.0, 1.0)
    return answering(exposed, given, desk.shares, desk.days, limits)


def _slices(desk: _Desk) -> dict[str, Band]:
    """The primary metric by slice; shown, never decisive."""
    found = {}
    plan, primary = desk.experiment.started.plan, desk.experiment.started.primary
    for name, units in slice_values(desk.experiment, desk.seen):
        part = desk._replace(met=desk.met.filter(pl.col(UNIT).is_in(units)), days=desk.days[-1:])
        band = _bounded(part, primary, plan.alpha, plan.alpha).band
        found[name] = msgspec.structs.replace(band, metric=primary)
    return found


def _days_left(desk: _Desk, primary: Bounded, days: float) -> float | None:
    """At the pace at which units were complete up to now."""
    if primary.effect is None or days <= _LEAST_DAYS:
        return None
    window = desk.experiment.started.plan.window_hours / 24
    pace = primary.effect.units / max(days - window, _LEAST_DAYS)
    left = units_left(desk.experiment.started.plan, primary.effect) / pace
    return left if left < float("inf") else None


def _look_days(days: float) -> tuple[float, ...]:
    """Every six hours since the start, and now."""
    step = _LOOK_HOURS / 24
    return (*(step * n for n in range(1, int(days / step) + 1) if step * n < days), days)
