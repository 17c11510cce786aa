"""Turn rows into tokens, and leave out the rows that are too long, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.settings.model import LossOn
from surpass.model.documents import shared_prefix
from surpass.model.find import Base
from surpass.model.load import read_context, read_tokenizer
from surpass.model.template import earlier_answers, encode_example, end_token
from surpass.model.turns import Asked, asked_of
from surpass.train.batches import plan_batches

_SHARE_KEPT = 0.995  # of the rows, at least
_STEP = 128  # "auto" is a multiple of it, so that few rows are left out for a few tokens


Span = tuple[int, int]
"""The first of some tokens in a row, and the one after the last."""


@dataclass(frozen=True)
class Encoded:
    """Rows as tokens."""

    names: tuple[str, ...]  # the rows' ids
    prompts: tuple[list[int], ...]
    answers: tuple[list[int], ...]  # end token included
    shared: int  # first tokens that all prompts have in common
    left_out: tuple[str, ...] = ()  # ids of rows longer than allowed
    earlier: tuple[list[Span], ...] = ()  # of each prompt, which answers are learned too; or none

    @property
    def prefix(self) -> list[int]:
        """The shared first tokens."""
        return self.prompts[0][: self.shared]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each row, prompt and answer, without the shared ones."""
        return self.full_lengths - self.shared

    @property
    def full_lengths(self) -> NDArray[np.int64]:
        """Tokens of each row, prompt and answer."""
        return np.array(
            [
                len(prompt) + len(answer)
                for prompt, answer in zip(self.prompts, self.answers, strict=True)
            ]
        )

    def learned(self, row: int) -> list[Span]:
        """Which tokens of a row, prompt and answer, are learned."""
        first = len(self.prompts[row])
        before = self.earlier[row] if self.earlier else []
        return [*before, (first, first + len(self.answers[row]))]


class Counted(NamedTuple):
    """How much one epoch is."""

    tokens: int
    answer_tokens: int  # those with loss
    steps: int
    step_tokens: int  # of the largest step


class Lengths(NamedTuple):
    """Tokens of rows, the longest kept or not."""

    prompts: list[int]
    answers: list[int]  # end token included
    longest: int  # prompt and answer together, that training keeps


def encode_rows(
    tokenizer: PreTrainedTokenizerBase,
    instruction: str,
    rows: pl.DataFrame,
    *,
    most: int | None,
    context: int,
    loss_on: LossOn = "answer",
) -> Encoded:
    """Encode the rows that are short enough, in their order.

    Args:
        tokenizer: Of the base model.
        instruction: Told before every row.
        rows: With the columns ROW, INPUT and TARGET.
        most: Tokens of the longest row kept, prompt and answer. None: the smallest multiple of 128
            that keeps 99.5 % of the rows.
        context: What the model can read; longer rows are never kept.
        loss_on: "assistant": earlier answers of a conversation are learned with the last one, and
            a row that is the beginning of a longer one is learned there and not a second time.

    Raises:
        BadInput: no row is left, an answer does not end with the token that ends a turn, or the
            template writes earlier answers otherwise than it asks for them.
    """
    asked = asked_of(rows)
    pairs = _pairs(tokenizer, instruction, asked, rows)
    names = rows[columns.ROW].to_list()
    lengths = [len(prompt) + len(answer) for prompt, answer in pairs]
    limit = min(context, _longest_worth_keeping(lengths) if most is None else most)
    short = {number for number, length in enumerate(lengths) if length <= limit}
    kept = sorted(short - (_beginnings(pairs, short) if loss_on == "assistant" else set()))
    if not kept:
        raise BadInput(
            f"None of {len(names)} rows has at most {limit} tokens; the shortest has "
            f"{min(lengths, default=0)}."
            if names
            else "There are no rows to train on.",
            fix="Raise [training] max_tokens or shorten the instruction.",
        )
    prompts = tuple(pairs[number][0] for number in kept)
    answers = tuple(pairs[number][1] for number in kept)
    _check_ends(answers, end_token(tokenizer))
    earlier: tuple[list[Span], ...] = ()
    if loss_on == "assistant":
        earlier = tuple(earlier_answers(tokenizer, instruction, asked[number]) for number in kept)
    return Encoded(
        names=tuple(names[number] for number in kept),
        prompts=prompts,
        answers=answers,
        shared=min([shared_prefix(prompts), *(spans[0][0] - 1 for spans in earlier if spans)]),
        left_out=tuple(name for number, name in enumerate(names) if number not in short),
        earlier=earlier,
    )


def count_lengths(base: Base, instruction: str, rows: pl.DataFrame, most: int | None) -> Lengths:
    """Tokens of each row's prompt and answer, and how many of both together are kept.

    Args:
        base: Whose template and tokenizer.
        instruction: Told before every row.
        rows: With the columns INPUT and TARGET.
        most: As in `encode_rows`.

    Raises:
        BadInput: no tokenizer or configuration can be read, or the template fails.
    """
    pairs = _pairs(read_tokenizer(base.folder), instruction, asked_of(rows), rows)
    prompts, answers = [len(p) for p, _ in pairs], [len(a) for _, a in pairs]
    both = [p + a for p, a in zip(prompts, answers, strict=True)]
    limit = _longest_worth_keeping(both) if most is None else most
    return Lengths(prompts, answers, min(read_context(base.folder), limit))


def count_tokens(base: Base, instruction: str, rows: pl.DataFrame, batch_tokens: int) -> Counted:
    """Count what one epoch over these rows computes; what prompts share counts once a step."""
    encoded = encode_rows(
        read_tokenizer(base.folder), instruction, rows, most=None, context=1 << 30
    )
    steps = plan_batches(encoded.lengths, seed=0, epoch=0, batch_tokens=batch_tokens)
    sizes = [int(encoded.lengths[step].sum()) + encoded.shared for step in steps]
    return Counted(sum(sizes), sum(map(len, encoded.answers)), len(steps), max(sizes))


def _pairs(
    tokenizer: PreTrainedTokenizerBase, instruction: str, asked: list[Asked], rows: pl.DataFrame
) -> list[tuple[list[int], list[int]]]:
    """Prompt and answer of each row."""
    return [
        encode_example(tokenizer, instruction, (), (one, answer))
        for one, answer in zip(asked, rows[columns.TARGET], strict=True)
    ]


def _beginnings(pairs: Sequence[tuple[list[int], list[int]]], rows: set[int]) -> set[int]:
    """Those of the rows, prompt and answer, with which a longer one begins."""
    whole = {number: (*pairs[number][0], *pairs[number][1]) for number in rows}
    # in order of their tokens, what begins with a row stands right behind it
    follows = pairwise(sorted(set(whole.values())))
    begun = {first for first, second in follows if second[: len(first)] == first}
    return {number for number, tokens in whole.items() if tokens in begun}


def _longest_worth_keeping(lengths: Sequence[int]) -> int:
    """The smallest multiple of 128 that 99.5 % of the rows fit into."""
    if not lengths:
        return _STEP
    return int(-(-np.quantile(lengths, _SHARE_KEPT, method="higher") // _STEP) * _STEP)


def _check_ends(answers: Sequence[list[int]], end: int) -> None:
    """A model that is never shown the end of an answer never stops."""
    without = sum(answer[-1] != end for answer in answers)
    if without:
        raise BadInput(
            f"{without} of {len(answers)} answers do not end with the token that ends a turn.",
            fix="Choose a base with another chat template, or mend chat_template.jinja.",
        )
