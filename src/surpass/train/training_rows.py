"""The rows of training as tokens: of answers or of pairs, and not without too many of them."""

import polars as pl
from msgspec import UNSET, UnsetType
from transformers import PreTrainedTokenizerBase

from surpass.core.errors import BadInput
from surpass.core.settings import Pairs, Training, Tuning, WithVirtualTokens
from surpass.core.settings.model import LossOn
from surpass.train.encode import Encoded, encode_rows
from surpass.train.pair_rows import PairRows, encode_pairs

MOST_LEFT_OUT = 0.1  # of the rows, where [training] most_left_out says nothing


def room_for_rows(context: int, tuning: Tuning) -> int:
    """Tokens that a row may have where a model reads `context`: virtual ones take theirs."""
    return context - (tuning.virtual_tokens if isinstance(tuning, WithVirtualTokens) else 0)


def training_rows(
    tokenizer: PreTrainedTokenizerBase,
    instruction: str,
    rows: pl.DataFrame,
    training: Training,
    room: int,
) -> Encoded:
    """Encode the rows whose answers are learned.

    Args:
        tokenizer: Of the base model.
        instruction: Told before every row.
        rows: As `encode_rows` reads them.
        training: How long they may be, how many may be left out, what is learned.
        room: The longest row that can be read, see `room_for_rows`.

    Raises:
        BadInput: see `encode_rows`; or more rows than [training] most_left_out are too long.
    """
    longest, loss_on = _longest(training), loss_of(training)
    found = encode_rows(tokenizer, instruction, rows, most=longest, context=room, loss_on=loss_on)
    _require_most(found.left_out, rows.height, training)
    return found


def training_pairs(
    tokenizer: PreTrainedTokenizerBase,
    instruction: str,
    rows: pl.DataFrame,
    training: Training,
    room: int,
) -> PairRows:
    """The same of pairs of answers.

    Raises:
        BadInput: see `encode_pairs`; or more pairs than [training] most_left_out are too long.
    """
    worse = pairs_of(training).rejected
    longest = _longest(training)
    found = encode_pairs(tokenizer, instruction, rows, worse, most=longest, context=room)
    _require_most(found.left_out, rows.height, training)
    return found


def loss_of(training: Training) -> LossOn:
    """Which answers of a conversation are learned."""
    return "answer" if isinstance(training.loss_on, UnsetType) else training.loss_on


def pairs_of(training: Training) -> Pairs:
    """[training.pairs], where it is there."""
    if isinstance(training.pairs, UnsetType):
        raise TypeError("[training.pairs] is not there")
    return training.pairs


def _longest(training: Training) -> int | None:
    return None if training.max_tokens == "auto" else training.max_tokens


def _require_most(left_out: tuple[str, ...], rows: int, training: Training) -> None:
    """Refuse to train without a large part of the rows."""
    most = MOST_LEFT_OUT if training.most_left_out is UNSET else training.most_left_out
    if len(left_out) <= most * rows:
        return
    raise BadInput(
        f"{len(left_out)} of {rows} rows are too long for training (first: {left_out[0]}), "
        f"{len(left_out) / rows:.0%}; [training] most_left_out allows {most:.0%}.",
        fix="Raise [training] max_tokens, shorten the instruction, or raise most_left_out.",
    )
