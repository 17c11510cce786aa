"""Which rows people can compare: two models' answers side by side, drawn by stratum."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput

FIRST, SECOND = "first", "second"
STRATUM = "stratum"


class Candidates(NamedTuple):
    """Rows with two different answers: ROW, INPUT, TARGET (or null), first, second, stratum."""

    frame: pl.DataFrame
    eligible: int  # rows that both models answered
    alike: int  # of those, left out because the answers are equal


def candidates(first: pl.DataFrame, second: pl.DataFrame, strata: Sequence[str]) -> Candidates:
    """Join two frames of predictions by row.

    Args:
        first: Predictions with ROW, INPUT, ANSWER, TARGET if known, and attributes.
        second: Another model's, of the same rows; rows of one frame only are left out.
        strata: Names of the user's columns whose values make the strata; unknown names are none.

    Raises:
        BadInput: the frames have no row in common, or the models never differ.
    """
    answers = second.select(columns.ROW, pl.col(columns.ANSWER).alias(SECOND))
    target = columns.TARGET if columns.TARGET in first.columns else None
    joined = first.join(answers, on=columns.ROW, how="inner", maintain_order="left").select(
        columns.ROW,
        columns.INPUT,
        (pl.col(target) if target else pl.lit(None, pl.String)).alias(columns.TARGET),
        pl.col(columns.ANSWER).alias(FIRST),
        SECOND,
        _stratum(first, strata).alias(STRATUM),
    )
    if joined.is_empty():
        raise BadInput(
            "The two models have no row in common.", fix="Let both answer the same rows."
        )
    different = joined.filter(pl.col(FIRST).str.strip_chars() != pl.col(SECOND).str.strip_chars())
    if different.is_empty():
        raise BadInput(
            f"Both models gave the same answer to all {joined.height} rows.",
            fix="There is nothing to compare; choose two other models.",
        )
    return Candidates(different, joined.height, joined.height - different.height)


def drawn(frame: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """At most `count` rows at random, each stratum with its share of them, in random order.

    The shares are rounded by largest remainder, ties by lot, so that no stratum is off by one row
    or more.
    """
    rng = np.random.default_rng(seed)
    count = min(count, frame.height)
    parts = frame.sort(columns.ROW).partition_by(STRATUM, maintain_order=True)
    exact = np.array([part.height for part in parts]) * count / frame.height
    quota = np.floor(exact).astype(int)
    by_remainder = np.lexsort((rng.random(exact.size), -(exact - quota)))
    quota[by_remainder[: count - quota.sum()]] += 1
    picked = [
        part[rng.permutation(part.height)[:size].tolist()]
        for part, size in zip(parts, quota, strict=True)
    ]
    together: pl.DataFrame = pl.concat(picked)
    shuffled: pl.DataFrame = together[rng.permutation(together.height).tolist()]
    return shuffled


def _stratum(frame: pl.DataFrame, strata: Sequence[str]) -> pl.Expr:
    known = [columns.attribute(name) for name in strata]
    used = [pl.col(name).fill_null("none") for name in known if name in frame.columns]
    return pl.concat_str(used, separator=" · ") if used else pl.lit("")
