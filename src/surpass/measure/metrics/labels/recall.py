"""recall: how many of the rows that expect a label get it."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts, of_label
from surpass.measure.statistics import Additive, Statistics, share_of


class Recall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the rows that expect a label get it.

    How: of one `label`, its hits over the rows that expect it; without such rows there is no
    value. Without a `label`, over all rows together (micro): then it equals accuracy. An unreadable
    answer is a miss.

    When it misleads: a model that always answers one label finds all of it; look at precision
    beside it.

    Source: van Rijsbergen 1979; equals scikit-learn's `recall_score`, of one label or with
    average="micro".
    """

    label: str = ""  # the label that counts; empty: all of them together

    name: ClassVar[str] = "recall"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "recall"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Two counts a row: hits, rows that count."""
        counts = label_counts(predictions, labels)
        chosen = of_label(counts, self.label) if self.label else counts
        hits, expected = chosen.hits.sum(axis=1), chosen.expected.sum(axis=1)
        return Additive(np.column_stack([hits, expected]), share_of)
