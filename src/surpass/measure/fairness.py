"""How differently a model treats groups of people: gaps between slices.

The definitions are those of fairlearn 0.13 (its user guide, "Common fairness metrics"). A slice
with fewer than MIN_GROUPS groups of rows is not judged.
"""

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import MIN_GROUPS, Interval
from surpass.measure.metrics.metric import Metric
from surpass.measure.statistics import Additive, Floats, Statistics, share_of

DRAWS = 2_000
LEVEL = 0.025
"""On each side: intervals are two-sided, 95 %."""
_AT_ONCE = 100  # draws held in memory


class SliceRate(msgspec.Struct, frozen=True, kw_only=True):
    """A share or score of one slice; none where too few groups of rows stand behind it."""

    slice: str
    rate: float | None
    groups: int  # with a row that counts


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """How far the slices lie apart.

    The largest of several noisy rates is too large and the smallest too small, so the difference
    of small slices overstates; `low` takes no account of that.
    """

    rates: tuple[SliceRate, ...]
    lowest: str  # the slice with the lowest rate
    highest: str
    difference: float  # of the highest and the lowest rate
    ratio: float | None  # of the lowest to the highest rate; none where all are 0
    low: float  # of the difference, by resampling whole groups
    high: float

    @property
    def unclear(self) -> tuple[str, ...]:
        """Slices of which nothing can be told."""
        return tuple(one.slice for one in self.rates if one.rate is None)


class Odds(msgspec.Struct, frozen=True, kw_only=True):
    """Equalised odds: whether right and wrong selections are as frequent in each slice."""

    true_positives: Gap  # selected among the rows that should be
    false_positives: Gap  # selected among the rows that should not

    @property
    def difference(self) -> float:
        """The larger of both differences, as fairlearn's equalized_odds_difference."""
        return max(self.true_positives.difference, self.false_positives.difference)

    @property
    def ratio(self) -> float | None:
        """The smaller of both ratios; none where one is undefined."""
        both = self.true_positives.ratio, self.false_positives.ratio
        found = [one for one in both if one is not None]
        return min(found) if len(found) == len(both) else None


def demographic_parity(
    predictions: pl.DataFrame, by: str, positive: str, *, draws: int = DRAWS, seed: int = 0
) -> Gap:
    """Gap between slices in how often the positive answer is given.

    Args:
        predictions: One model's answers.
        by: The user's column whose values are the slices; rows without a value are left out.
        positive: The answer that selects a person.
        draws: Resamples.
        seed: Same seed, same bounds.

    Raises:
        CannotTell: no such column, or fewer than two slices with enough groups.
    """
    selected = _selected(predictions, positive)
    return rate_gap(predictions, by, selected, np.ones(selected.size), draws=draws, seed=seed)


def equalised_odds(
    predictions: pl.DataFrame, by: str, positive: str, *, draws: int = DRAWS, seed: int = 0
) -> Odds:
    """Gaps between slices in true and in false positives; arguments as of demographic_parity.

    Source: Hardt, Price and Srebro 2016 (arXiv:1610.02413).
    """
    selected = _selected(predictions, positive)
    should = (predictions[columns.TARGET] == positive).fill_null(value=False).to_numpy()
    right, wrong = (
        rate_gap(predictions, by, selected, among.astype(np.float64), draws=draws, seed=seed)
        for among in (should, ~should)
    )
    return Odds(true_positives=right, false_positives=wrong)


