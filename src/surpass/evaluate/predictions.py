"""Frames of predictions: one row for each item, whatever kind of task and model made it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.records.run import Environment


class Asked(NamedTuple):
    """How the answers came about."""

    scoring: str  # "greedy", "linear", or the reading of label scores
    seconds: float
    prompt_tokens: int
    environment: Environment | None  # none: no language model was run


def label_predictions(
    rows: pl.DataFrame, labels: tuple[str, ...], probabilities: NDArray[np.float64]
) -> pl.DataFrame:
    """Predictions of a classifier: the likeliest label of each row, ties to the first.

    Args:
        rows: The examples that were asked.
        labels: The closed label set.
        probabilities: Shape (rows, labels).
    """
    answers = [labels[best] for best in probabilities.argmax(axis=1)]
    return _kept(rows).with_columns(
        pl.Series(columns.ANSWER, answers, dtype=pl.String),
        pl.lit("ok").alias(columns.STATUS),
        pl.Series(columns.PROBABILITIES, probabilities.tolist(), dtype=pl.List(pl.Float64)),
        pl.lit(0).alias(columns.OUT_TOKENS),
    )


def text_predictions(
    rows: pl.DataFrame, texts: Sequence[str], truncated: Sequence[bool], out_tokens: Sequence[int]
) -> pl.DataFrame:
    """Predictions of a writing model; an answer cut at the cap is marked, not dropped."""
    return _kept(rows).with_columns(
        pl.Series(columns.ANSWER, [text.strip() for text in texts], dtype=pl.String),
        pl.Series(columns.STATUS, ["truncated" if cut else "ok" for cut in truncated]),
        pl.lit(None, dtype=pl.List(pl.Float64)).alias(columns.PROBABILITIES),
        pl.Series(columns.OUT_TOKENS, list(out_tokens), dtype=pl.Int64),
    )


def _kept(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of the examples that predictions carry along."""
    attributes = [name for name in rows.columns if name.startswith(columns.ATTRIBUTE)]
    return rows.select(columns.ROW, columns.GROUP, columns.INPUT, columns.TARGET, *attributes)
