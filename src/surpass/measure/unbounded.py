"""Bounds of numbers that no 1 limits: seconds, words, tokens, money."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import special

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import MIN_GROUPS, Levels, group_sums
from surpass.measure.metrics.metric import Metric
from surpass.measure.metrics.runs.latency import SecondsQuantile
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.one_more import Grouped, grouped
from surpass.measure.quantiles import quantile_bounds
from surpass.measure.scores import sure_score
from surpass.measure.statistics import Additive, share_of


class Reach(NamedTuple):
    """A number with a lower and an upper bound, none where nothing can be told, and the method."""

    estimate: float
    low: float | None
    high: float | None
    method: str  # or why there are no bounds


def unbounded_reach(
    metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...], levels: Levels
) -> Reach:
    """A metric that is not limited to 0 to 1, with one-sided bounds.

    A mean, or a ratio of two sums, gets a t interval with a standard error by group; a quantile two
    of the measurements themselves, if each row is a group of its own.

    Raises:
        CannotTell: no rows, or the metric is undefined on them.

    Source:
        Cochran 1977, Sampling Techniques, section 6.4, for the standard error of a ratio, with
        groups as the units; Miller 2024 (arXiv:2411.00640), appendix A, is the case of a mean.
    """
    estimate = sure_score(metric, predictions, labels)
    groups = grouped(predictions)
    if isinstance(metric, SecondsQuantile):
        return _quantile_reach(metric, predictions, estimate, groups, levels)
    statistics = metric.statistics(predictions, labels)
    if not isinstance(statistics, Additive) or statistics.combine is not share_of:
        return Reach(estimate, None, None, "none: no bounds are known for this number.")
    if groups.count < MIN_GROUPS:
        why = f"none: {groups.count} groups; a bound needs {MIN_GROUPS}."
        return Reach(estimate, None, None, why)
    above, below = group_sums(statistics.items, groups).T
    variance = ((above - estimate * below) ** 2).sum() * groups.count / (groups.count - 1)
    error = float(np.sqrt(variance)) / float(below.sum())
    low, high = (special.stdtrit(groups.count - 1, 1 - one) for one in (levels.low, levels.high))
    return Reach(
        estimate,
        max(0.0, estimate - float(low) * error),
        estimate + float(high) * error,
        "t by group",
    )


def _quantile_reach(
    metric: SecondsQuantile,
    predictions: pl.DataFrame,
    estimate: float,
    groups: Grouped,
    levels: Levels,
) -> Reach:
    if groups.count < predictions.height:
        why = "none: rows of one group depend on each other."
        return Reach(estimate, None, None, why)
    seconds = measured(predictions, columns.SECONDS, metric.title)
    try:
        low = quantile_bounds(seconds, metric.share, levels.low).low
        high = quantile_bounds(seconds, metric.share, levels.high).high
    except CannotTell as error:
        return Reach(estimate, None, None, f"none: {error.args[0]}")
    return Reach(estimate, low, high, "order statistics")
