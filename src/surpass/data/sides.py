"""What separates two sides of a contradiction: a date since which the rule is another, or a person.

Rows of one input that were answered in two ways are compared with each other. Whether something
separates the sides is tested against sides that are shuffled within each input: two answers that
people give at random are seldom separated everywhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FEWEST = 6  # rows of two sides that can show anything
_ALMOST_ALL = 0.95  # of the rows that must stand on the side that date or person says
_LEVEL = 0.01  # chance of such a separation where there is none, over all pairs of answers
_DRAWS = 999

Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Cut(NamedTuple):
    """Nearly all rows before a moment are on one side, nearly all since then on the other."""

    since: datetime
    later: bool  # the side of the rows since then
    exceptions: int


class Person(NamedTuple):
    """One person gave nearly all answers of one side, and nearly none of the other."""

    name: str
    side: bool
    exceptions: int  # answers of theirs on the other side, and of others on this one


def date_between(
    inputs: Integers, side: Bools, moments: Sequence[datetime | None], *, tests: int = 1
) -> Cut | None:
    """The moment that separates the sides, if any.

    Args:
        inputs: Which input each row has, shape (rows,).
        side: On which of two sides each row stands, same shape.
        moments: When each row came about; rows without a moment do not count.
        tests: How many such questions are asked of one set of rows.
    """
    known = np.array([moment is not None for moment in moments], dtype=bool)
    times = [moment for moment in moments if moment is not None]
    distinct = sorted(set(times))
    if known.sum() < FEWEST or len(distinct) < 2:
        return None
    rank = np.array([distinct.index(moment) for moment in times])
    later = rank[:, None] >= np.arange(1, len(distinct))  # one column a cut
    found = _separates(inputs[known], side[known], later, tests)
    if found is None:
        return None
    column, same, exceptions = found
    return Cut(distinct[column + 1], same, exceptions)


def person_between(
    inputs: Integers, side: Bools, people: Sequence[str | None], *, tests: int = 1
) -> Person | None:
    """The person who stands alone on one side, if any; arguments as of `date_between`."""
    known = np.array([person is not None for person in people], dtype=bool)
    names = [person for person in people if person is not None]
    distinct = sorted(set(names))
    if known.sum() < FEWEST or len(distinct) < 2:
        return None
    theirs = np.array(names)[:, None] == np.array(distinct)
    found = _separates(inputs[known], side[known], theirs, tests)
    if found is None:
        return None
    column, same, exceptions = found
    return Person(distinct[column], same, exceptions)


def _separates(
    inputs: Integers, side: Bools, signs: Bools, tests: int
) -> tuple[int, bool, int] | None:
    """The sign that tells the side best, which side it means, and its exceptions.

    Args:
        inputs: Shape (rows,).
        side: Shape (rows,).
        signs: Yes or no of each row, one sign a column, shape (rows, signs).
        tests: As of `date_between`.
    """
    if side.all() or not side.any():
        return None
    agreeing = _agreeing(side[None], signs)[0]
    column = int(np.maximum(agreeing, side.size - agreeing).argmax())
    same = bool(agreeing[column] * 2 >= side.size)
    best = int(agreeing[column] if same else side.size - agreeing[column])
    if best < _ALMOST_ALL * side.size:
        return None
    # Shuffle within inputs: in the order of (input, random), sides go to the rows of the input.
    rng = np.random.default_rng(0)
    home = np.argsort(inputs, kind="stable")
    shuffled = np.empty((_DRAWS, side.size), dtype=bool)
    for draw in range(_DRAWS):
        shuffled[draw, home] = side[np.lexsort((rng.random(side.size), inputs))]
    reached = _agreeing(shuffled, signs)
    by_chance = np.maximum(reached, side.size - reached).max(axis=1) >= best
    if tests * (1 + by_chance.sum()) / (1 + _DRAWS) > _LEVEL:
        return None
    return column, same, side.size - best


def _agreeing(sides: Bools, signs: Bools) -> NDArray[np.float64]:
    """How many rows have side and sign alike, shape (draws, signs)."""
    drawn, told = sides.astype(np.float64), signs.astype(np.float64)
    found: NDArray[np.float64] = drawn @ told + (1 - drawn) @ (1 - told)
    return found
