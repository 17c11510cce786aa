"""One group more: what a test would hold if one further group had gone against the claim.

Bounds that only look at what was seen are too sure when nothing went wrong yet: 25 rows without an
error do not prove that there are none. So each resample also meets one group that was not seen, as
large and as mixed as the others, on which a model is all wrong (for a lower bound) or all right.
For a share over single rows this is exactly the Clopper-Pearson bound.
"""

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.metrics.metric import Metric
from surpass.measure.statistics import Additive, Floats, Integers, Statistics, share_of


class Grouped(msgspec.Struct, frozen=True, eq=False):
    """Which group each row is in."""

    member: Integers  # shape (rows,), 0 to count - 1
    count: int


class Extended(msgspec.Struct, frozen=True, eq=False):
    """One model's statistics on the rows that were seen, then on the group that was not.

    The unseen group has one row for each distinct target, answered right, then all of them again,
    answered wrong.
    """

    statistics: Statistics
    estimate: float  # on the seen rows
    seen: int
    share: Floats  # weight of each row of the unseen group, shape (distinct targets,)

    def weighted(self, weights: Floats, unseen: Floats, answered: str) -> Floats:
        """Weights of all rows, shape (draws, rows): the unseen group answered "right" or "wrong".

        Args:
            weights: Weights of the seen rows, shape (draws, seen).
            unseen: Weight of the unseen group, shape (draws, 1); 0 leaves it out.
            answered: Which half of the unseen rows counts.
        """
        counts, nothing = unseen * self.share, np.zeros((len(unseen), self.share.size))
        halves = [counts, nothing] if answered == "right" else [nothing, counts]
        return np.hstack([weights, *halves])

    def unseen_parts(self, statistics: Additive, answered: str) -> Floats:
        """Summed parts of the unseen group, shape (parts,), for an additive metric.

        A share that does not hang on the answer alone (latency, refusals) is 1 on the group that
        counts as right and 0 on the other. Where a share is taken among some rows only, all rows
        of the unseen group are among them: nine rows in ten that do not count are no evidence.
        """
        right, wrong = (self.share @ half for half in np.split(statistics.items[self.seen :], 2))
        chosen = right if answered == "right" else wrong
        if statistics.combine is not share_of:
            return np.asarray(chosen)
        counts = np.abs(statistics.items[: self.seen, 1])
        usual = self.share.sum() * float(counts[counts > 0].mean()) if counts.any() else 0.0
        by_answer = right[0] == right[1] and wrong[0] == 0
        if by_answer and right[1] >= usual * (1 - 1e-9):
            return np.asarray(chosen)
        counted = max(right[1], wrong[1], usual)
        return np.array([counted if answered == "right" else 0.0, counted])


def grouped(predictions: pl.DataFrame) -> Grouped:
    """The groups of a frame, in the order of their names."""
    names, member = np.unique(predictions[columns.GROUP].to_numpy(), return_inverse=True)
    return Grouped(member.astype(np.int64), names.size)


def extended(
    metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...], groups: Grouped
) -> Extended:
    """Statistics of one model with one group more.

    Raises:
        CannotTell: no rows, or the metric is undefined on them.
    """
    seen = predictions.height
    if seen == 0:
        raise CannotTell(f"{metric.title} has no rows to be computed on.")
    first = predictions.group_by(columns.TARGET, maintain_order=True).agg(
        pl.all().first(), pl.len().alias("_rows")
    )
    share = first["_rows"].to_numpy() * (_usual_size(groups) / seen)
    first = first.drop("_rows").select(predictions.columns)
    stacked = pl.concat([predictions, _all_right(first, labels), _all_wrong(first, labels)])
    statistics = metric.statistics(stacked, labels)
    made = Extended(statistics, np.nan, seen, share)
    estimate = _estimate(made)
    if np.isnan(estimate):
        raise CannotTell(f"{metric.title} is undefined on these {seen} rows.")
    return Extended(statistics, estimate, seen, share)


def _estimate(model: Extended) -> float:
    if isinstance(model.statistics, Additive):
        parts = model.statistics.items[: model.seen].sum(axis=0)
        return float(model.statistics.combine(parts))
    weights = model.weighted(np.ones((1, model.seen)), np.zeros((1, 1)), "right")
    return float(model.statistics.under(weights)[0])


def _usual_size(groups: Grouped) -> float:
    """Size of the group that a row is in, on average over rows: large groups weigh more."""
    sizes = np.bincount(groups.member)
    return float((sizes**2).sum() / sizes.sum())


def _all_right(first: pl.DataFrame, labels: tuple[str, ...]) -> pl.DataFrame:
    """The rows with the expected answer, and all probability on it if there are probabilities."""
    changed = [pl.col(columns.TARGET).alias(columns.ANSWER), pl.lit("ok").alias(columns.STATUS)]
    given = first.get_column(columns.PROBABILITIES, default=None)
    if given is not None and given.null_count() < len(given):
        sure = [[float(label == target) for label in labels] for target in first[columns.TARGET]]
        probabilities = pl.Series(columns.PROBABILITIES, sure, dtype=given.dtype)
        return first.with_columns(*changed, probabilities)
    return first.with_columns(*changed)


def _all_wrong(first: pl.DataFrame, labels: tuple[str, ...]) -> pl.DataFrame:
    """The rows with another row's label, or with nothing that can be read."""
    targets = first[columns.TARGET].to_list()
    answers = pl.Series(columns.ANSWER, [""] * len(targets))
    status = "unreadable"
    if labels and len(targets) > 1:
        others = sorted(targets)
        following = dict(zip(others, [*others[1:], others[0]], strict=True))
        answers = pl.Series(columns.ANSWER, [following[target] for target in targets])
        status = "ok"
    wrong = first.with_columns(answers, pl.lit(status).alias(columns.STATUS))
    if columns.PROBABILITIES not in first.columns:
        return wrong
    nothing = pl.lit(None, dtype=first.schema[columns.PROBABILITIES])
    return wrong.with_columns(nothing.alias(columns.PROBABILITIES))
