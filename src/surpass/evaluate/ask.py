"""Put rows to a language model: score every label, or let it write."""

from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.progress import Progress
from surpass.core.settings import Generation
from surpass.evaluate.predictions import text_predictions
from surpass.evaluate.shots import Shot
from surpass.model.generate import generate
from surpass.model.likelihood import LabelScores, score_labels
from surpass.model.load import Loaded
from surpass.model.template import encode_answer, encode_prompt
from surpass.model.turns import Asked, asked_of

_USUAL_BATCH_ROWS = Generation().batch_rows
_ROW_TOKENS = 64  # of a short row with its labels
_ROOM_SHARE = 1.25  # an answer may be a quarter longer than the longest one trained on


class Question(NamedTuple):
    """What every row is asked with."""

    instruction: str
    shots: list[Shot]  # the same for all rows
    nearest: list[list[Shot]] | None = None  # instead: those of each row, in the order of the rows


def ask_labels(
    loaded: Loaded,
    rows: pl.DataFrame,
    question: Question,
    labels: tuple[str, ...],
    progress: Progress,
    batch_rows: int = _USUAL_BATCH_ROWS,
) -> tuple[LabelScores, list[int]]:
    """Log-probability of each label as the whole answer to each row; tokens of each prompt.

    So many tokens are computed at once as `batch_rows` short rows have; it decides memory and
    speed, and the last digits of what is summed.
    """
    answers = [encode_answer(loaded.tokenizer, label) for label in labels]
    prompts = _prompts(loaded, rows, question, max(map(len, answers)))
    scores = score_labels(
        loaded, prompts, answers, progress=progress, batch_tokens=_ROW_TOKENS * batch_rows
    )
    return scores, [*map(len, prompts)]


def ask_texts(
    loaded: Loaded,
    rows: pl.DataFrame,
    question: Question,
    cap_tokens: int,
    generation: Generation,
    progress: Progress,
) -> tuple[pl.DataFrame, list[int]]:
    """Greedy answers as predictions; tokens of each prompt.

    Args:
        loaded: The model.
        rows: Examples to ask.
        question: Instruction and solved examples.
        cap_tokens: Longest answer; what reaches it is marked truncated.
        generation: Rows a batch.
        progress: Told of finished rows.
    """
    prompts = _prompts(loaded, rows, question, cap_tokens)
    made = generate(
        loaded,
        prompts,
        max_new_tokens=cap_tokens,
        batch_rows=generation.batch_rows,
        progress=progress,
    )
    predictions = text_predictions(rows, made.texts, made.truncated, made.out_tokens)
    return predictions, [*map(len, prompts)]


def answer_cap(loaded: Loaded, train: pl.DataFrame, generation: Generation) -> int:
    """Most tokens of an answer: as set, or a quarter more than the longest training answer."""
    if generation.max_new_tokens != "auto":
        return generation.max_new_tokens
    longest = train.sort(pl.col(columns.TARGET).str.len_bytes(), descending=True).head(20)
    tokens = [len(encode_answer(loaded.tokenizer, text)) for text in longest[columns.TARGET]]
    return int(max(tokens) * _ROOM_SHARE) + 1


def _prompts(
    loaded: Loaded, rows: pl.DataFrame, question: Question, answer_tokens: int
) -> list[list[int]]:
    """Tokens of every prompt, with as many of the solved examples as the model can read.

    Examples that all rows share are as many in each prompt, so that their part is computed once.
    """
    room = loaded.context - answer_tokens
    inputs = asked_of(rows)

    def prompt(asked: Asked, shots: list[Shot]) -> list[int]:
        return encode_prompt(loaded.tokenizer, question.instruction, shots, asked)

    if question.nearest is not None:
        pairs = zip(inputs, question.nearest, strict=True)
        return [
            _first_that_fits([prompt(asked, few) for few in _fewer(shots)], room)
            for asked, shots in pairs
        ]
    for count in range(len(question.shots), -1, -1):
        prompts = [prompt(asked, question.shots[:count]) for asked in inputs]
        if max(map(len, prompts), default=0) <= room:
            break
    return prompts


def _fewer(shots: list[Shot]) -> list[list[Shot]]:
    """All examples, then without the first, and so on to none: the nearest stand last."""
    return [shots[start:] for start in range(len(shots) + 1)]


def _first_that_fits(prompts: list[list[int]], room: int) -> list[int]:
    return next((prompt for prompt in prompts if len(prompt) <= room), prompts[-1])
