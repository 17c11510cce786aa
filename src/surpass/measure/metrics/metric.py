"""What a metric is, and what all metrics read of a frame of predictions."""

from typing import ClassVar, Protocol

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.statistics import Floats, Statistics


class Metric(Protocol):
    """A way to score answers. Its docstring is its page in the manual.

    Ours are frozen msgspec structs; the fields are the options that a project may set under
    [criteria.metrics.NAME], each with a default. Where the numbers are those of a library, the
    text `library` is its signature, options included.

    A third party offers one under the entry point group `surpass.metrics`; the entry point names
    an object of this shape, or a class that makes one without arguments.
    """

    name: ClassVar[str]  # as written in surpass.toml
    version: ClassVar[int]  # raised when the same answers score differently
    kinds: ClassVar[tuple[str, ...]]  # of task: "classify", "extract", "generate", "code"
    title: ClassVar[str]  # for people: "field F1"
    higher_is_better: ClassVar[bool]
    by_label: ClassVar[bool]  # a mean over labels: then the rows behind each count, see `strata`
    bounded: ClassVar[bool]  # in 0 to 1, with sound bounds; others are reported, never a gate

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """What this metric knows of each row.

        An answer that is unreadable or truncated counts as wrong; no row is dropped.

        Args:
            predictions: One model's answers, columns as in core/columns.py.
            labels: The closed label set; empty where the task has none.

        Raises:
            CannotTell: the frame lacks what the metric needs.
        """
        ...


def signature(metric: Metric) -> str:
    """What was measured, in one line: name, options, version, and the library it agrees with.

    Two scores are comparable only under one signature: "bleu|lowercase:true|v:1|…".
    """
    options = msgspec.structs.asdict(metric) if isinstance(metric, msgspec.Struct) else {}
    written = [f"{name}:{_written(value)}" for name, value in options.items()]
    library = getattr(metric, "library", "")
    return "|".join([metric.name, *written, f"v:{metric.version}", *([library] if library else [])])


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def right_answers(predictions: pl.DataFrame) -> Floats:
    """1 where the answer is the expected text to the letter and was read, else 0."""
    right = (pl.col(columns.ANSWER) == pl.col(columns.TARGET)) & (pl.col(columns.STATUS) == "ok")
    found = predictions.select(right.fill_null(value=False).alias("right"))["right"]
    return found.to_numpy().astype(np.float64)


def readable_answers(predictions: pl.DataFrame) -> list[str]:
    """Answers in row order; what is unreadable or truncated becomes the empty text."""
    read = pl.when(pl.col(columns.STATUS) == "ok").then(pl.col(columns.ANSWER)).fill_null("")
    return predictions.select(read.alias("read"))["read"].to_list()


def accepted_texts(predictions: pl.DataFrame) -> list[list[str]]:
    """The texts that each row's answer is compared with: the expected one, then its references."""
    expected = predictions[columns.TARGET].to_list()
    if columns.REFERENCES not in predictions.columns:
        return [[target] for target in expected]
    others = predictions[columns.REFERENCES].to_list()
    return [
        [target, *(text for text in more or () if text is not None)]
        for target, more in zip(expected, others, strict=True)
    ]


def all_labels(predictions: pl.DataFrame, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The closed set, then expected labels outside it: those cannot be answered right."""
    seen = predictions[columns.TARGET].unique().drop_nulls().to_list()
    return (*labels, *sorted(set(seen) - set(labels)))
