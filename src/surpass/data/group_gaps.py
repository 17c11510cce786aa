"""How often each answer is given in each group of rows, compared with the rest."""

from collections.abc import Iterator

import msgspec
import numpy as np
import polars as pl
from scipy import stats

from surpass.core.columns import GROUP, TARGET, attribute
from surpass.measure.rate_gaps import RateGap, stratified_gap

_FEWEST = 5  # rows with and without the label, within the group and beside it


class GroupGap(msgspec.Struct, frozen=True, kw_only=True):
    """One answer in one group."""

    column: str
    value: str
    label: str
    rate: float  # of the group's rows
    rest: float  # of the other rows with a value
    plain: RateGap
    held: RateGap  # with the declared factors held fixed; the plain one without factors
    q: float  # p of the held gap, corrected for all groups and labels (Benjamini-Hochberg)


def group_gaps(
    examples: pl.DataFrame, columns: tuple[str, ...], factors: tuple[str, ...], fewest: int
) -> list[GroupGap]:
    """Every gap that can be judged, the largest held one first.

    Args:
        examples: The rows.
        columns: The user's columns whose values are groups; rows without a value are left out.
        factors: The user's columns that may well change the answer.
        fewest: Rows a group needs.

    Source: Benjamini and Hochberg 1995, over all groups and labels at once.
    """
    found = [gap for name in columns for gap in _of_column(examples, name, factors, fewest)]
    if not found:
        return []
    corrected = stats.false_discovery_control([gap.held.p for gap in found], method="bh")
    judged = [
        msgspec.structs.replace(gap, q=float(q)) for gap, q in zip(found, corrected, strict=True)
    ]
    return sorted(judged, key=lambda one: (-abs(one.held.gap), one.column, one.value, one.label))


def _of_column(
    examples: pl.DataFrame, name: str, factors: tuple[str, ...], fewest: int
) -> Iterator[GroupGap]:
    column = attribute(name)
    if column not in examples.columns:
        return
    rows = examples.filter(pl.col(column).is_not_null() & (pl.col(TARGET) != ""))
    there = [attribute(f) for f in factors if f != name and attribute(f) in rows.columns]
    strata = _numbers(rows.select(there)) if there else np.zeros(rows.height, dtype=np.int64)
    clusters, nothing = _numbers(rows.select(GROUP)), np.zeros(rows.height, dtype=np.int64)
    for value in sorted(rows[column].unique()):
        inside = (rows[column] == value).to_numpy()
        if not fewest <= inside.sum() <= rows.height - fewest:
            continue
        for label in sorted(rows[TARGET].unique()):
            says = (rows[TARGET] == label).to_numpy()
            if min(_expected(says, inside)) < _FEWEST:
                continue
            plain = stratified_gap(says, inside, nothing, clusters)
            held = stratified_gap(says, inside, strata, clusters) if there else plain
            if plain is None or held is None:
                continue
            yield GroupGap(
                column=name, value=value, label=label, rate=float(says[inside].mean()),
                rest=float(says[~inside].mean()), plain=plain, held=held, q=1.0,
            )  # fmt: skip


def _expected(says: np.ndarray, inside: np.ndarray) -> Iterator[float]:
    """Rows of the four cells, were the label as common in the group as beside it."""
    for label in (says.mean(), 1 - says.mean()):
        for group in (inside.sum(), (~inside).sum()):
            yield float(label * group)


def _numbers(rows: pl.DataFrame) -> np.ndarray:
    """The number of each row's combination of values."""
    joined = rows.select(pl.struct(pl.all().fill_null("")).rank("dense").alias("number"))
    return joined["number"].to_numpy().astype(np.int64) - 1
