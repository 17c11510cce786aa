"""rouge_1, rouge_2, rouge_l and rouge_lsum: how many words of the expected text were written."""

from collections.abc import Callable
from typing import ClassVar, Literal

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.metrics.texts.overlap import (
    Overlap,
    common_by_sentence,
    common_runs,
    common_subsequence,
    words_of,
)
from surpass.measure.statistics import Statistics, mean_of


class Rouge1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many words of answer and expected text are the same.

    How: in each row, F1 over the words, each counted as often as it is in both texts; then the mean
    over rows. Case and punctuation do not count. With several references the closest one counts.
    An unreadable or truncated answer counts as empty.

    When it misleads: the order of words does not count, nor does truth. With `letters = "english"`,
    as the published numbers have it, all other letters part words: "Grüße" is "gr" and "e", and a
    Russian or Chinese text has no words at all and scores 0. Use "all" there.

    Source: Lin 2004, ROUGE; equals the package rouge-score.
    """

    measure: Literal["f1", "precision", "recall"] = "f1"  # what is averaged over rows
    letters: Literal["english", "all"] = "english"  # what words are made of
    stem: bool = False  # whether "signs" and "signed" are one word; English only

    name: ClassVar[str] = "rouge_1"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "ROUGE-1"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        return _mean(predictions, self.measure, self._of_pair)

    def _of_pair(self, answer: str, expected: str) -> Overlap:
        return common_runs(self._words(answer), self._words(expected), 1)

    def _words(self, text: str) -> list[str]:
        return words_of(text, self.letters, stemmed=self.stem)


class Rouge2(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many pairs of neighbouring words of answer and expected text are the same.

    How: as ROUGE-1, over pairs of words that follow each other.

    When it misleads: as ROUGE-1; a text with the right words in another order scores near 0.

    Source: Lin 2004, ROUGE; equals the package rouge-score.
    """

    measure: Literal["f1", "precision", "recall"] = "f1"  # what is averaged over rows
    letters: Literal["english", "all"] = "english"  # what words are made of
    stem: bool = False  # whether "signs" and "signed" are one word; English only

    name: ClassVar[str] = "rouge_2"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "ROUGE-2"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        return _mean(predictions, self.measure, self._of_pair)

    def _of_pair(self, answer: str, expected: str) -> Overlap:
        return common_runs(self._words(answer), self._words(expected), 2)

    def _words(self, text: str) -> list[str]:
        return words_of(text, self.letters, stemmed=self.stem)


class RougeL(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the longest sequence of words is that answer and expected text share, gaps allowed.

    How: as ROUGE-1, with the words of that sequence as the common ones. Precision and recall weigh
    the same; the image-captioning variant is rouge_l_coco.

    When it misleads: as ROUGE-1. Of a text of several sentences in another order it sees only one
    run through; rouge_lsum goes sentence by sentence.

    Source: Lin 2004, ROUGE, section 3.1; equals the package rouge-score.
    """

    measure: Literal["f1", "precision", "recall"] = "f1"  # what is averaged over rows
    letters: Literal["english", "all"] = "english"  # what words are made of
    stem: bool = False  # whether "signs" and "signed" are one word; English only

    name: ClassVar[str] = "rouge_l"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "ROUGE-L"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        return _mean(predictions, self.measure, self._of_pair)

    def _of_pair(self, answer: str, expected: str) -> Overlap:
        return common_subsequence(self._words(answer), self._words(expected))

    def _words(self, text: str) -> list[str]:
        return words_of(text, self.letters, stemmed=self.stem)


class RougeLsum(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ROUGE-L sentence by sentence, for summaries: each line is a sentence.

    How: of each line of the expected text, the words that it shares with any line of the answer as
    a sequence; none counts more often than it is in either text. Then as ROUGE-1.

    When it misleads: as ROUGE-1. Sentences must stand on lines of their own; a text of one line
    scores as in ROUGE-L.

    Source: Lin 2004, ROUGE, section 3.2, as ROUGE-1.5.5 counts; equals rougeLsum of the
    package rouge-score.
    """

    measure: Literal["f1", "precision", "recall"] = "f1"  # what is averaged over rows
    letters: Literal["english", "all"] = "english"  # what words are made of
    stem: bool = False  # whether "signs" and "signed" are one word; English only

    name: ClassVar[str] = "rouge_lsum"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "ROUGE-Lsum"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        return _mean(predictions, self.measure, self._of_pair)

    def _of_pair(self, answer: str, expected: str) -> Overlap:
        return common_by_sentence(self._lines(answer), self._lines(expected))

    def _lines(self, text: str) -> list[list[str]]:
        return [words_of(line, self.letters, stemmed=self.stem) for line in text.split("\n")]


def _mean(
    predictions: pl.DataFrame, measure: str, of_pair: Callable[[str, str], Overlap]
) -> Statistics:
    """The mean over rows, each with the reference that has the highest F1."""
    scores = np.zeros(predictions.height)
    pairs = zip(readable_answers(predictions), accepted_texts(predictions), strict=True)
    for row, (answer, accepted) in enumerate(pairs):
        best = max((of_pair(answer, text) for text in accepted), key=lambda found: found.f1)
        scores[row] = getattr(best, measure)
    return mean_of(scores)
