"""How differently a model treats groups of people: gaps between slices.

The definitions are those of fairlearn 0.13 (its user guide, "Common fairness metrics"). A slice
with fewer than MIN_GROUPS groups of rows is not judged.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.core.records.fairness import GroupGap, Odds, SliceRate
from surpass.measure.bootstrap import MIN_GROUPS
from surpass.measure.metrics.metric import Metric
from surpass.measure.statistics import Additive, Floats, Statistics, share_of

DRAWS = 2_000
LEVEL = 0.025
"""On each side: intervals are two-sided, 95 %."""
_AT_ONCE = 100  # draws held in memory


def demographic_parity(
    predictions: pl.DataFrame, by: str, positive: str, *, draws: int = DRAWS, seed: int = 0
) -> GroupGap:
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
) -> GroupGap:
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
) -> GroupGap:
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
) -> GroupGap:
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
    drawn = _drawn(statistics, group, {at: member == at for at in judged}, draws, seed)
    bounds = {at: _interval(one) for at, one in zip(judged, drawn, strict=True)}
    rates = tuple(
        SliceRate(
            slice=name,
            rate=judged.get(at),
            low=bounds[at][0] if at in bounds else None,
            high=bounds[at][1] if at in bounds else None,
            groups=behind[at],
        )
        for at, name in enumerate(names)
    )
    return _gap(rates, dict(zip((names[at] for at in judged), drawn, strict=True)))


def _drawn(
    statistics: Statistics,
    group: NDArray[np.int64],  # of each row, shape (rows,)
    inside: dict[int, NDArray[np.bool_]],  # the rows of each slice that is judged
    draws: int,
    seed: int,
) -> Floats:
    """Values of each slice when whole groups are resampled, shape (slices, draws)."""
    found = []
    rng = np.random.default_rng(seed)
    for start in range(0, draws, _AT_ONCE):
        weights = rng.standard_exponential((min(_AT_ONCE, draws - start), group.max() + 1))
        rows = weights[:, group]
        found.append(np.array([_under(statistics, rows, mask) for mask in inside.values()]))
    return np.concatenate(found, axis=1)


def _under(statistics: Statistics, weights: Floats, inside: NDArray[np.bool_]) -> Floats:
    """A metric on one slice under weights of rows, shape (draws, rows), as values (draws,)."""
    if isinstance(statistics, Additive):
        return statistics.combine(weights[:, inside] @ statistics.items[inside])
    return statistics.under(weights * inside)


def _gap(rates: tuple[SliceRate, ...], drawn: dict[str, Floats]) -> GroupGap:
    """The gap of the judged slices; each has its values under the draws, shape (draws,).

    A largest less a smallest is never negative, so its resampled values alone would exclude 0
    even where all slices are alike. Where it is not sure which of the two is higher, there may be
    no gap at all: then the interval reaches 0, and that of the ratio 1.
    """
    known = {one.slice: one.rate for one in rates if one.rate is not None}
    least, most = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    every = np.array(list(drawn.values()))
    lows, highs = every.min(axis=0), every.max(axis=0)
    difference = _interval(highs - lows)
    ratio = _interval(lows[highs > 0] / highs[highs > 0]) if known[most] > 0 else None
    sure = _interval(drawn[most] - drawn[least])[0] > 0
    return GroupGap(
        rates=rates,
        lowest=least,
        highest=most,
        difference=known[most] - known[least],
        ratio=known[least] / known[most] if known[most] > 0 else None,
        low=difference[0] if sure else 0.0,
        high=difference[1],
        ratio_low=None if ratio is None else ratio[0],
        ratio_high=None if ratio is None else ratio[1] if sure else 1.0,
    )


def _interval(drawn: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(drawn, [LEVEL, 1 - LEVEL])
    return float(low), float(high)


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
