"""macro_precision: precision of each label, averaged over labels."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, with_rows
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class MacroPrecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Precision of each label, averaged over the labels: a rare one weighs as much as a common one.

    How: precision of a label is its hits over the answers with it, 0 where nobody answers it. As in
    macro F1, a label without test rows is left out of the mean for every model alike.

    When it misleads: the precision of a label that is answered a few times jumps with each answer.
    A label that is never answered counts as 0 although nothing wrong was said with it.

    Source: van Rijsbergen 1979; equals scikit-learn's `precision_score(average="macro",
    labels=those with rows, zero_division=0)`.
    """

    name: ClassVar[str] = "macro_precision"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "macro precision"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = True
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Three counts a label: hits, answers, expected."""
        counts, notes = with_rows(label_counts(predictions, labels))
        parts = np.hstack(counts[:3])
        return Additive(parts, _mean_precision, strata=counts.strata, notes=notes)


def _mean_precision(parts: Floats) -> Floats:
    hits, answered, expected = np.split(parts, 3, axis=-1)
    there = expected > 0
    of_each = np.where(there, np.nan_to_num(divided(hits, answered)), 0.0)
    return divided(of_each.sum(axis=-1), there.sum(axis=-1).astype(np.float64))
