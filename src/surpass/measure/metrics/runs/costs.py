"""cost_per_row and cost_per_accepted: what answers cost, and what answers that can be used cost."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics.metric import readable_answers, right_answers
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.records import read_record
from surpass.measure.statistics import Additive, Floats, Statistics, mean_of, share_of


class CostPerRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an answer costs on average, in the currency of the price; a report, not a criterion.

    How: the column `cost` of the answers, averaged over the rows.

    When it misleads: a cheap answer that is wrong is paid for twice; look at the cost of an
    accepted answer. Your own machine costs money too, though its answers carry no price.

    Source: the usual definition.
    """

    name: ClassVar[str] = "cost_per_row"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "cost of an answer"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Cost of each row."""
        return mean_of(measured(predictions, columns.COST, self.title))


class CostPerAccepted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one right answer costs, in the currency of the price; a report, not a criterion.

    How: the cost of all answers over the number of right ones. Right is an answer that equals the
    expected one: to the letter; as a record, fact for fact, where both are records; by its tests,
    where it is code. Undefined where none is right.

    When it misleads: free text is hardly ever right to the letter. What a wrong answer costs
    whoever believes it is not in here.

    Source: the usual definition.
    """

    name: ClassVar[str] = "cost_per_accepted"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "cost of a right answer"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Two parts a row: its cost, and 1 if its answer is right."""
        costs = measured(predictions, columns.COST, self.title)
        return Additive(np.column_stack([costs, _accepted(predictions)]), share_of)


def _accepted(predictions: pl.DataFrame) -> Floats:
    """1 where an answer is right as the page of cost_per_accepted says, else 0."""
    if columns.PASSED in predictions.columns:
        return (predictions[columns.PASSED].fill_null(0) > 0).to_numpy().astype(np.float64)
    pairs = zip(readable_answers(predictions), predictions[columns.TARGET], strict=True)
    records = [
        record is not None and record == read_record(target)
        for record, target in ((read_record(answer), target) for answer, target in pairs)
    ]
    return np.maximum(right_answers(predictions), np.array(records, dtype=np.float64))
