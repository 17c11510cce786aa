"""Where a person stands in their tasks, from what they said so far."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from surpass.core.records.rating import (
    Label,
    Labelled,
    Pairwise,
    Preferred,
    Rating,
    Said,
    Scaled,
    Scales,
    Skipped,
    Task,
    Undone,
)


class Standing(NamedTuple):
    """One person's place in their queue."""

    done: int  # answered or skipped
    total: int
    next: Task | None  # none: all is done
    last: Task | None  # what undo would take back


def in_force(ratings: Iterable[Rating]) -> dict[str, Rating]:
    """The answer that counts for each task, in the order in which they were given.

    A later answer replaces an earlier one, and `Undone` takes it away.
    """
    found: dict[str, Rating] = {}
    for rating in ratings:
        found.pop(rating.task, None)
        if not isinstance(rating.said, Undone):
            found[rating.task] = rating
    return found


def standing(tasks: Sequence[Task], answered: dict[str, Rating]) -> Standing:
    """What comes next for a person with these tasks.

    Args:
        tasks: In their order.
        answered: By task, in the order in which the answers were given (see `in_force`).
    """
    by_id = {task.id: task for task in tasks}
    mine = [task for task in answered if task in by_id]
    following = next((task for task in tasks if task.id not in answered), None)
    last = by_id[mine[-1]] if mine else None
    return Standing(len(mine), len(tasks), following, last)


def fits(task: Task, said: Said) -> bool:
    """Whether this is an answer to that task; everything can be skipped or undone."""
    match task.payload, said:
        case _, Skipped(reason=reason):
            return bool(reason.strip())
        case _, Undone():
            return True
        case Pairwise(), Preferred():
            return True
        case Scales(scales=scales), Scaled(scores=scores):
            wanted = {scale.name for scale in scales}
            return set(scores) == wanted and all(1 <= one <= 5 for one in scores.values())
        case Label(labels=labels), Labelled(label=label):
            return label in labels
        case _:
            return False
