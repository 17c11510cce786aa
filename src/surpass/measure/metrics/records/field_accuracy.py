"""field_accuracy: the share of rows where one field is right."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.measure.facts import Room, same_value
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.metrics.records.exact_record import expected_records
from surpass.measure.records import Record, read_record
from surpass.measure.statistics import Additive, Statistics, share_of


class FieldAccuracy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a field of the record is right where it is expected or answered.

    How: a row counts if its record should have the `field` or if the answer has it; it is right if
    both have it with the same value. Without a `field`, all fields of all rows count. Values are
    compared as in field F1; with `absolute` or `relative`, numbers may be that far from the
    expected one. An answer that is no JSON object has no field.

    When it misleads: a field that nearly always has one value is right without being read. Rows
    where the field is rightly left out do not count.

    Source: slot accuracy; without a field it is the Jaccard index of expected and answered facts.
    """

    field: str = ""  # whose values are compared; empty: all
    absolute: Annotated[float, Meta(ge=0)] = 0.0  # a number may be so far off, in its unit
    relative: Annotated[float, Meta(ge=0)] = 0.0  # or so far as a share of the expected one

    name: ClassVar[str] = "field_accuracy"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract",)
    title: ClassVar[str] = "field accuracy"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Two counts a row: right fields, fields expected or answered."""
        pairs = zip(expected_records(predictions), readable_answers(predictions), strict=True)
        counts = [self._counts(expected, read_record(answer) or {}) for expected, answer in pairs]
        return Additive(np.array(counts, dtype=np.float64).reshape(-1, 2), share_of)

    def _counts(self, expected: Record, given: Record) -> tuple[int, int]:
        names = expected.keys() | given.keys()
        if self.field:
            names &= {self.field}
        room = Room(self.absolute, self.relative)
        both = names & expected.keys() & given.keys()
        return sum(same_value(expected[name], given[name], room) for name in both), len(names)
