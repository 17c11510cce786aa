"""field_f1: F1 over the (field, value) pairs of records."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.measure.facts import Room, right_fields
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.metrics.records.exact_record import expected_records
from surpass.measure.records import read_record
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class FieldF1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the facts that a record should state are stated, and no others.

    How: F1 over all (field, value) pairs of all rows: 2 * right pairs / (pairs answered + pairs
    expected). Values are compared without case and extra white space, numbers by their value
    (34.5 is "34.50"); with `absolute` or `relative` they may be that far from the expected one,
    whichever is more. A field that is null is not there. An answer that is no JSON object states
    nothing, so all its row's facts are missed.

    When it misleads: a long record weighs more than a short one, and fields that are easy and
    always there carry the mean; look at the table of fields in the report.

    Source: micro-averaged F1 as for slot filling (MUC-4 1992).
    """

    absolute: Annotated[float, Meta(ge=0)] = 0.0  # a number may be so far off, in its unit
    relative: Annotated[float, Meta(ge=0)] = 0.0  # or so far as a share of the expected one

    name: ClassVar[str] = "field_f1"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract",)
    title: ClassVar[str] = "field F1"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Three counts a row: right pairs, pairs answered, pairs expected."""
        counts = np.zeros((predictions.height, 3))
        expected = expected_records(predictions)
        room = Room(self.absolute, self.relative)
        for row, answer in enumerate(readable_answers(predictions)):
            given = read_record(answer) or {}
            right = right_fields(expected[row], given, room)
            counts[row] = right, len(given), len(expected[row])
        return Additive(counts, _f1)


def _f1(parts: Floats) -> Floats:
    return divided(2 * parts[..., 0], parts[..., 1] + parts[..., 2])
