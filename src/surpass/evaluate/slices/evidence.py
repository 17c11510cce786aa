"""Is a slice really worse? Tests and intervals that count groups, not rows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from surpass.core.records.explanation import Against
from surpass.evaluate.slices.samples import Sample
from surpass.measure.intervals import wilson

Floats = NDArray[np.float64]

SHOWN = 0.05  # intervals are two-sided at 95 %


class Difference(NamedTuple):
    """How much more goes wrong in a slice than in what it is compared with."""

    inside: float  # share wrong in the slice
    compared: float
    value: float
    low: float  # two-sided
    high: float


class _Spread(NamedTuple):
    """What rows vary by when no slice matters: all rows have one rate."""

    rate: float
    variance: float  # of one unit
    within: float  # correlation of two units of a group, 0 to 1


def p_value(sample: Sample, against: Against) -> float:
    """Chance of as much as was seen if the slice is not worse; 1 where nothing can be said."""
    if not sample.inside.any():
        return 1.0
    return _p_base(sample) if against == "base" else _p_rest(sample)


def difference(sample: Sample, against: Against, alpha: float = SHOWN) -> Difference:
    """The difference with its interval; the slice must have a row, and against the rest two sides.

    Against the rest: Newcombe's hybrid of two Wilson intervals (1998, method 10), each at as many
    trials as its rows are worth. Against the base: a t interval over groups after one pair was
    added each way (Agresti and Min 2005), so that no spread seen is not no doubt.
    """
    return _to_base(sample, alpha) if against == "base" else _to_rest(sample, alpha)


def _p_rest(sample: Sample) -> float:
    """One-sided: the slice's rate against that of all, with the slice among them.

    The rate is that of a binomial of as many trials as give its variance: Clopper-Pearson at an
    effective sample size (Korn and Graubard 1998). For single rows that are right or wrong this is
    close to Fisher's exact test, and a little more careful.
    """
    if sample.inside.all():
        return 1.0
    spread = _spread(sample)
    if spread.variance == 0:
        return 1.0
    weights = sample.inside / sample.inside.sum() - 1 / sample.inside.size
    trials = spread.rate * (1 - spread.rate) / _variance(weights, sample.groups, spread)
    right = trials * float(sample.wrong[sample.inside].mean())
    if right <= 0:
        return 1.0
    return float(special.betainc(right, max(trials - right, 0.0) + 1, spread.rate))


def _p_base(sample: Sample) -> float:
    """One-sided sign test over groups: more of them worse than better than the base."""
    lost = (sample.wrong - sample.base_wrong)[sample.inside]
    sums = np.bincount(sample.groups[sample.inside], lost)
    worse, better = int((sums > 1e-9).sum()), int((sums < -1e-9).sum())
    return float(special.bdtrc(worse - 1, worse + better, 0.5)) if worse > 0 else 1.0


def _to_rest(sample: Sample, alpha: float) -> Difference:
    spread = _spread(sample)
    arms = [sample.inside, ~sample.inside]
    rates = [float(sample.wrong[arm].mean()) for arm in arms]
    bounds = [
        wilson(rate * trials, trials, alpha)
        for rate, trials in zip(rates, (_worth(arm, sample, spread) for arm in arms), strict=True)
    ]
    value = rates[0] - rates[1]
    low = value - np.hypot(rates[0] - bounds[0][0], bounds[1][1] - rates[1])
    high = value + np.hypot(bounds[0][1] - rates[0], rates[1] - bounds[1][0])
    return Difference(rates[0], rates[1], value, float(low), float(high))


def _to_base(sample: Sample, alpha: float) -> Difference:
    wrong, base = sample.wrong[sample.inside], sample.base_wrong[sample.inside]
    value = float((wrong - base).mean())
    lost = np.append(wrong - base, [1.0, -1.0])
    member = np.unique(sample.groups[sample.inside], return_inverse=True)[1]
    member = np.append(member, [member.max() + 1, member.max() + 2])
    count = int(member.max()) + 1
    residuals = np.bincount(member, lost - lost.mean())
    error = np.sqrt(count / (count - 1) * (residuals**2).sum()) / lost.size
    half = float(stats.t.ppf(1 - alpha / 2, count - 1) * error)
    low, high = max(-1.0, value - half), min(1.0, value + half)
    return Difference(float(wrong.mean()), float(base.mean()), value, low, high)


def _worth(arm: NDArray[np.bool_], sample: Sample, spread: _Spread) -> float:
    """As many independent right-or-wrong rows as would vary as much as this arm's mean."""
    if spread.variance == 0:
        return float(np.unique(sample.groups[arm]).size)
    variance = _variance(arm / arm.sum(), sample.groups, spread)
    return spread.rate * (1 - spread.rate) / variance


def _spread(sample: Sample) -> _Spread:
    """Rate, variance and correlation within groups over all units, by moments."""
    rate = float(sample.wrong.mean())
    residuals = sample.wrong - rate
    variance = float((residuals**2).mean())
    sizes, sums = np.bincount(sample.groups), np.bincount(sample.groups, residuals)
    pairs = float((sizes * (sizes - 1.0)).sum())
    if pairs == 0 or variance == 0:
        return _Spread(rate, variance, 0.0)
    within = (float((sums**2).sum()) - float((residuals**2).sum())) / (pairs * variance)
    return _Spread(rate, variance, min(1.0, max(0.0, within)))


def _variance(weights: Floats, groups: NDArray[np.int64], spread: _Spread) -> float:
    """Variance of a weighted sum of units that are alike within their groups."""
    alone = float((weights**2).sum())
    together = float((np.bincount(groups, weights) ** 2).sum())
    return spread.variance * ((1 - spread.within) * alone + spread.within * together)
