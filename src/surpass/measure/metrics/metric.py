"""What a metric is, and what all metrics read of a frame of predictions."""

from typing import Protocol

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.statistics import Floats, Statistics


class Metric(Protocol):
    """A way to score answers. Its docstring is its page in the manual.

    A third party offers one under the entry point group `surpass.metrics`; the entry point names
    an object of this shape, or a class that makes one without arguments.
    """

    name: str  # as written in surpass.toml
    version: int  # raised when the same answers score differently
    kinds: tuple[str, ...]  # kinds of task it fits: "classify", "extract", "generate"
    title: str  # for people: "field F1"
    higher_is_better: bool
    by_label: bool  # a mean over labels: then the rows behind each label count, see `strata`

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """What this metric knows of each row; values lie in 0 to 1.

        An answer that is unreadable or truncated counts as wrong; no row is dropped.

        Args:
            predictions: One model's answers, columns as in core/columns.py.
            labels: The closed label set; empty where the task has none.

        Raises:
            CannotTell: the frame lacks what the metric needs.
        """
        ...


def right_answers(predictions: pl.DataFrame) -> Floats:
    """1 where the answer is the expected text to the letter and was read, else 0."""
    right = (pl.col(columns.ANSWER) == pl.col(columns.TARGET)) & (pl.col(columns.STATUS) == "ok")
    found = predictions.select(right.fill_null(value=False).alias("right"))["right"]
    return found.to_numpy().astype(np.float64)


def readable_answers(predictions: pl.DataFrame) -> list[str]:
    """Answers in row order; what is unreadable or truncated becomes the empty text."""
    read = pl.when(pl.col(columns.STATUS) == "ok").then(pl.col(columns.ANSWER)).fill_null("")
    return predictions.select(read.alias("read"))["read"].to_list()


def all_labels(predictions: pl.DataFrame, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The closed set, then expected labels outside it: those cannot be answered right."""
    seen = predictions[columns.TARGET].unique().drop_nulls().to_list()
    return (*labels, *sorted(set(seen) - set(labels)))
