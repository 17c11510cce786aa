"""rouge_l_coco: ROUGE-L as image captioning and the E2E challenge report it."""

import re
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.metrics.texts.overlap import common_subsequence
from surpass.measure.statistics import Statistics, mean_of

_BETA_SQUARED = 1.2**2  # recall weighs a little more than precision
_PIECE = re.compile(
    r"n't\b|'(?:s|m|d|ll|re|ve)\b|[^\W_]+?(?=n't\b)|£|\$|%|[^\W_]+(?:[-./,:][^\W_]+)*"
)


class RougeLCoco(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ROUGE-L as image captioning and the E2E challenge report it; it is not rouge_l.

    How: in each row the longest common sequence of words with each reference; the highest
    precision and the highest recall, which may come from two references, make one F with beta 1.2.
    Then the mean over rows. Small letters, no punctuation.

    When it misleads: it is higher than rouge_l wherever there are several references, and the two
    must never be compared. Words are told apart nearly as the Penn Treebank does: scores differ
    from published ones by up to 0.002.

    Source: Lin 2004, ROUGE; Chen et al. 2015, Microsoft COCO Captions (arXiv:1504.00325).
    """

    name: ClassVar[str] = "rouge_l_coco"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "ROUGE-L (COCO)"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        pairs = zip(readable_answers(predictions), accepted_texts(predictions), strict=True)
        return mean_of(np.array([_score(answer, accepted) for answer, accepted in pairs]))


def _score(answer: str, accepted: list[str]) -> float:
    words = _pieces(answer)
    found = [common_subsequence(words, _pieces(text)) for text in accepted]
    precision, recall = max(one.precision for one in found), max(one.recall for one in found)
    if not precision or not recall:
        return 0.0
    return (1 + _BETA_SQUARED) * precision * recall / (recall + _BETA_SQUARED * precision)


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text.lower())
