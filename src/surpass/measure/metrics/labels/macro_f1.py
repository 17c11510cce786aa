"""macro_f1: F1 of each label, averaged over labels."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, with_rows
from surpass.measure.statistics import Additive, Floats, Statistics, divided

ABSENT_CLASSES = (
    "A label without test rows is left out of the mean, for every model alike; an answer that "
    "names it is wrong and counts against the label that was expected."
)


class MacroF1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """F1 of each label, averaged over the labels: a rare label weighs as much as a common one.

    How: F1 of a label is 2 * hits / (answers with it + rows that expect it). A label without test
    rows is left out of the mean for every model alike, whatever was answered, so that two models
    are always averaged over the same labels. An unreadable answer names no label: it costs the
    label that was expected. Expected labels outside the closed set count with F1 0.

    When it misleads: when rare labels have a handful of rows, their F1 jumps with each answer and
    takes the mean along; the bounds widen then. It says nothing about which labels are confused.

    Source: van Rijsbergen 1979 for F1; equals scikit-learn's `f1_score(average="macro",
    labels=those with rows, zero_division=0)`.
    """

    name: ClassVar[str] = "macro_f1"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "macro F1"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = True
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Three counts a label: hits, answers, expected."""
        counts, notes = with_rows(label_counts(predictions, labels))
        return Additive(np.hstack(counts[:3]), _mean_f1, strata=counts.strata, notes=notes)


def _mean_f1(parts: Floats) -> Floats:
    """Hits, answers and expected, in that order with one column a label, to macro F1."""
    hits, answered, expected = np.split(parts, 3, axis=-1)
    there = expected > 0
    of_each = np.where(there, divided(2 * hits, answered + expected), 0.0)
    return divided(of_each.sum(axis=-1), there.sum(axis=-1).astype(np.float64))
