"""What one row alone scores: the unit of wins and losses, and of where a model fails."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics import metric
from surpass.measure.statistics import Additive

ROW_METRIC = {"classify": "accuracy", "extract": "field_f1", "generate": "chrf"}
"""The metric whose value on a single row says how good that row's answer is."""


def row_scores(kind: str, predictions: pl.DataFrame, labels: tuple[str, ...] = ()) -> pl.Series:
    """Score of each row alone, 0 to 1: right or wrong, F1 of its fields, chrF of its text.

    Of code it is the share of its samples that pass. Null where a row has nothing to be scored:
    no fact is expected and none was answered, no text is expected, no sample was run.

    Args:
        kind: Of the task.
        predictions: One model's answers.
        labels: The closed label set; empty where the task has none.
    """
    if kind == "code":
        samples = pl.when(pl.col(columns.SAMPLES) > 0).then(pl.col(columns.SAMPLES))
        return predictions.select((pl.col(columns.PASSED) / samples).alias("score"))["score"]
    statistics = metric(ROW_METRIC[kind]).statistics(predictions, labels)
    if not isinstance(statistics, Additive):
        raise TypeError(f"{ROW_METRIC[kind]} has no value for a single row")
    values = statistics.combine(statistics.items)
    return pl.Series("score", np.asarray(values, dtype=np.float64), nan_to_null=True)
