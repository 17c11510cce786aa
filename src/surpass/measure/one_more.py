"""One group more: what a test would hold if one further group had gone against the claim.

Bounds that only look at what was seen are too sure when nothing went wrong yet: 25 rows without an
error do not prove that there are none. So each resample may also meet one group that was not seen,
as large and as mixed as the others, on which a model is all wrong (for a lower bound) or all right.
For a share over single rows this is exactly the Clopper-Pearson bound.
"""

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import Metric
from surpass.measure.statistics import Additive, Floats, Integers, Statistics, Weighted, value_of


class Extended(msgspec.Struct, frozen=True, eq=False):
    """One model's statistics on the rows that were seen, and on the group that was not."""

    statistics: Statistics  # seen rows, then the unseen group's answered right, then wrong
    estimate: float  # on the seen rows
    seen: int
    share: Floats  # weight of each row of the unseen group, shape (unseen rows,)

    def rows(self, which: str) -> tuple[Integers, Floats]:
        """Places of the unseen group's rows, "right" or "wrong", and their weights."""
        start = self.seen + (0 if which == "right" else self.share.size)
        return np.arange(start, start + self.share.size), self.share


class Grouped(msgspec.Struct, frozen=True, eq=False):
    """Which group each row is in."""

    member: Integers  # shape (rows,), 0 to count - 1
    count: int

    @property
    def usual_size(self) -> float:
        """Size of the group that a row is in, on average over rows: large groups count for more."""
        sizes = np.bincount(self.member)
        return float((sizes**2).sum() / sizes.sum())


def grouped(predictions: pl.DataFrame) -> Grouped:
    """The groups of a frame, in the order of their names."""
    names, member = np.unique(predictions[columns.GROUP].to_numpy(), return_inverse=True)
    return Grouped(member, names.size)


def extended(
    metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...], groups: Grouped
) -> Extended:
    """Statistics with one group more.

    Raises:
        CannotTell: the metric is undefined on these rows.
    """
    unseen = predictions.group_by(columns.TARGET).agg(pl.len().alias("rows")).sort(columns.TARGET)
    targets = unseen[columns.TARGET].to_list()
    share = unseen["rows"].to_numpy() * (groups.usual_size / predictions.height)
    stacked = pl.concat(
        [
            _answers_of(predictions),
            _answered(targets, targets, labels),
            _answered(targets, _wrong(targets, labels), labels),
        ]
    )
    statistics = metric.statistics(stacked, labels)
    return Extended(statistics, _estimate(metric, statistics, predictions.height), predictions.height, share)
