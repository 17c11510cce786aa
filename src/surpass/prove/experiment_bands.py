"""Bounds of a challenger's gain that hold at all looks together."""

from typing import NamedTuple

import msgspec
import numpy as np

from surpass.core.errors import CannotTell
from surpass.core.records.experiment import Band, LookData
from surpass.core.wording import counted
from surpass.measure.sequential.asymptotic import half_width
from surpass.measure.sequential.betting import gain_path
from surpass.measure.sequential.effect import Effect, UnitRows, effect
from surpass.measure.statistics import Floats

LEAST_UNITS = 100  # of either arm before the first look of an asymptotic bound
LEAST_EXACT = 10  # units in all before an exact bound is worth a look


class Question(NamedTuple):
    """What is asked of one metric."""

    metric: str
    higher_is_better: bool
    limits: tuple[float, float] | None  # between which each unit lies; none: no limits
    alpha_low: float  # chance that the lower bound of the gain is ever too high
    alpha_high: float  # chance that the upper bound is ever too low
    tuned_to: float  # units at which the bounds are tightest
    exact: bool = False  # needs limits, and a mean over units


class Bounded(NamedTuple):
    """One metric's band now, and on the way here."""

    band: Band
    looks: tuple[LookData, ...]
    effect: Effect | None  # in the metric's unit, higher is better; none: not known


def bounded(
    question: Question, rows: UnitRows, shares: tuple[float, ...], days: tuple[float, ...]
) -> Bounded:
    """Bound the gain at every look, and intersect: what was once shown stays shown.

    Args:
        question: Of which metric, at which levels.
        rows: Its units, in the order in which their outcomes were complete.
        shares: The challenger's share in each period.
        days: Moments of the looks after the start, rising; the last one is now.
    """
    ours = rows.until(days[-1])
    scaled, span = _scaled(ours, question)
    try:
        now = _turned(effect(scaled, shares, is_share=question.limits is not None), question, span)
        band = _band(question, ours, now)
        looks = _exact(question, scaled, shares, days) if question.exact else ()
        looks = looks or _asymptotic(question, scaled, shares, days, span)
    except CannotTell as error:
        return Bounded(_unknown(question, ours, str(error.args[0])), (), None)
    if not looks:
        least = LEAST_EXACT if question.exact else LEAST_UNITS
        reason = f"Bounds need {counted(least, 'unit')} {'in all' if question.exact else 'an arm'}."
        return Bounded(msgspec.structs.replace(band, unknown=reason), (), now)
    looks = _intersected(looks)
    last = looks[-1]
    return Bounded(msgspec.structs.replace(band, low=last.low, high=last.high), looks, now)


def _scaled(rows: UnitRows, question: Question) -> tuple[UnitRows, float]:
    """The rows with 0 and 1 as limits, and what 1 of them is in the metric's unit."""
    if question.limits is None:
        return rows, 1.0
    low, high = question.limits
    span = high - low
    above, before = (rows.above - low * rows.below) / span, (rows.before - low) / span
    return msgspec.structs.replace(rows, above=above, before=before), span


def _turned(found: Effect, question: Question, span: float) -> Effect:
    """In the metric's unit, the gain above 0 where the challenger is better."""
    low = question.limits[0] if question.limits else 0.0
    sign = 1 if question.higher_is_better else -1
    return found._replace(
        champion=low + span * found.champion,
        challenger=low + span * found.challenger,
        gain=sign * span * found.gain + 0.0,  # no negative zero
        error=span * found.error,
    )


def _asymptotic(
    question: Question,
    scaled: UnitRows,
    shares: tuple[float, ...],
    days: tuple[float, ...],
    span: float,
) -> tuple[LookData, ...]:
    looks = []
    for day in days:
        rows = scaled.until(day)
        if min(rows.arms()) < LEAST_UNITS:
            continue
        try:
            found = effect(rows, shares, is_share=question.limits is not None)
        except CannotTell:
            continue
        found = _turned(found, question, span)
        below, above = (
            float(
                half_width(found.error, found.units, alpha=a, tuned_to=question.tuned_to, sides=1)
            )
            for a in (question.alpha_low, question.alpha_high)
        )
        looks.append(_look(day, rows, found.gain, found.gain - below, found.gain + above))
    return tuple(looks)


def _exact(
    question: Question, scaled: UnitRows, shares: tuple[float, ...], days: tuple[float, ...]
) -> tuple[LookData, ...]:
    """Each unit counts once, in the period in which it came first."""
    first = np.zeros(scaled.unit.size, dtype=bool)
    first[np.unique(scaled.unit, return_index=True)[1]] = True
    rows = scaled.taken(first)
    if rows.unit.size < LEAST_EXACT or question.limits is None:
        return ()
    low, high = question.limits
    outcomes = rows.above if question.higher_is_better else rows.below - rows.above
    path = gain_path(
        outcomes,
        rows.challenger,
        np.array(shares)[rows.period],
        alpha_low=question.alpha_low,
        alpha_high=question.alpha_high,
    )
    looks = []
    for day in days:
        count = rows.until(day).unit.size
        if count >= LEAST_EXACT:
            gain = _difference(outcomes[:count], rows.challenger[:count])
            edges = (float(side[count - 1]) for side in path)
            bottom, top = ((high - low) * edge for edge in edges)
            looks.append(_look(day, rows.until(day), (high - low) * gain, bottom, top))
    return tuple(looks)


def _difference(values: Floats, challenger: np.ndarray) -> float:
    arms = [values[challenger == side] for side in (False, True)]
    return float(arms[1].mean() - arms[0].mean()) if all(arm.size for arm in arms) else 0.0


def _look(day: float, rows: UnitRows, gain: float, low: float, high: float) -> LookData:
    return LookData(days=day, units=rows.unit.size, gain=gain, low=low, high=high)


def _intersected(looks: tuple[LookData, ...]) -> tuple[LookData, ...]:
    lows = np.maximum.accumulate([look.low for look in looks])
    highs = np.minimum.accumulate([look.high for look in looks])
    return tuple(
        # Crossed bounds mean that one of them erred, as it may with its alpha: then none is trusted
        # more than the latest.
        look if low > high else msgspec.structs.replace(look, low=float(low), high=float(high))
        for look, low, high in zip(looks, lows, highs, strict=True)
    )


def _band(question: Question, rows: UnitRows, now: Effect) -> Band:
    champions, challengers = rows.arms()
    return Band(
        metric=question.metric,
        champion=now.champion,
        challenger=now.challenger,
        gain=now.gain,
        low=None,
        high=None,
        champion_units=champions,
        challenger_units=challengers,
        higher_is_better=question.higher_is_better,
    )


def _unknown(question: Question, rows: UnitRows, reason: str) -> Band:
    champions, challengers = rows.arms()
    return Band(
        metric=question.metric,
        champion=None,
        challenger=None,
        gain=None,
        low=None,
        high=None,
        champion_units=champions,
        challenger_units=challengers,
        higher_is_better=question.higher_is_better,
        unknown=reason,
    )
