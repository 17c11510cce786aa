"""Words that two texts have in common, as ROUGE counts them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from surpass.measure.metrics.texts.stem import stem

Letters = Literal["english", "all"]

_WORD = {"english": re.compile(r"[a-z0-9]+"), "all": re.compile(r"[^\W_]+")}


class Overlap(NamedTuple):
    """How many pieces are in both texts, in the answer, and in the expected text."""

    common: int
    answered: int
    expected: int

    @property
    def precision(self) -> float:
        """0 where nothing was answered."""
        return self.common / max(self.answered, 1)

    @property
    def recall(self) -> float:
        """0 where nothing is expected."""
        return self.common / max(self.expected, 1)

    @property
    def f1(self) -> float:
        """0 where nothing is in common."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def words_of(text: str, letters: Letters, *, stemmed: bool = False) -> list[str]:
    """Words in small letters; all else parts words. Stems of those with more than three letters."""
    words = _WORD[letters].findall(text.lower())
    return [stem(word) if len(word) > 3 else word for word in words] if stemmed else words


def common_runs(answer: Sequence[str], expected: Sequence[str], length: int) -> Overlap:
    """Runs of so many words, each counted as often as it is in both."""
    answered, wanted = _runs(answer, length), _runs(expected, length)
    return Overlap((answered & wanted).total(), answered.total(), wanted.total())


def common_subsequence(answer: Sequence[str], expected: Sequence[str]) -> Overlap:
    """The longest sequence of words that is in both, gaps allowed."""
    return Overlap(LCSseq.similarity(answer, expected), len(answer), len(expected))


def common_by_sentence(answer: list[list[str]], expected: list[list[str]]) -> Overlap:
    """Words of each expected sentence that it shares, as a sequence, with any sentence answered.

    No word counts more often than it is in either text.

    Source: Lin 2004, ROUGE, section 3.2, with the clipping of ROUGE-1.5.5.
    """
    left_answered = Counter(word for sentence in answer for word in sentence)
    left_expected = Counter(word for sentence in expected for word in sentence)
    sizes = left_answered.total(), left_expected.total()
    common = 0
    for sentence in expected:
        places: set[int] = set()
        for other in answer:
            places |= _aligned(sentence, other)
        for word in (sentence[place] for place in sorted(places)):
            if left_answered[word] > 0 and left_expected[word] > 0:
                common += 1
                left_answered[word] -= 1
                left_expected[word] -= 1
    return Overlap(common, *sizes)


def _runs(words: Sequence[str], length: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(length)), strict=False))


def _aligned(expected: list[str], answer: list[str]) -> set[int]:
    """Places of `expected` in a longest common subsequence; the one that ROUGE-1.5.5 walks to.

    Row i of the usual table is held as one integer: bit j is 0 where the length grows at word j of
    the answer (Hyyrö 2004, Bit-parallel LCS-length computation revisited).
    """
    where: dict[str, int] = {}
    for place, word in enumerate(answer):
        where[word] = where.get(word, 0) | 1 << place
    full = (1 << len(answer)) - 1
    rows = [full]
    for word in expected:
        kept = rows[-1]
        matches = kept & where.get(word, 0)
        rows.append(((kept + matches) | (kept - matches)) & full)
    return _walk(rows, expected, answer)


def _walk(rows: list[int], expected: list[str], answer: list[str]) -> set[int]:
    """From the end of both texts: a match is taken, else the longer side, else up."""
    found: set[int] = set()
    up, left = len(expected), len(answer)
    while up and left:
        if expected[up - 1] == answer[left - 1]:
            up, left = up - 1, left - 1
            found.add(up)
        elif _length(rows[up], left - 1) > _length(rows[up - 1], left):
            left -= 1
        else:
            up -= 1
    return found


def _length(row: int, words: int) -> int:
    """Length of the longest common subsequence with the first words of the answer."""
    return words - (row & ((1 << words) - 1)).bit_count()
