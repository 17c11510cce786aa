"""field_f1: F1 over the (field, value) pairs of records."""

import numpy as np
import polars as pl

from surpass.measure.metrics.exact_record import expected_records
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.records import read_record
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class FieldF1:
    """How many of the facts that a record should state are stated, and no others.

    How: F1 over all (field, value) pairs of all rows: 2 * right pairs / (pairs answered + pairs
    expected). Values are compared without case and extra white space, numbers by their value
    (34.5 is "34.50"); a field that is null is not there. An answer that is no JSON object states
    nothing, so all its row's facts are missed.

    When it misleads: a long record weighs more than a short one, and fields that are easy and
    always there carry the mean; look at the table of fields in the report.

    Source: micro-averaged F1 as for slot filling (MUC-4 1992).
    """

    name = "field_f1"
    version = 1
    kinds: tuple[str, ...] = ("extract",)
    title = "field F1"
    higher_is_better = True
    by_label = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Three counts a row: right pairs, pairs answered, pairs expected."""
        counts = np.zeros((predictions.height, 3))
        expected = expected_records(predictions)
        for row, answer in enumerate(readable_answers(predictions)):
            given = read_record(answer) or {}
            right = len(given.items() & expected[row].items())
            counts[row] = right, len(given), len(expected[row])
        return Additive(counts, _f1)


def _f1(parts: Floats) -> Floats:
    return divided(2 * parts[..., 0], parts[..., 1] + parts[..., 2])
