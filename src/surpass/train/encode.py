"""Turn rows into tokens, and leave out the rows that are too long, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.model.documents import shared_prefix
from surpass.model.find import Base
from surpass.model.load import read_context, read_tokenizer
from surpass.model.template import encode_example, end_token
from surpass.train.batches import plan_batches

_SHARE_KEPT = 0.995  # of the rows, at least
_STEP = 128  # "auto" is a multiple of it, so that few rows are left out for a few tokens


@dataclass(frozen=True)
class Encoded:
    """Rows as tokens."""

    names: tuple[str, ...]  # the rows' ids
    prompts: tuple[list[int], ...]
    answers: tuple[list[int], ...]  # end token included
    shared: int  # first tokens that all prompts have in common
    left_out: tuple[str, ...] = ()  # ids of rows longer than allowed

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
) -> Encoded:
    """Encode the rows that are short enough, in their order.

    Args:
        tokenizer: Of the base model.
        instruction: Told before every row.
        rows: With the columns ROW, INPUT and TARGET.
        most: Tokens of the longest row kept, prompt and answer. None: the smallest multiple of 128
            that keeps 99.5 % of the rows.
        context: What the model can read; longer rows are never kept.

    Raises:
        BadInput: no row is left, or an answer does not end with the token that ends a turn.
    """
    pairs = [
        encode_example(tokenizer, instruction, (), (text, answer))
        for text, answer in zip(rows[columns.INPUT], rows[columns.TARGET], strict=True)
    ]
    names = rows[columns.ROW].to_list()
    lengths = [len(prompt) + len(answer) for prompt, answer in pairs]
    limit = min(context, _longest_worth_keeping(lengths) if most is None else most)
    kept = [number for number, length in enumerate(lengths) if length <= limit]
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
    short = set(kept)
    return Encoded(
        names=tuple(names[number] for number in kept),
        prompts=prompts,
        answers=answers,
        shared=shared_prefix(prompts),
        left_out=tuple(name for number, name in enumerate(names) if number not in short),
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
    tokenizer = read_tokenizer(base.folder)
    pairs = [
        encode_example(tokenizer, instruction, (), (text, answer))
        for text, answer in zip(rows[columns.INPUT], rows[columns.TARGET], strict=True)
    ]
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
