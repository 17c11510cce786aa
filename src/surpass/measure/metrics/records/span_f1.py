"""span_f1: F1 over the entities found in a text."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.spans import Span, read_spans, right_spans
from surpass.measure.statistics import Additive, Floats, Statistics, divided


class SpanF1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the entities in a text are found with their type, and no others.

    How: answer and expected answer are JSON lists of `{"start": …, "end": …, "type": …}` or of
    `{"text": …, "type": …}`, alone or in a record's `field`. F1 over all rows: 2 * right entities /
    (entities answered + entities expected). Right is one type at one place; where one side names no
    place, the same text, compared without case and extra white space. With `overlaps`, an entity of
    the right type that only overlaps an expected one counts half. An answer that cannot be read
    finds nothing.

    When it misleads: a text with many entities weighs more than one with few, and a frequent type
    more than a rare one. Models count characters badly: let them give the text, not the place.

    Source: CoNLL-2003 and seqeval for exact entities; MUC-5 1993, as in nervaluate, for half of a
    partial one.
    """

    field: str = ""  # of the record that holds the list; empty: its only field, or no record
    overlaps: bool = False  # whether an entity that only overlaps the expected one counts half

    name: ClassVar[str] = "span_f1"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract", "generate")
    title: ClassVar[str] = "span F1"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Three counts a row: right entities, entities answered, entities expected."""
        counts = np.zeros((predictions.height, 3))
        expected = self._expected(predictions)
        for row, answer in enumerate(readable_answers(predictions)):
            given = read_spans(answer, self.field) or []
            right = right_spans(expected[row], given, overlaps=self.overlaps)
            counts[row] = right, len(given), len(expected[row])
        return Additive(counts, _f1)

    def _expected(self, predictions: pl.DataFrame) -> list[list[Span]]:
        found = []
        for row, target in predictions.select(columns.ROW, columns.TARGET).iter_rows():
            spans = read_spans(target, self.field)
            if spans is None:
                raise BadInput(
                    f"The expected answer of row {row!r} is no list of entities"
                    + (f" under {self.field!r}." if self.field else "."),
                    fix='Write [{"text": …, "type": …}, …]; name the field if a record holds it.',
                )
            found.append(spans)
        return found


def _f1(parts: Floats) -> Floats:
    return divided(2 * parts[..., 0], parts[..., 1] + parts[..., 2])
