"""words_mean, out_tokens_mean, in_tokens_mean and long_share: how long answers and prompts are."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.core import columns
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.statistics import Floats, Statistics, mean_of


class WordsMean(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mean number of words of an answer; a report, not a criterion.

    How: words are what stands between white space. All answers count as they were written, the
    truncated and the unreadable ones too.

    When it misleads: a mean hides that some answers ramble and others are empty. Languages without
    blanks between words have few words by this count.

    Source: the usual definition.
    """

    name: ClassVar[str] = "words_mean"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "mean words"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Words of each row."""
        return mean_of(_words(predictions))


class LongShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of answers with more than `limit_words` words. Lower is better.

    How: words are what stands between white space; exactly the limit is not long. A truncated
    answer is long whatever its words, since nobody knows where it would have ended.

    When it misleads: an empty answer is short.

    Source: the usual definition.
    """

    limit_words: Annotated[int, Meta(ge=1)] = 200  # an answer may have so many

    name: ClassVar[str] = "long_share"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "long answers"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if it is longer than the limit or was truncated, else 0."""
        cut = (predictions[columns.STATUS] == "truncated").fill_null(value=False).to_numpy()
        return mean_of(((_words(predictions) > self.limit_words) | cut).astype(np.float64))


class OutTokensMean(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mean number of tokens that a model wrote for an answer; a report, not a criterion.

    How: as counted by the model's own tokenizer. Where labels are scored, nothing is written.

    When it misleads: two models with different tokenizers count different things.

    Source: the usual definition.
    """

    name: ClassVar[str] = "out_tokens_mean"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "mean tokens written"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Tokens written for each row."""
        return mean_of(measured(predictions, columns.OUT_TOKENS, self.title))


class InTokensMean(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mean number of tokens that a model was given; a report, not a criterion.

    How: the whole prompt counts: instruction, solved examples and the row's input. Here lies the
    price of a few-shot prompt that tuning saves.

    When it misleads: an engine that remembers the common beginning of prompts computes fewer.

    Source: the usual definition.
    """

    name: ClassVar[str] = "in_tokens_mean"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "mean tokens read"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Tokens of each row's prompt."""
        return mean_of(measured(predictions, columns.IN_TOKENS, self.title))


def _words(predictions: pl.DataFrame) -> Floats:
    answers = predictions[columns.ANSWER].fill_null("")
    return np.array([len(answer.split()) for answer in answers], dtype=np.float64)
