"""precision: how many of the answers with a label are right."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, of_label
from surpass.measure.statistics import Additive, Statistics, share_of


class Precision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the answers that name a label are right.

    How: of one `label`, its hits over the answers with it; where nobody answers it, there is no
    value. Without a `label`, over all rows together (micro): an unreadable answer names no label,
    so it does not count here, unlike in accuracy.

    When it misleads: a model that names a label once, when it is certain, has full precision; look
    at recall beside it.

    Source: van Rijsbergen 1979; equals scikit-learn's `precision_score`, of one label or with
    average="micro" over the known labels.
    """

    label: str = ""  # the label that counts; empty: all of them together

    name: ClassVar[str] = "precision"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "precision"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Two counts a row: hits, answers."""
        counts = label_counts(predictions, labels)
        chosen = of_label(counts, self.label) if self.label else counts
        hits, answered = chosen.hits.sum(axis=1), chosen.answered.sum(axis=1)
        return Additive(np.column_stack([hits, answered]), share_of)
