"""exact_match: the share of rows whose text is right to the letter."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.statistics import Statistics, mean_of


class ExactMatch:
    """The share of rows whose text equals the expected text.

    How: runs of white space count as one blank and the ends do not count; case and punctuation do.
    An unreadable or truncated answer is wrong.

    When it misleads: wherever a thing can be said in two ways. It suits short answers such as a
    number or a name; for sentences look at chrF.

    Source: the usual definition.
    """

    name = "exact_match"
    version = 1
    kinds: tuple[str, ...] = ("generate",)
    title = "exact matches"
    higher_is_better = True
    by_label = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if equal and read, else 0."""
        read = (predictions[columns.STATUS] == "ok").fill_null(value=False).to_list()
        pairs = zip(readable_answers(predictions), predictions[columns.TARGET], read, strict=True)
        same = [ok and answer.split() == target.split() for answer, target, ok in pairs]
        return mean_of(np.array(same, dtype=np.float64))
