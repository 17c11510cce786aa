"""accuracy: the share of rows whose label is right."""

from typing import ClassVar

import msgspec
import polars as pl

from surpass.measure.metrics.metric import right_answers
from surpass.measure.statistics import Statistics, mean_of


class Accuracy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of rows whose answer is the expected label.

    How: an answer counts when it equals the expected label to the letter; an unreadable answer is
    wrong. Rows count equally.

    When it misleads: with unequal labels. Where 95 % of the messages are no spam, a model that
    always says so has 95 %; look at macro F1 beside it.

    Source: the usual definition; equals scikit-learn's `accuracy_score`.
    """

    name: ClassVar[str] = "accuracy"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify",)
    title: ClassVar[str] = "accuracy"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if right, else 0."""
        return mean_of(right_answers(predictions))
