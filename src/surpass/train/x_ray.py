"""Which tokens of the training rows carry loss, from the very encoder that trains."""

import polars as pl
from msgspec import UNSET
from transformers import PreTrainedTokenizerBase

from surpass.core.records.tokens import ShownRow, ShownToken, TokensData
from surpass.core.settings import Training, Tuning
from surpass.model.find import Base
from surpass.model.load import read_context, read_tokenizer
from surpass.model.template import end_token
from surpass.train.encode import Encoded
from surpass.train.training_rows import room_for_rows, training_pairs, training_rows

SAMPLES = 3


def x_ray(
    base: Base, instruction: str, rows: pl.DataFrame, tuning: Tuning, training: Training
) -> TokensData:
    """Encode the training rows as training does, and look at the first of them.

    Args:
        base: Whose template and tokenizer; its weights are not read.
        instruction: Told before every row.
        rows: As training reads them.
        tuning: Virtual tokens leave less room.
        training: The objective, and how long rows may be.

    Raises:
        BadInput: what training refuses: a template that cannot be trained, an end token that no
            answer ends with, rows that are no pairs, or too many rows left out.
    """
    tokenizer = read_tokenizer(base.folder)
    room = room_for_rows(read_context(base.folder), tuning)
    sides: dict[str, Encoded]
    if training.pairs is UNSET:
        encoded = training_rows(tokenizer, instruction, rows, training, room)
        sides, left_out = {"target": encoded}, encoded.left_out
    else:
        pairs = training_pairs(tokenizer, instruction, rows, training, room)
        sides, left_out = {"chosen": pairs.chosen, "rejected": pairs.rejected}, pairs.left_out
    kept = len(next(iter(sides.values())).names)
    return TokensData(
        rows=rows.height,
        left_out=left_out,
        tokens=int(sum(side.full_lengths.sum() for side in sides.values())),
        learned=sum(
            after - first
            for side in sides.values()
            for row in range(kept)
            for first, after in side.learned(row)
        ),
        end_token=str(tokenizer.convert_ids_to_tokens(end_token(tokenizer))),
        samples=tuple(
            _sample(tokenizer, answer, side, row)
            for row in range(min(SAMPLES, kept))
            for answer, side in sides.items()
        ),
    )


def _sample(tokenizer: PreTrainedTokenizerBase, answer: str, side: Encoded, row: int) -> ShownRow:
    learned = {place for span in side.learned(row) for place in range(*span)}
    return ShownRow(
        row=side.names[row],
        answer=answer,
        tokens=tuple(
            ShownToken(id=one, text=tokenizer.decode([one]), learned=place in learned)
            for place, one in enumerate([*side.prompts[row], *side.answers[row]])
        ),
    )
