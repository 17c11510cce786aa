"""f1: precision and recall in one number, of one label or of all rows together."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, of_label
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class F1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The harmonic mean of precision and recall: high only if both are.

    How: 2 * hits / (answers with the label + rows that expect it), of one `label`; where no row
    expects it there is no value. Without a `label`, over all rows together (micro), where it
    differs from accuracy only by unreadable answers. The mean over labels is macro_f1.

    When it misleads: it does not say which of the two errors is made, and it does not count the
    rows that rightly do not get the label.

    Source: van Rijsbergen 1979; equals scikit-learn's `f1_score`, of one label or with
    average="micro" over the known labels.
    """

    label: str = ""  # the label that counts; empty: all of them together

    name: ClassVar[str] = "f1"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "F1"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Three counts a row: hits, answers, rows that count."""
        counts = label_counts(predictions, labels)
        chosen = of_label(counts, self.label) if self.label else counts
        return Additive(np.column_stack([part.sum(axis=1) for part in chosen[:3]]), _f1)


def _f1(parts: Floats) -> Floats:
    hits, answered, expected = parts[..., 0], parts[..., 1], parts[..., 2]
    return np.where(expected > 0, divided(2 * hits, answered + expected), np.nan)
