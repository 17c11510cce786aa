"""Label scores to predictions: the reading is chosen on validation rows and then kept."""

from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.evaluate.label_scoring import ALL, Scoring, label_prior, label_probabilities, named
from surpass.evaluate.predictions import label_predictions
from surpass.evaluate.readings import Reading
from surpass.measure.metrics import Metric
from surpass.measure.scores import score
from surpass.model.likelihood import LabelScores


class Read(NamedTuple):
    """Predictions with the reading that made them."""

    predictions: pl.DataFrame
    reading: Reading


def choose_reading(
    scores: LabelScores, rows: pl.DataFrame, labels: tuple[str, ...], metric: Metric
) -> Read:
    """The reading with the best metric on these validation rows; ties go to the simplest."""
    best: tuple[float, Read] | None = None
    for scoring in ALL:
        reading = _reading(scores, scoring)
        predictions = read_labels(scores, rows, labels, reading)
        value = score(metric, predictions, labels)
        if value is not None and (best is None or value > best[0] + 1e-12):
            best = value, Read(predictions, reading)
    if best is None:
        reading = _reading(scores, ALL[0])
        return Read(read_labels(scores, rows, labels, reading), reading)
    return best[1]


def read_labels(
    scores: LabelScores, rows: pl.DataFrame, labels: tuple[str, ...], reading: Reading
) -> pl.DataFrame:
    """Predictions of these rows under a reading that was chosen before."""
    probabilities = label_probabilities(
        scores.sums, scores.lengths, named(reading.scoring), np.array(reading.prior)
    )
    return label_predictions(rows, labels, probabilities)


def _reading(scores: LabelScores, scoring: Scoring) -> Reading:
    prior = label_prior(scores.sums, scores.lengths, scoring)
    return Reading(scoring=scoring.name, prior=tuple(float(p) for p in prior))
