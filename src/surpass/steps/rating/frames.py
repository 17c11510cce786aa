"""What was said, as frames of comparisons and of scores (see core/judgements.py)."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from surpass.core import judgements as said
from surpass.core.records.rating import Preferred, Rating, Scaled, Skipped

_COMPARISONS = {
    said.TASK: pl.String,
    said.ITEM: pl.String,
    said.RATER: pl.String,
    said.PURPOSE: pl.String,
    said.LEFT: pl.String,
    said.RIGHT: pl.String,
    said.CHOICE: pl.String,
    said.REPEATS: pl.String,
    said.KNOWN: pl.String,
    said.LEFT_CHARACTERS: pl.Int64,
    said.RIGHT_CHARACTERS: pl.Int64,
}
_SCORES = {
    said.ITEM: pl.String,
    said.RATER: pl.String,
    said.LEFT: pl.String,
    said.SCALE: pl.String,
    said.SCORE: pl.Int64,
}


class Said(NamedTuple):
    """Everything that people said about one queue, as far as it counts."""

    comparisons: pl.DataFrame  # of every purpose
    scores: pl.DataFrame
    skipped: tuple[str, ...]  # reasons


def frames(ratings: Iterable[Rating]) -> Said:
    """Frames of the ratings in force."""
    comparisons, scores, skipped = [], [], []
    for one in ratings:
        match one.said:
            case Preferred(choice=choice):
                comparisons.append(_comparison(one, choice))
            case Scaled(scores=given):
                scores += [
                    (one.item, one.rater, one.behind.left, name, score)
                    for name, score in given.items()
                ]
            case Skipped(reason=reason):
                skipped.append(reason)
    return Said(
        pl.DataFrame(comparisons, schema=_COMPARISONS, orient="row"),
        pl.DataFrame(scores, schema=_SCORES, orient="row"),
        tuple(skipped),
    )


def _comparison(rating: Rating, choice: str) -> tuple[str | int | None, ...]:
    behind = rating.behind
    return (
        rating.task,
        rating.item,
        rating.rater,
        rating.purpose,
        behind.left,
        behind.right,
        choice,
        behind.repeats,
        behind.known,
        behind.left_characters,
        behind.right_characters,
    )
