"""Frames of predictions, made by hand."""

import polars as pl

from surpass.core import columns

_TEXT = (columns.ROW, columns.GROUP, columns.TARGET, columns.ANSWER, columns.STATUS)


def answers(
    expected: list[str],
    answered: list[str],
    *,
    groups: list[str] | None = None,
    status: list[str] | None = None,
    probabilities: list[list[float] | None] | None = None,
) -> pl.DataFrame:
    """Predictions of one model; every row its own group and every answer read, unless said."""
    rows = [f"r{i:05}" for i in range(len(expected))]
    return pl.DataFrame(
        {
            columns.ROW: rows,
            columns.GROUP: groups or rows,
            columns.TARGET: expected,
            columns.ANSWER: answered,
            columns.STATUS: status or ["ok"] * len(rows),
            columns.PROBABILITIES: pl.Series(
                probabilities or [None] * len(rows), dtype=pl.List(pl.Float64)
            ),
        },
        schema_overrides=dict.fromkeys(_TEXT, pl.String),
    )
