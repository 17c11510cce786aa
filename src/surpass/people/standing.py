"""Where a person stands in their tasks, from what they said so far."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from surpass.core.records.rating import (
    Draft,
    Filled,
    Label,
    Labelled,
    Marked,
    Pairwise,
    Preferred,
    Rating,
    Record,
    Rejected,
    Said,
    Scaled,
    Scales,
    Skipped,
    Spans,
    Task,
    Undone,
    Written,
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


def standing(tasks: Sequence[Task], answered: Mapping[str, object]) -> Standing:
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
            return _fits_what_is_written(task, said)


def _fits_what_is_written(task: Task, said: Said) -> bool:
    match task.payload, said:
        case Record(fields=fields), Filled(values=values):
            return set(values) <= ({field.name for field in fields} or {""})
        case Draft(), Written(text=text):
            return bool(text.strip())
        case Draft(), Rejected():
            return True
        case Spans(asked=asked, kinds=kinds), Marked(spans=spans):
            return all(0 <= a < b <= len(asked) and kind in kinds for a, b, kind in spans)
        case _:
            return False
