"""Pairs of a better and a worse answer as tokens, and what a model gives each answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from surpass.core.columns import ROW, TARGET, attribute
from surpass.core.errors import BadInput
from surpass.model.forward import read_prefix
from surpass.model.head import token_log_probabilities
from surpass.model.likelihood import by_length
from surpass.model.load import Loaded
from surpass.train.encode import Encoded, encode_rows
from surpass.train.flat import answer_states

Numbers = NDArray[np.float64]

_TOKENS_AT_ONCE = 4096
_BETTER, _WORSE = "better ", "worse "  # before a row's id while both answers stand in one frame


@dataclass(frozen=True)
class PairRows:
    """Row n of `chosen` and row n of `rejected` answer the same prompt."""

    chosen: Encoded
    rejected: Encoded
    left_out: tuple[str, ...]  # ids of pairs of which an answer is too long

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the pairs."""
        return self.chosen.names


def encode_pairs(
    tokenizer: PreTrainedTokenizerBase,
    instruction: str,
    rows: pl.DataFrame,
    rejected: str,
    *,
    most: int | None,
    context: int,
) -> PairRows:
    """Encode pairs of which both answers are short enough, in their order.

    Args:
        tokenizer: Of the base model.
        instruction: Told before every row.
        rows: With the columns ROW, INPUT and TARGET, and the worse answer's.
        rejected: The user's name of that column.
        most: Tokens of the longest row kept, as in `encode_rows`.
        context: What the model can read.

    Raises:
        BadInput: there is no such column; a row has no worse answer, or the same as its better one;
            or no pair is short enough.
    """
    worse = attribute(rejected)
    _require_worse(rows, worse, rejected)
    both = pl.concat(
        [
            rows.with_columns((pl.lit(_BETTER) + pl.col(ROW)).alias(ROW)),
            rows.with_columns(
                (pl.lit(_WORSE) + pl.col(ROW)).alias(ROW), pl.col(worse).alias(TARGET)
            ),
        ]
    )
    encoded = encode_rows(tokenizer, instruction, both, most=most, context=context)
    place = {name: number for number, name in enumerate(encoded.names)}
    names = rows[ROW].to_list()
    kept = [one for one in names if _BETTER + one in place and _WORSE + one in place]
    if not kept:
        raise BadInput(
            f"Of none of {len(names)} pairs both answers are short enough.",
            fix="Raise [training] max_tokens or shorten the instruction.",
        )
    return PairRows(
        chosen=_side(encoded, kept, [place[_BETTER + one] for one in kept]),
        rejected=_side(encoded, kept, [place[_WORSE + one] for one in kept]),
        left_out=tuple(one for one in names if one not in set(kept)),
    )


def _side(encoded: Encoded, names: Sequence[str], numbers: Sequence[int]) -> Encoded:
    """The rows with these numbers, under their own names."""
    return replace(
        encoded,
        names=tuple(names),
        prompts=tuple(encoded.prompts[number] for number in numbers),
        answers=tuple(encoded.answers[number] for number in numbers),
        left_out=(),
    )


def _require_worse(rows: pl.DataFrame, worse: str, name: str) -> None:
    if worse not in rows.columns:
        raise BadInput(
            f"The rows have no column {name!r} with the worse answers ([training.pairs] rejected).",
            fix="Set [training.pairs] rejected to the column that has them.",
        )
    empty = rows.filter(pl.col(worse).is_null() | (pl.col(worse).str.strip_chars() == ""))
    if empty.height:
        raise BadInput(
            f"{empty.height} of {rows.height} rows have no worse answer in {name!r} "
            f"(first: {empty[ROW][0]}).",
            fix="Fill the column, or remove those rows.",
        )
    same = rows.filter(pl.col(worse) == pl.col(TARGET))
    if same.height:
        raise BadInput(
            f"In {same.height} of {rows.height} rows the answer in {name!r} is the better one too "
            f"(first: {same[ROW][0]}).",
            fix="Remove those rows: they prefer nothing.",
        )


@torch.inference_mode()
def answer_log_probabilities(loaded: Loaded, encoded: Encoded) -> Numbers:
    """Log-probability of each row's whole answer, end token included, in nats; shape (rows,)."""
    found = np.empty(len(encoded.names))
    past = None if loaded.padded else read_prefix(loaded.model, encoded.prefix, loaded.virtual)
    for rows in by_length(encoded.lengths.tolist(), _TOKENS_AT_ONCE):
        states, tokens = answer_states(loaded, encoded, rows, past)
        each = token_log_probabilities(loaded.model, states, tokens).double().cpu().numpy()
        ends = np.cumsum([len(encoded.answers[row]) for row in rows])
        found[rows] = np.add.reduceat(each, [0, *ends[:-1]])
    return found
