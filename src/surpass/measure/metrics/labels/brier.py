"""brier: how far the probabilities are from what happened."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics.labels.counts import label_codes
from surpass.measure.metrics.labels.probabilities import probabilities_of, rows_with_probabilities
from surpass.measure.metrics.metric import all_labels
from surpass.measure.statistics import Statistics, mean_of


class Brier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the probabilities are from what happened. Lower is better.

    How: in each row the squared differences between the probabilities and 1 for the expected label
    and 0 for the others, summed and halved; then the mean over rows. 0 is certain and right, 1 is
    certain and wrong, and so is a row without probabilities.

    When it misleads: it mixes two things, whether the model knows and whether it knows that it
    knows; the calibration error shows the second alone.

    Source: Brier 1950, halved to lie in 0 to 1; equals scikit-learn's `brier_score_loss` with
    scale_by_half=True.
    """

    name: ClassVar[str] = "brier"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "Brier score"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """One loss a row."""
        usable = rows_with_probabilities(predictions, self.title)
        known = all_labels(predictions, labels)
        expected = label_codes(predictions[columns.TARGET].to_list(), known)[usable]
        differences = probabilities_of(predictions, usable, len(known))
        differences[np.arange(expected.size), expected] -= 1
        losses = np.ones(predictions.height)
        losses[usable] = (differences**2).sum(axis=1) / 2
        return mean_of(losses)