def rate_gap(
    predictions: pl.DataFrame,
    by: str,
    scores: Floats,
    among: Floats,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Gap:
    """Gap between slices in the mean of any score a row: accuracy, error rate, score of a row.

    Args:
        predictions: One model's answers.
        by: The user's column whose values are the slices.
        scores: One number a row, shape (rows,).
        among: 1 for each row that counts, 0 for the others, shape (rows,).
        draws: Resamples.
        seed: Same seed, same bounds.

    Raises:
        CannotTell: no such column, or fewer than two slices with enough groups.
    """
    parts = np.column_stack([scores * among, among])
    return _gap_between(Additive(parts, share_of), predictions, by, among > 0, draws, seed)


def score_gap(
    metric: Metric,
    predictions: pl.DataFrame,
    labels: tuple[str, ...],
    by: str,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Gap:
    """Gap between slices in any metric: worst slice, difference and ratio.

    Raises:
        CannotTell: no such column, or fewer than two slices with enough groups.
    """
    statistics = metric.statistics(predictions, labels)
    counts = np.ones(predictions.height, dtype=np.bool_)
    return _gap_between(statistics, predictions, by, counts, draws, seed)


def _gap_between(
    statistics: Statistics,
    predictions: pl.DataFrame,
    by: str,
    counts: NDArray[np.bool_],  # which rows count, shape (rows,)
    draws: int,
    seed: int,
) -> Gap:
    names, member = _slices(predictions, by)
    group = np.unique(predictions[columns.GROUP].to_numpy(), return_inverse=True)[1]
    behind = [np.unique(group[counts & (member == at)]).size for at in range(len(names))]
    usual = {
        at: float(_under(statistics, np.ones((1, group.size)), member == at)[0])
        for at in range(len(names))
        if behind[at] >= MIN_GROUPS
    }
    judged = {at: value for at, value in usual.items() if np.isfinite(value)}
    if len(judged) < 2:
        raise CannotTell(
            f"{len(judged)} of {len(names)} slices by {by!r} have the {MIN_GROUPS} groups of rows "
            "that a gap needs.",
            fix="Collect rows for the small ones, or judge by a coarser column.",
        )
    rates = tuple(
        SliceRate(slice=name, rate=judged.get(at), groups=behind[at])
        for at, name in enumerate(names)
    )
    spread = []
    rng = np.random.default_rng(seed)
    for start in range(0, draws, _AT_ONCE):
        weights = rng.standard_exponential((min(_AT_ONCE, draws - start), group.max() + 1))
        drawn = np.array([_under(statistics, weights[:, group], member == at) for at in judged])
        spread.append(drawn.max(axis=0) - drawn.min(axis=0))
    low, high = np.nanquantile(np.concatenate(spread), [LEVEL, 1 - LEVEL])
    return _gap(rates, Interval(float(low), float(high)))


def _under(statistics: Statistics, weights: Floats, inside: NDArray[np.bool_]) -> Floats:
    """A metric on one slice under weights of rows, shape (draws, rows), as values (draws,)."""
    if isinstance(statistics, Additive):
        return statistics.combine(weights[:, inside] @ statistics.items[inside])
    return statistics.under(weights * inside)


def _gap(rates: tuple[SliceRate, ...], interval: Interval) -> Gap:
    known = {one.slice: one.rate for one in rates if one.rate is not None}
    least, most = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    return Gap(
        rates=rates,
        lowest=least,
        highest=most,
        difference=known[most] - known[least],
        ratio=known[least] / known[most] if known[most] > 0 else None,
        low=interval.low,
        high=interval.high,
    )


def _selected(predictions: pl.DataFrame, positive: str) -> Floats:
    chosen = (pl.col(columns.ANSWER) == positive) & (pl.col(columns.STATUS) == "ok")
    found = predictions.select(chosen.fill_null(value=False).alias("chosen"))["chosen"]
    return found.to_numpy().astype(np.float64)


def user_column(predictions: pl.DataFrame, name: str) -> pl.Series:
    """Values of a column of the user's files.

    Raises:
        CannotTell: the answers do not carry it.
    """
    column = columns.attribute(name)
    if column not in predictions.columns:
        raise CannotTell(
            f"The answers carry no column {name!r}.", fix="Keep it in the files of rows."
        )
    return predictions[column]


def _slices(predictions: pl.DataFrame, by: str) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the slices in order, and the place of each row's slice; -1 without one."""
    values = user_column(predictions, by)
    names = sorted(values.drop_nulls().unique())
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place.get(value, -1) for value in values], dtype=np.int64)
