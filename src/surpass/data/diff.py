"""What changed between two versions of the examples, row by row."""

import polars as pl

from surpass.core.columns import ATTRIBUTE, INPUT, ROW, TARGET
from surpass.text.canonical import canonical

CHANGES = (
    "added",
    "removed",
    "input changed",
    "answer changed",
    "metadata only",
)

CHANGE = "change"
BEFORE, AFTER = "before", "after"
_KEY, _NTH = "key", "nth"


def row_diff(before: pl.DataFrame, after: pl.DataFrame, *, by_input: bool) -> pl.DataFrame:
    """Every row that is not the same in both, in the order of the later version.

    A row whose input changed counts as that, whatever else changed in it.

    Args:
        before: Examples.
        after: Examples.
        by_input: Which rows are the same row: those with the same canonical input, the n-th of
            several with the n-th; else those with the same name. Names that are file and line
            move when a line is inserted, so they tell nothing between two files.

    Returns:
        ROW (its later name; the earlier one of a removed row), CHANGE (one of CHANGES), INPUT (the
        later text), BEFORE and AFTER (the answers; null on the side where the row is missing).
    """
    first, second = _with_metadata(before), _with_metadata(after)
    joined = _keyed(first, second, by_input=by_input).join(
        _keyed(second, first, by_input=by_input).with_row_index("place"),
        on=[_KEY, _NTH],
        how="full",
        coalesce=True,
        suffix="_after",
    )
    was, is_there = pl.col(ROW).is_not_null(), pl.col(f"{ROW}_after").is_not_null()
    return (
        joined.with_columns(
            pl.when(~was)
            .then(pl.lit("added"))
            .when(~is_there)
            .then(pl.lit("removed"))
            .when(pl.col(INPUT) != pl.col(f"{INPUT}_after"))
            .then(pl.lit("input changed"))
            .when(pl.col(TARGET) != pl.col(f"{TARGET}_after"))
            .then(pl.lit("answer changed"))
            .when(pl.col("metadata") != pl.col("metadata_after"))
            .then(pl.lit("metadata only"))
            .alias(CHANGE)
        )
        .filter(pl.col(CHANGE).is_not_null())
        .sort("place", ROW, nulls_last=True)
        .select(
            pl.coalesce(f"{ROW}_after", ROW).alias(ROW),
            CHANGE,
            pl.coalesce(f"{INPUT}_after", INPUT).alias(INPUT),
            pl.col(TARGET).alias(BEFORE),
            pl.col(f"{TARGET}_after").alias(AFTER),
        )
    )


def transitions(changed: pl.DataFrame) -> pl.DataFrame:
    """How often each answer became which other: BEFORE, AFTER, rows; the commonest first."""
    moved = changed.filter(pl.col(CHANGE) == "answer changed")
    counts = moved.group_by(BEFORE, AFTER).agg(pl.len().alias("rows"))
    return counts.sort("rows", BEFORE, AFTER, descending=[True, False, False])


def _with_metadata(examples: pl.DataFrame) -> pl.DataFrame:
    """ROW, INPUT, TARGET, and all attributes as one number."""
    attributes = sorted(name for name in examples.columns if name.startswith(ATTRIBUTE))
    named = [pl.concat_str(pl.lit(f"{name}\0"), pl.col(name)) for name in attributes]
    metadata = pl.concat_list(named).list.drop_nulls().list.join("\1") if named else pl.lit("")
    return examples.select(ROW, INPUT, TARGET, metadata.hash(seed=0).alias("metadata"))


def _keyed(frame: pl.DataFrame, other: pl.DataFrame, *, by_input: bool) -> pl.DataFrame:
    """The frame with KEY, a hash of 64 bits, and NTH.

    Canonical forms are worked out only of texts that the other frame lacks.
    """
    if not by_input:
        return frame.with_columns(pl.col(ROW).hash(seed=0).alias(_KEY), pl.lit(0).alias(_NTH))
    lone = frame.filter(~pl.col(INPUT).is_in(other[INPUT].unique().implode()))[INPUT].unique()
    forms = dict(zip(lone, canonical(lone), strict=True))
    form = pl.col(INPUT).replace(forms) if forms else pl.col(INPUT)
    keyed = frame.with_columns(form.hash(seed=0).alias(_KEY))
    return keyed.with_columns(pl.int_range(pl.len()).over(_KEY).alias(_NTH))
