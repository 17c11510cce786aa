"""macro_recall: recall of each label, averaged over labels."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, with_rows
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class MacroRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recall of each label, averaged over the labels: a rare one weighs as much as a common one.

    How: recall of a label is its hits over the rows that expect it. A label without test rows is
    left out of the mean. It is also called balanced accuracy.

    When it misleads: it does not count wrong answers against the label they name, so a model may
    answer a rare label far too often at little cost.

    Source: van Rijsbergen 1979; equals scikit-learn's `recall_score(average="macro",
    labels=those with rows)`.
    """

    name: ClassVar[str] = "macro_recall"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "macro recall"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = True
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Two counts a label: hits, expected."""
        counts, notes = with_rows(label_counts(predictions, labels))
        parts = np.hstack([counts.hits, counts.expected])
        return Additive(parts, _mean_recall, strata=counts.strata, notes=notes)


def _mean_recall(parts: Floats) -> Floats:
    hits, expected = np.split(parts, 2, axis=-1)
    of_each = np.nan_to_num(divided(hits, expected))
    return divided(of_each.sum(axis=-1), (expected > 0).sum(axis=-1).astype(np.float64))
