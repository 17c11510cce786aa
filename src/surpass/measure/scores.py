"""One number a metric: how a model scores on a frame of predictions, or why that cannot be told."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from surpass.core.errors import CannotTell
from surpass.measure.metrics.metric import Metric
from surpass.measure.statistics import Statistics, value_of


def score(metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> float | None:
    """The metric's value; none where there are no rows or it is undefined on them."""
    try:
        return sure_score(metric, predictions, labels)
    except CannotTell:
        return None


def sure_score(metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> float:
    """The same, but says why where there is no value.

    Raises:
        CannotTell: no rows, or the metric is undefined on them.
    """
    return _valued(metric, predictions, labels)[0]


def scores_of(
    metrics: Iterable[Metric], predictions: pl.DataFrame, labels: tuple[str, ...]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Values by metric name, and a sentence for everything that was left out of them."""
    found: dict[str, float] = {}
    left_out: list[str] = []
    for metric in metrics:
        try:
            found[metric.name], statistics = _valued(metric, predictions, labels)
        except CannotTell as error:
            left_out.append(f"{metric.name}: {error.args[0]}")
        else:
            left_out.extend(f"{metric.name}: {note}" for note in statistics.notes)
    return found, tuple(left_out)


def _valued(
    metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]
) -> tuple[float, Statistics]:
    if predictions.is_empty():
        raise CannotTell(f"{metric.title} has no rows to be computed on.")
    statistics = metric.statistics(predictions, labels)
    value = value_of(statistics)
    if np.isnan(value):
        raise CannotTell(
            f"{metric.title} is undefined on these {predictions.height} rows.",
            fix="Choose another metric.",
        )
    return value, statistics
