"""What must be said beside an experiment's numbers."""

from collections.abc import Iterator

from surpass.core.records.experiment import Period
from surpass.prove.experiment_bands import LEAST_UNITS
from surpass.steps.experimenting.answering import Answering
from surpass.steps.experimenting.numbers import unit_of
from surpass.steps.experimenting.running import moment_of
from surpass.steps.experimenting.standing import Standing
from surpass.steps.tell.numbers import percent


def warnings(now: Standing, *, all_in: bool) -> tuple[str, ...]:
    """Sentences, the gravest first."""
    return tuple(_warnings(now, all_in=all_in))


def _warnings(now: Standing, *, all_in: bool) -> Iterator[str]:
    started = now.experiment.started
    if now.answering is not None and now.answering.unequal:
        yield _unequal(now, now.answering)
    yield from _blind(now)
    lost = [one for one in now.experiment.periods[:-1] if _hours(one) <= started.plan.window_hours]
    for period in lost:
        yield (
            f"The period with {period.share:.0%} was over before any unit's window "
            f"({started.plan.window_hours:g} hours) was: it tells nothing."
        )
    if not all_in:
        yield (
            "A server holds the journal, so what `surpass.assign` and `surpass.feedback` said is "
            "not in it yet."
        )


def _unequal(now: Standing, found: Answering) -> str:
    """Who is silent may have left because of the answer."""
    unit = unit_of(now.experiment.started.metrics[now.experiment.started.primary])
    said = (
        f"The arms do not answer alike: {percent(found.band.champion)} of the champion's units "
        f"gave this feedback, {percent(found.band.challenger)} of the challenger's."
    )
    if found.worst is None or found.best is None:
        return said
    return (
        f"{said} Over all units, silent ones included, the gain may be anything from "
        f"{unit.gain(found.worst)} to {unit.gain(found.best)}."
    )


def _blind(now: Standing) -> Iterator[str]:
    """Guards that cannot see anything."""
    started = now.experiment.started
    if min(now.mismatch.assigned) < LEAST_UNITS:
        return  # nothing is seen yet
    for guard, one in zip(started.plan.guards, now.guards, strict=True):
        if one.band.unknown:
            yield f"The guard {guard.metric} sees nothing: {one.band.unknown}"


def _hours(period: Period) -> float:
    if period.end is None:
        return float("inf")
    return (moment_of(period.end) - moment_of(period.start)).total_seconds() / 3600
