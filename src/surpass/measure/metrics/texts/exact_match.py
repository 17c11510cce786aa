"""exact_match: the share of rows whose text is right to the letter."""

import re
import unicodedata
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.statistics import Statistics, mean_of

_ARTICLE = re.compile(r"\b(?:a|an|the)\b", re.IGNORECASE)


class ExactMatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of rows whose text equals the expected text, or one of the references.

    How: runs of white space count as one blank and the ends do not count; case and punctuation do,
    unless an option says otherwise. An unreadable or truncated answer is wrong. All three options
    together score as SQuAD does.

    When it misleads: wherever a thing can be said in two ways. It suits short answers such as a
    number or a name; for sentences look at chrF. Without punctuation "1.5" is "15" and "-3" is "3".

    Source: the usual definition; the options are those of Rajpurkar et al. 2016, SQuAD.
    """

    ignore_case: bool = False  # whether upper and lower case are the same
    ignore_punctuation: bool = False  # whether signs such as . , - " are left out
    ignore_articles: bool = False  # whether a, an and the are left out

    name: ClassVar[str] = "exact_match"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "exact matches"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if equal and read, else 0."""
        read = (predictions[columns.STATUS] == "ok").fill_null(value=False).to_list()
        rows = zip(readable_answers(predictions), accepted_texts(predictions), read, strict=True)
        same = [
            ok and self._words(answer) in map(self._words, accepted)
            for answer, accepted, ok in rows
        ]
        return mean_of(np.array(same, dtype=np.float64))

    def _words(self, text: str) -> list[str]:
        """What counts of a text. Signs go before articles, as in SQuAD: "the." is an article."""
        if self.ignore_case:
            text = text.casefold()
        if self.ignore_punctuation:
            text = "".join(sign for sign in text if not _is_punctuation(sign))
        if self.ignore_articles:
            text = _ARTICLE.sub(" ", text)
        return text.split()


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign).startswith("P") or sign in "$+<=>^`|~"
