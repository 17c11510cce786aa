"""Frames of predictions: one row for each item, whatever kind of task and model made it."""

import json
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


def with_prompts(predictions: pl.DataFrame, in_tokens: Sequence[int]) -> pl.DataFrame:
    """The predictions with the tokens of each prompt, and seconds that nobody knows.

    Rows are answered in batches, so the wall time of one row would not be its latency.
    """
    return predictions.with_columns(
        pl.Series(columns.IN_TOKENS, list(in_tokens), dtype=pl.Int64),
        pl.lit(None, dtype=pl.Float64).alias(columns.SECONDS),
    )


def given_predictions(
    rows: pl.DataFrame, given: pl.DataFrame, kind: str, labels: tuple[str, ...]
) -> pl.DataFrame:
    """Predictions of a model that was asked elsewhere.

    A missing answer, a label outside the closed set and a record that is no JSON object are
    unreadable: they count as wrong.

    Args:
        rows: The examples.
        given: ANSWER of each row in the same order, null where there is none, and any measured
            columns (seconds, tokens, cost).
        kind: Of the task.
        labels: The closed label set; empty where the task has none.
    """
    answers = [text if text is None else text.strip() for text in given[columns.ANSWER]]
    statuses = ["ok" if _readable(text, kind, labels) else "unreadable" for text in answers]
    measured = [given[name] for name in given.columns if name != columns.ANSWER]
    if columns.OUT_TOKENS not in given.columns:
        measured.append(pl.Series(columns.OUT_TOKENS, [None] * rows.height, dtype=pl.Int64))
    return _kept(rows).with_columns(
        pl.Series(columns.ANSWER, [text or "" for text in answers], dtype=pl.String),
        pl.Series(columns.STATUS, statuses),
        pl.lit(None, dtype=pl.List(pl.Float64)).alias(columns.PROBABILITIES),
        *measured,
    )


def _readable(text: str | None, kind: str, labels: tuple[str, ...]) -> bool:
    if text is None:
        return False
    if kind == "classify":
        return text in labels
    if kind != "extract":
        return True
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _kept(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of the examples that predictions carry along."""
    more = [
        name
        for name in rows.columns
        if name.startswith(columns.ATTRIBUTE) or name == columns.REFERENCES
    ]
    return rows.select(columns.ROW, columns.GROUP, columns.INPUT, columns.TARGET, *more)
