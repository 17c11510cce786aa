"""What an experiment amounts to: keep going, wins, loses, equal, or broken."""

from typing import NamedTuple

from surpass.core.records.experiment import Band, Conclusion
from surpass.core.settings.experiment import Experiment, ExperimentGuard
from surpass.measure.sequential.asymptotic import units_until
from surpass.measure.sequential.effect import Effect

REVISION = 1  # of the rule; sealed when an experiment starts

_SPLIT_UNITS = 0.01  # share of units that may have met both models in one period
_FEW = 10  # units that met both models and are no reason yet


class Decided(NamedTuple):
    """The decision and why, as one sentence."""

    decision: Conclusion
    why: str


def decide(
    plan: Experiment, primary: Band, guards: tuple[Band, ...], faults: tuple[str, ...]
) -> Decided:
    """Apply the sealed rule to what is known now; it may be asked at any time.

    A fault makes all numbers meaningless, so it comes first; then a guard that is surely broken;
    then the primary metric. Its bounds hold at all looks together, so the first look at which one
    of them clears its line decides.

    Args:
        plan: As sealed: margin, equal, guards.
        primary: The metric that decides; `gain` above 0 is better.
        guards: Bands in the order of the plan's guards.
        faults: What is wrong with the experiment itself, as sentences.
    """
    if faults:
        return Decided(Conclusion.BROKEN, " ".join(faults))
    pairs = tuple(zip(plan.guards, guards, strict=True))
    for guard, band in pairs:
        if band.high is not None and band.high < -guard.margin:
            return Decided(Conclusion.LOSES, f"The guard {guard.metric} is surely worse.")
    if primary.low is None or primary.high is None:
        return Decided(Conclusion.KEEP_GOING, primary.unknown or "Nothing is known yet.")
    if primary.low > plan.margin:
        return _gained([guard.metric for guard, band in pairs if not _harmless(guard, band)])
    return _not_gained(plan, primary.low, primary.high)


def _gained(unproved: list[str]) -> Decided:
    """The primary is won; guards that must be proved may still be open."""
    if unproved:
        why = f"The gain is shown, but not yet that these guards hold: {', '.join(unproved)}."
        return Decided(Conclusion.KEEP_GOING, why)
    return Decided(Conclusion.WINS, "The lower bound of the gain clears the margin.")


def _not_gained(plan: Experiment, low: float, high: float) -> Decided:
    if high < plan.margin:
        return Decided(Conclusion.LOSES, "The gain is surely below the margin.")
    if plan.equal is not None and -plan.equal <= low and high <= plan.equal:
        why = f"Whatever the difference is, it is surely within {plan.equal:g}."
        return Decided(Conclusion.EQUAL, why)
    return Decided(Conclusion.KEEP_GOING, "The bounds still hold both a gain and none.")


def faults_of(p: float, mismatch_alpha: float, units: int, met_both: int) -> tuple[str, ...]:
    """What is wrong with the split, as sentences; nothing where it is sound.

    Args:
        p: Of the mismatch test.
        mismatch_alpha: Its sealed level.
        units: Units that met the experiment.
        met_both: Of them, those that met both models while the shares were constant.
    """
    found = []
    if p < mismatch_alpha:
        found.append(
            "The arms do not have the declared shares of the units "
            f"(p {p:.1g}, always valid): some units are lost or sent elsewhere in one arm."
        )
    if met_both > max(_FEW, _SPLIT_UNITS * units):
        found.append(
            f"{met_both:,} of {units:,} units met both models: the assignment does not stick."
        )
    return tuple(found)


def units_left(plan: Experiment, now: Effect) -> float:
    """More units, as `Effect` counts them, until the first decision if the gain stays as it is.

    Infinity where the estimate lies on a line, or so near that nobody would wait for it.
    """
    gaps = [abs(now.gain - plan.margin)]
    if plan.equal is not None:
        gaps.append(plan.equal - abs(now.gain))
    needed = [
        units_until(gap, now.error, now.units, alpha=plan.alpha, tuned_to=plan.units)
        for gap in gaps
    ]
    return max(0.0, min(needed) - now.units)


def _harmless(guard: ExperimentGuard, band: Band) -> bool:
    if guard.level == "no harm shown":
        return True
    return band.low is not None and band.low > -guard.margin
