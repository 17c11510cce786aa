"""mcc: the correlation of answered and expected labels."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.labels.counts import label_counts
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class Mcc(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How strongly answered and expected labels go together, from -1 over 0 (chance) to 1.

    How: Matthews' correlation for any number of labels, over all rows. Unreadable answers are
    one more label that is never expected. A model that always answers the same has 0; where all
    rows expect the same label there is no value. It can be negative, so no gate can be set on it.

    When it misleads: with few rows of a label it moves much with each of them, and it does not say
    which error is made.

    Source: Gorodkin 2004, Comparing two K-category assignments by a K-category correlation
    coefficient; equals scikit-learn's `matthews_corrcoef`.
    """

    name: ClassVar[str] = "mcc"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "Matthews correlation"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """A hit or none, then two counts for each label and for none: answered, expected."""
        counts = label_counts(predictions, labels)
        unread = 1 - counts.answered.sum(axis=1, keepdims=True)
        hits = counts.hits.sum(axis=1, keepdims=True)
        nothing = np.zeros_like(unread)
        return Additive(np.hstack([hits, counts.answered, unread, counts.expected, nothing]), _mcc)


def _mcc(parts: Floats) -> Floats:
    hits = parts[..., 0]
    answered, expected = np.split(parts[..., 1:], 2, axis=-1)
    rows = expected.sum(axis=-1)
    shares = np.where(rows > 0, rows, np.nan)[..., None]
    answered, expected, hits = answered / shares, expected / shares, divided(hits, rows)
    spread_of_answers = 1 - (answered**2).sum(axis=-1)
    spread_of_labels = 1 - (expected**2).sum(axis=-1)
    together = hits - (answered * expected).sum(axis=-1)
    none = 1e-12  # a spread of 0, rounded
    found = divided(together, np.sqrt(np.maximum(spread_of_answers * spread_of_labels, 0)))
    found = np.where(spread_of_answers > none, found, 0.0)
    return np.where(spread_of_labels > none, found, np.nan)
