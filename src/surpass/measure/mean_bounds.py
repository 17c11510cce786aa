"""Bounds of a mean of numbers that have no limits, such as a rise of the loss, by group."""

from typing import NamedTuple

import numpy as np
from scipy import special

from surpass.core.errors import CannotTell
from surpass.core.wording import counted
from surpass.measure.bootstrap import MIN_GROUPS, Levels, group_sums
from surpass.measure.one_more import Grouped
from surpass.measure.statistics import Floats

_CELLS = 2_000_000  # weights held at once: 16 MB


class MeanBounds(NamedTuple):
    """A mean over rows with one-sided bounds."""

    mean: float
    low: float
    high: float


def mean_bounds(values: Floats, groups: Grouped, levels: Levels) -> MeanBounds:
    """Bound the mean over rows; each bound is the farther one of two.

    The first is t with a standard error by group. It is too sure where the mean hangs on a few
    groups, so the second resamples whole groups as `bootstrap_interval` does. What has no limit
    has no worst case either: the unseen group is as the worst group that was seen (for the upper
    bound) or as the best.

    Args:
        values: One number a row, shape (rows,), all finite.
        groups: Of the rows.
        levels: Of each bound, with draws and seed.

    Raises:
        CannotTell: fewer than MIN_GROUPS groups.

    Source:
        Cochran 1977, Sampling Techniques, section 6.4, for the standard error; Gaffke 2005 for the
        resampling, with the seen range in place of the known one.
    """
    if groups.count < MIN_GROUPS:
        raise CannotTell(
            f"{groups.count} groups; a bound needs {MIN_GROUPS}.",
            fix=f"Add {counted(MIN_GROUPS - groups.count, 'group')}.",
        )
    sums, sizes = group_sums(np.column_stack([values, np.ones(values.size)]), groups).T
    mean = float(values.mean())
    residuals = sums - mean * sizes
    error = float(np.sqrt((residuals**2).sum() * groups.count / (groups.count - 1))) / values.size
    low, high = (
        float(special.stdtrit(groups.count - 1, 1 - level)) * error
        for level in (levels.low, levels.high)
    )
    drawn_low, drawn_high = _drawn(sums, sizes, levels)
    return MeanBounds(mean, min(mean - low, drawn_low), max(mean + high, drawn_high))


def _drawn(sums: Floats, sizes: Floats, levels: Levels) -> tuple[float, float]:
    """Quantiles of the resampled mean, with one group more that went against the claim."""
    rng = np.random.default_rng(levels.seed)
    means = sums / sizes
    usual = float((sizes**2).sum() / sizes.sum())
    worst, best = float(means.max()) * usual, float(means.min()) * usual
    above, below = [], []
    step = max(1, _CELLS // sums.size)
    for start in range(0, levels.draws, step):
        count = min(step, levels.draws - start)
        weights = rng.standard_exponential((count, sums.size))
        extra = rng.standard_exponential(count)
        seen, total = weights @ sums, weights @ sizes + extra * usual
        above.append((seen + extra * worst) / total)
        below.append((seen + extra * best) / total)
    low = np.quantile(np.concatenate(below), levels.low)
    high = np.quantile(np.concatenate(above), 1 - levels.high)
    return float(low), float(high)
