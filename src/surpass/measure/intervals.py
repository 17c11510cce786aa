"""Intervals in closed form, and the interval of one model's score on a frame."""

import msgspec
import numpy as np
import polars as pl
from scipy import special

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.core.records.verdict import Bounds
from surpass.measure.bootstrap import MIN_GROUPS, Levels, bootstrap_interval
from surpass.measure.metrics.metric import Metric
from surpass.measure.one_more import Extended, Grouped, extended, grouped
from surpass.measure.statistics import Additive, Floats, share_of
from surpass.measure.unbounded import Reach, unbounded_reach

SHOWN = Levels(low=0.025, high=0.025, draws=2_000)
"""What tables and charts show beside a score: a two-sided 95 % interval."""


class ClusteredMean(msgspec.Struct, frozen=True):
    """A mean with its standard error by group."""

    mean: float
    standard_error: float
    freedom: int  # degrees of freedom: groups - 1


def wilson(successes: float, trials: float, alpha: float) -> tuple[float, float]:
    """Two-sided interval of a share at level 1 - alpha, for tables; single rows only.

    Rows that depend on each other count as fewer trials; both numbers may then be fractions.

    Source: Wilson 1927; as `statsmodels.stats.proportion.proportion_confint(method="wilson")`.
    """
    z = float(special.ndtri(1 - alpha / 2))
    share, shrunk = successes / trials, 1 + z**2 / trials
    middle = (share + z**2 / (2 * trials)) / shrunk
    half = z / shrunk * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def clopper_pearson_low(successes: float, trials: float, alpha: float) -> float:
    """One-sided exact lower bound of a share; never covers less than 1 - alpha.

    Rows that depend on each other count as fewer trials; both numbers may then be fractions.
    """
    if successes == 0:
        return 0.0
    return float(special.betaincinv(successes, trials - successes + 1, alpha))


def clopper_pearson_high(successes: float, trials: float, alpha: float) -> float:
    """One-sided exact upper bound of a share."""
    if successes == trials:
        return 1.0
    return float(special.betaincinv(successes + 1, trials - successes, 1 - alpha))


def clustered_mean(differences: Floats, groups: np.ndarray) -> ClusteredMean:
    """Mean over rows with a standard error that counts groups, not rows.

    Args:
        differences: One number a row, shape (rows,).
        groups: Group of each row, shape (rows,).

    Raises:
        CannotTell: fewer than MIN_GROUPS groups.

    Source:
        Miller 2024 (arXiv:2411.00640), appendix A, with the finite-sample factor C / (C - 1).
    """
    member = np.unique(groups, return_inverse=True)[1]
    count = int(member.max()) + 1 if member.size else 0
    if count < MIN_GROUPS:
        raise CannotTell(f"{count} groups; a standard error by group needs {MIN_GROUPS}.")
    mean = float(differences.mean())
    residuals = np.bincount(member, differences - mean)
    variance = count / (count - 1) * float((residuals**2).sum()) / differences.size**2
    return ClusteredMean(mean, float(np.sqrt(variance)), count - 1)


def score_interval(metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Bounds:
    """One model's score with a two-sided 95 % interval, for tables and charts."""
    return score_bounds(metric, predictions, labels, SHOWN)


def score_bounds(
    metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...], levels: Levels
) -> Bounds:
    """One model's score with one-sided bounds.

    Clopper-Pearson for a share over single rows, else the bootstrap by group; what is not limited
    to 0 to 1 as in unbounded_reach. No bounds where there are too few groups, with the reason as
    method.

    Raises:
        CannotTell: no rows, or the metric is undefined on them.
    """
    groups = grouped(predictions)
    if not getattr(metric, "bounded", True):
        reach = unbounded_reach(metric, predictions, labels, levels)
    else:
        reach = _share_reach(extended(metric, predictions, labels, groups), groups, levels)
    return Bounds(
        estimate=reach.estimate,
        low=reach.low,
        high=reach.high,
        low_level=levels.low,
        high_level=levels.high,
        method=reach.method,
        items=predictions[columns.ROW].len(),
        groups=groups.count,
    )


def _share_reach(model: Extended, groups: Grouped, levels: Levels) -> Reach:
    """Bounds of a metric between 0 and 1."""
    successes = _successes(model) if groups.count == model.seen else None
    if successes is not None and groups.count >= MIN_GROUPS:
        low = clopper_pearson_low(successes, model.seen, levels.low)
        high = clopper_pearson_high(successes, model.seen, levels.high)
        return Reach(model.estimate, low, high, "exact")
    try:
        interval = bootstrap_interval(model, None, groups, levels)
    except CannotTell as error:
        return Reach(model.estimate, None, None, f"none: {error.args[0]}")
    return Reach(model.estimate, interval.low, interval.high, "bootstrap by group")


def _successes(model: Extended) -> int | None:
    """How many rows are right, where the metric is a plain share of right rows, all counted."""
    if not isinstance(model.statistics, Additive) or model.statistics.combine is not share_of:
        return None
    scores, counted = model.statistics.items[: model.seen].T
    plain = np.isin(scores, (0.0, 1.0)).all() and (counted == 1).all()
    return int(scores.sum()) if plain else None
