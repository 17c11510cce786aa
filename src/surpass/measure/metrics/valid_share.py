"""valid_share: the share of answers that a program can read."""

import numpy as np
import polars as pl

from surpass.measure.metrics.metric import readable_answers
from surpass.measure.records import read_record
from surpass.measure.statistics import Statistics, mean_of


class ValidShare:
    """The share of answers that are JSON objects, right or wrong.

    How: an answer counts when all of it parses as one JSON object. A truncated one does not.

    When it misleads: `{}` is valid. It says whether the answers can be used at all, not whether
    they are true.

    Source: RFC 8259 for JSON.
    """

    name = "valid_share"
    version = 1
    kinds: tuple[str, ...] = ("extract",)
    title = "valid answers"
    higher_is_better = True
    by_label = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if the answer is a JSON object, else 0."""
        read = [read_record(answer) is not None for answer in readable_answers(predictions)]
        return mean_of(np.array(read, dtype=np.float64))
