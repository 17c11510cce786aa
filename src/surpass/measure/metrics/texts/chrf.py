"""chrf: how many character n-grams of the expected text were written."""

from collections import Counter
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl
import sacrebleu
from sacrebleu.metrics.helpers import extract_all_char_ngrams

from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.statistics import Additive, Floats, Statistics, divided

_ORDERS = 6  # n-grams of 1 to 6 characters
_BETA_SQUARED = 4  # recall weighs twice as much as precision: chrF2


class Chrf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the expected text was written, by runs of up to six characters.

    How: over all rows together, the share of the answers' n-grams that are expected (precision)
    and of the expected ones that are there (recall), averaged over the lengths 1 to 6, white space
    left out; recall weighs double. With several references each row counts with the one that it
    is closest to. 0 to 1, where sacrebleu prints 0 to 100. An unreadable or truncated answer counts
    as empty.

    When it misleads: it sees spelling, not truth. "paid" and "not paid" are nearly the same text.
    Unrelated English sentences already reach 0.15 to 0.25, so only differences say something.

    Source: Popović 2015 and 2016; equals sacreBLEU's chrF2.
    """

    name: ClassVar[str] = "chrf"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "chrF"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    @property
    def library(self) -> str:
        """SacreBLEU's signature; the number of references is that of the data."""
        return f"sacrebleu|case:mixed|eff:yes|nc:6|nw:0|space:no|version:{sacrebleu.__version__}"

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Three counts for each length of n-gram: answered, expected, common to both."""
        pairs = zip(readable_answers(predictions), accepted_texts(predictions), strict=True)
        counts = [_closest(answer, accepted) for answer, accepted in pairs]
        return Additive(np.array(counts, dtype=np.float64).reshape(-1, 3 * _ORDERS), _chrf)


def _closest(answer: str, accepted: list[str]) -> list[int]:
    """Counts with the accepted text that alone gives the best score."""
    counts = [_counts(answer, text) for text in accepted]
    if len(counts) == 1:
        return counts[0]
    scores = np.nan_to_num(_chrf(np.array(counts, dtype=np.float64)))
    return counts[int(scores.argmax())]


def _counts(answer: str, target: str) -> list[int]:
    answered = extract_all_char_ngrams(answer, _ORDERS)
    expected = extract_all_char_ngrams(target, _ORDERS)
    found: list[int] = []
    for given, wanted in zip(answered, expected, strict=True):
        # As sacrebleu: n-grams longer than the expected text count for nothing.
        found += [given.total() if wanted else 0, wanted.total(), _common(given, wanted)]
    return found


def _common(given: Counter[str], wanted: Counter[str]) -> int:
    return sum(min(count, wanted[gram]) for gram, count in given.items() if gram in wanted)


def _chrf(parts: Floats) -> Floats:
    """Corpus chrF as sacrebleu's CHRF._compute_f_score, with its effective order."""
    answered, expected, common = parts[..., 0::3], parts[..., 1::3], parts[..., 2::3]
    used = (answered > 0) & (expected > 0)
    orders = used.sum(axis=-1)
    precision = np.where(used, divided(common, answered), 0.0).sum(axis=-1)
    recall = np.where(used, divided(common, expected), 0.0).sum(axis=-1)
    above = (1 + _BETA_SQUARED) * precision * recall
    below = (_BETA_SQUARED * precision + recall) * np.maximum(orders, 1)
    scores = np.nan_to_num(divided(above, below))  # nothing in common scores 0
    return np.where(expected.any(axis=-1), scores, np.nan)
