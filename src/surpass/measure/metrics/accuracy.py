"""accuracy: the share of rows whose label is right."""

import polars as pl

from surpass.measure.metrics.metric import right_answers
from surpass.measure.statistics import Statistics, mean_of


class Accuracy:
    """The share of rows whose answer is the expected label.

    How: an answer counts when it equals the expected label to the letter; an unreadable answer is
    wrong. Rows count equally.

    When it misleads: with unequal labels. Where 95 % of the messages are no spam, a model that
    always says so has 95 %; look at macro F1 beside it.

    Source: the usual definition; equals scikit-learn's `accuracy_score`.
    """

    name = "accuracy"
    version = 1
    kinds: tuple[str, ...] = ("classify",)
    title = "accuracy"
    higher_is_better = True
    by_label = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if right, else 0."""
        return mean_of(right_answers(predictions))
