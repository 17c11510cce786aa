"""How much better the tuned model is, with bounds; how good it is, with bounds."""

import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Bounds
from surpass.measure.bootstrap import Levels, bootstrap_interval
from surpass.measure.intervals import score_bounds
from surpass.measure.metrics import Metric
from surpass.measure.one_more import extended, grouped

__all__ = ["gain", "level_of", "require_same_rows"]

level_of = score_bounds


def gain(
    metric: Metric, tuned: pl.DataFrame, base: pl.DataFrame, labels: tuple[str, ...], levels: Levels
) -> Bounds:
    """How much higher the tuned model scores than the base model, with one-sided bounds.

    Paired and by group: see measure/bootstrap.py. Where there are too few groups the bounds are
    absent and the method says why.

    Raises:
        BadInput: the two frames do not hold the same rows in the same order.
        CannotTell: no rows, or the metric is undefined on them.
    """
    require_same_rows(tuned, base)
    groups = grouped(tuned)
    of_tuned = extended(metric, tuned, labels, groups)
    of_base = extended(metric, base, labels, groups)
    low: float | None = None
    high: float | None = None
    try:
        interval = bootstrap_interval(of_tuned, of_base, groups, levels)
        low, high, method = interval.low, interval.high, "bootstrap by group"
    except CannotTell as error:
        method = f"none: {error.args[0]}"
    return Bounds(
        estimate=of_tuned.estimate - of_base.estimate,
        low=low,
        high=high,
        low_level=levels.low,
        high_level=levels.high,
        method=method,
        items=tuned.height,
        groups=groups.count,
    )


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
