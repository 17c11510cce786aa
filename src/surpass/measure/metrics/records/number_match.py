"""number_match: the share of answers whose number is right."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.facts import Room, last_number, same_value
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.statistics import Statistics, mean_of


class NumberMatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of answers that end in the right number.

    How: the last number of the answer is compared with the last number of the expected text; commas
    between thousands are left out. It may be off by `absolute`, or by `relative` times the expected
    number, whichever is more. An answer without a number is wrong, and so is an unreadable or
    truncated one.

    When it misleads: the last number need not be the result ("42, as of 2024"). A right number says
    nothing about the way to it. Units and signs of currency are not read.

    Source: the usual way to score GSM8K (Cobbe et al. 2021, arXiv:2110.14168), with room.
    """

    absolute: Annotated[float, Meta(ge=0)] = 0.0  # the number may be so far off, in its unit
    relative: Annotated[float, Meta(ge=0)] = 0.0  # or so far as a share of the expected one

    name: ClassVar[str] = "number_match"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "right numbers"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if the number is right, else 0."""
        room = Room(self.absolute, self.relative)
        right = np.zeros(predictions.height)
        targets = predictions.select(columns.ROW, columns.TARGET).iter_rows()
        pairs = zip(targets, readable_answers(predictions), strict=True)
        for place, ((row, target), answer) in enumerate(pairs):
            expected, given = last_number(target), last_number(answer)
            if expected is None:
                raise BadInput(
                    f"The expected answer of row {row!r} holds no number.",
                    fix="Mend that row, or choose another metric.",
                )
            right[place] = given is not None and same_value(expected, given, room)
        return mean_of(right)
