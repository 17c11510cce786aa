"""What the desk of raters and that of annotators share: who may enter, and what they see."""

import statistics
from collections.abc import Iterable
from typing import NamedTuple

from surpass.core.environment import now
from surpass.core.errors import SurpassError
from surpass.core.records.rating import Link, Queue, Task
from surpass.people.links import opened
from surpass.people.standing import Standing

LONGEST_COMMENT = 2_000  # characters; the rest is cut
_LONGEST_SECONDS = 3_600.0  # longer than that, somebody was away
_ENOUGH_TO_ESTIMATE = 5  # answers of a person, from which on the time left is told


class NoEntry(SurpassError):
    """The link is unknown, expired or revoked; which of these is not said."""


class Screen(NamedTuple):
    """What one person sees now."""

    rater: str
    title: str
    guideline: str
    done: int
    total: int
    task: Task | None  # none: all is done
    undo: str | None  # the task that undo would take back
    seconds_left: float | None  # at this person's pace; unknown at first


def owner(links: Iterable[Link], secret: str, queue: Queue) -> str:
    """Whose link the secret opens now.

    Raises:
        NoEntry: it opens nothing.
    """
    link = opened(links, secret, queue.id, now=now())
    if link is None:
        raise NoEntry(
            "This link does not work: it is mistyped, has expired or was withdrawn.",
            fix="Ask the person who sent it for a new one.",
        )
    return link.rater


def task_of(queue: Queue, person: str, task_id: str) -> Task | None:
    """A person's task of that name; none if it is nobody's or somebody else's."""
    return next((task for task in queue.tasks.get(person, ()) if task.id == task_id), None)


def screen_of(
    queue: Queue, person: str, place: Standing, seconds: Iterable[float | None]
) -> Screen:
    """What a person sees at this place; `seconds` of each of their answers tell their pace."""
    pace = [one for one in seconds if one is not None]
    left = None
    if len(pace) >= _ENOUGH_TO_ESTIMATE:
        left = statistics.median(pace) * (place.total - place.done)
    return Screen(
        rater=person,
        title=queue.title,
        guideline=queue.guideline,
        done=place.done,
        total=place.total,
        task=place.next,
        undo=place.last.id if place.last else None,
        seconds_left=left,
    )


def plausible(seconds: float | None) -> float | None:
    """Seconds on the screen as they are kept; none if they cannot have been spent on it."""
    if seconds is None or not 0 <= seconds <= _LONGEST_SECONDS:
        return None
    return round(seconds, 1)
