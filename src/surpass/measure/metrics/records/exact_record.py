"""exact_record: the share of rows whose whole record is right."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.records import Record, read_record
from surpass.measure.statistics import Statistics, mean_of


class ExactRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of rows whose record states exactly the expected facts.

    How: all fields must be there with the same values, and no others; values are compared as in
    field F1. An answer that is no JSON object is wrong.

    When it misleads: one hard field out of ten makes nearly every record wrong; field F1 shows
    whether the rest is right.

    Source: the usual definition.
    """

    name: ClassVar[str] = "exact_record"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract",)
    title: ClassVar[str] = "exact records"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if the whole record is right, else 0."""
        pairs = zip(readable_answers(predictions), expected_records(predictions), strict=True)
        return mean_of(
            np.array([read_record(answer) == expected for answer, expected in pairs], dtype=float)
        )


def expected_records(predictions: pl.DataFrame) -> list[Record]:
    """The expected records in row order.

    Raises:
        BadInput: an expected record is not a JSON object.
    """
    found = []
    for row, target in predictions.select(columns.ROW, columns.TARGET).iter_rows():
        record = read_record(target)
        if record is None:
            raise BadInput(
                f"The expected record of row {row!r} is not a JSON object.", fix="Mend that row."
            )
        found.append(record)
    return found
