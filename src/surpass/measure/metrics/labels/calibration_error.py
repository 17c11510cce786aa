"""calibration_error: how far a model's certainty is from how often it is right."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics.labels.probabilities import probabilities_of, rows_with_probabilities
from surpass.measure.metrics.metric import all_labels, right_answers
from surpass.measure.statistics import Additive, Floats, Statistics, divided

_BINS = 15


class CalibrationError(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a model's certainty is from how often it is right. Lower is better.

    How: rows are sorted by the highest of their probabilities into 15 bins of equally many rows
    (equal probabilities stay together). In each bin the mean probability is compared with the
    share of right answers; the differences are averaged, each bin counting by its rows. A row
    without probabilities counts as certain and wrong.

    When it misleads: upwards with few rows, since by chance alone the share in a bin differs from
    its probability: a perfectly calibrated model of two labels shows about 0.12 on 100 rows and
    0.06 on 400. Bounds by resampling inherit that, so no gate can be set on it; set one on the
    Brier score, which is not misled. A model that is as uncertain of every row as its mean accuracy
    has 0 and is of no use.

    Source: Naeini et al. 2015 for the definition, Nixon et al. 2019 (arXiv:1904.01685) for bins of
    equal mass; Guo et al. 2017 for 15 of them.
    """

    name: ClassVar[str] = "calibration_error"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "calibration error"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False  # its values are, its resampled bounds are not sound

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Certainty less rightness of each row in the column of its bin, then a count."""
        usable = rows_with_probabilities(predictions, self.title)
        known = len(all_labels(predictions, labels))
        certainty, right = np.ones(predictions.height), np.zeros(predictions.height)
        certainty[usable] = probabilities_of(predictions, usable, known).max(axis=1)
        right[usable] = right_answers(predictions)[usable]
        # The one group more that bounds are drawn with repeats rows; it must not move the bins.
        once = predictions[columns.ROW].is_first_distinct().to_numpy()
        edges = np.percentile(certainty[once], np.linspace(0, 1, _BINS + 1) * 100)
        bins = np.searchsorted(edges[1:-1], certainty)
        parts = np.zeros((predictions.height, _BINS + 1))
        parts[np.arange(predictions.height), bins] = certainty - right
        parts[:, -1] = 1
        return Additive(parts, _mean_difference)


def _mean_difference(parts: Floats) -> Floats:
    return divided(np.abs(parts[..., :-1]).sum(axis=-1), parts[..., -1])
