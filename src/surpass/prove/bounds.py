"""How much better the tuned model is, with bounds; how good it is, with bounds."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Bounds
from surpass.measure.bootstrap import Levels, bootstrap_interval
from surpass.measure.intervals import score_bounds
from surpass.measure.metrics import Metric
from surpass.measure.one_more import extended, grouped

__all__ = ["gain", "level_of", "relative_gain", "require_same_rows", "swapped"]

level_of = score_bounds


NEAR_ZERO = 0.05
"""A relative margin is refused where the base's score may be below this: any gain would do."""


def gain(
    metric: Metric, tuned: pl.DataFrame, base: pl.DataFrame, labels: tuple[str, ...], levels: Levels
) -> Bounds:
    """How much better the tuned model scores than the base model, with one-sided bounds.

    Paired and by group: see measure/bootstrap.py. Where lower is better, the gain is how much lower
    the tuned model scores. Where there are too few groups the bounds are absent and the method says
    why.

    Raises:
        BadInput: the two frames do not hold the same rows in the same order.
        CannotTell: no rows, or the metric is undefined on them.
    """
    return _contrast(metric, _Pair(tuned, base, labels), levels, times=1.0)


def relative_gain(
    metric: Metric,
    tuned: pl.DataFrame,
    base: pl.DataFrame,
    levels: Levels,
    *,
    labels: tuple[str, ...],
    share: float,
) -> Bounds:
    """How far the tuned model exceeds the base's score and `share` of it more: above 0, it does.

    Raises:
        BadInput: the two frames do not hold the same rows in the same order.
        CannotTell: the metric is undefined, or the base's score is near 0.
    """
    of_base = level_of(metric, base, labels, levels)
    if of_base.known < NEAR_ZERO or (of_base.low is not None and of_base.low < NEAR_ZERO / 2):
        raise CannotTell(
            f"The base scores {of_base.known:.3f} {metric.title}; so near 0 a relative margin "
            "says nothing.",
            fix="Declare an absolute margin.",
        )
    times = 1 + share if metric.higher_is_better else 1 - share
    return _contrast(metric, _Pair(tuned, base, labels), levels, times=times)


class _Pair(NamedTuple):
    """Two models' predictions of the same rows."""

    tuned: pl.DataFrame
    base: pl.DataFrame
    labels: tuple[str, ...]


def _contrast(metric: Metric, pair: _Pair, levels: Levels, *, times: float) -> Bounds:
    require_same_rows(pair.tuned, pair.base)
    groups = grouped(pair.tuned)
    of_tuned = extended(metric, pair.tuned, pair.labels, groups)
    of_base = extended(metric, pair.base, pair.labels, groups)
    higher = metric.higher_is_better
    asked = levels if higher else swapped(levels)
    low: float | None = None
    high: float | None = None
    try:
        interval = bootstrap_interval(of_tuned, of_base, groups, asked, times=times)
        low, high = (interval.low, interval.high) if higher else (-interval.high, -interval.low)
        method = "bootstrap by group"
    except CannotTell as error:
        method = f"none: {error.args[0]}"
    difference = of_tuned.estimate - times * of_base.estimate
    return Bounds(
        estimate=difference if higher else -difference,
        low=low,
        high=high,
        low_level=levels.low,
        high_level=levels.high,
        method=method,
        items=pair.tuned.height,
        groups=groups.count,
    )


def swapped(levels: Levels) -> Levels:
    """The same with the two bounds' levels exchanged, for what must stay low."""
    return msgspec.structs.replace(levels, low=levels.high, high=levels.low)


def require_same_rows(tuned: pl.DataFrame, base: pl.DataFrame) -> None:
    """Refuse two models that did not answer the same rows.

    Raises:
        BadInput: other rows, another order, other expected answers or other groups.
    """
    for column in (columns.ROW, columns.TARGET, columns.GROUP):
        if not tuned[column].equals(base[column]):
            raise BadInput(
                f"Two models were scored on different rows: `{column}` differs "
                f"({tuned.height} and {base.height} rows).",
                fix="Evaluate both on the same split.",
            )
