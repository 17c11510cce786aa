"""unsupported_facts: the share of stated facts that the input does not hold."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.metrics.texts.stated import stated_in, unsupported
from surpass.measure.statistics import Additive, Statistics, share_of


class UnsupportedFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of numbers, dates and names in the answers that the inputs lack. Lower is better.

    How: each number, date and capitalised name of an answer counts once and is looked for in the
    row's input: numbers by value, dates by day however they are written, names by their words
    without case. Then unsupported facts over all facts, of all rows together. An unreadable or
    truncated answer counts as one unsupported fact; without any fact there is no value.

    When it misleads: it sees shapes, not meaning. A right sum, a unit that was converted, or a well
    known name that the input leaves out counts as unsupported; a number in the wrong place, "not"
    and invented common words do not. An answer without facts is never wrong. Numbers written as
    words are not read, and in German every noun is a name. Look at some rows before you believe it.

    Source: our own; the idea is that of entity precision against the source, Nan et al. 2021,
    Entity-level Factual Consistency of Abstractive Text Summarization (arXiv:2102.09130).
    """

    name: ClassVar[str] = "unsupported_facts"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "unsupported facts"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Two counts a row: unsupported facts, facts."""
        if columns.INPUT not in predictions.columns:
            raise CannotTell(
                f"{self.title} needs `{columns.INPUT}` of each row, which these answers lack.",
                fix="Keep the inputs beside the answers.",
            )
        parts = np.ones((predictions.height, 2))
        read = (predictions[columns.STATUS] == "ok").fill_null(value=False)
        rows = zip(readable_answers(predictions), predictions[columns.INPUT], read, strict=True)
        for row, (answer, source, ok) in enumerate(rows):
            if ok:
                facts = stated_in(answer)
                parts[row] = unsupported(facts, source or ""), sum(map(len, facts))
        return Additive(parts, share_of)
