"""The desk at which raters answer: who may see which task, and what is kept of what they say."""

import statistics
import threading
from pathlib import Path
from typing import NamedTuple

from surpass.core.environment import now
from surpass.core.errors import BadInput, SurpassError
from surpass.core.records.rating import Queue, Rating, Said, Task, Undone
from surpass.people.links import opened
from surpass.people.standing import fits, in_force, standing
from surpass.store.tasks import TaskStore

LONGEST_COMMENT = 2_000  # characters; the rest is cut
_LONGEST_SECONDS = 3_600.0  # longer than that, somebody was away
ENOUGH_TO_ESTIMATE = 5  # answers of a person, from which on the time left is told


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


class Desk:
    """Queue, links and answers of one project while raters are at work; safe between threads."""

    def __init__(self, folder: Path) -> None:
        self._store = TaskStore(folder)
        queue = self._store.queue()
        if queue is None:
            raise BadInput("There are no tasks yet.", fix="Run `surpass rate start`.")
        self._queue: Queue = queue
        self._lock = threading.Lock()
        ratings = [one for one in self._store.ratings() if one.queue == queue.id]
        self._answered = in_force(ratings)

    def screen(self, secret: str) -> Screen:
        """What the owner of this secret is asked now.

        Raises:
            NoEntry: the secret opens nothing.
        """
        rater = self._rater(secret)
        with self._lock:
            return self._screen(rater)

    def task(self, secret: str, task_id: str) -> Task | None:
        """A task of the secret's owner; none if it is nobody's or somebody else's.

        Raises:
            NoEntry: the secret opens nothing.
        """
        tasks = self._queue.tasks.get(self._rater(secret), ())
        return next((task for task in tasks if task.id == task_id), None)

    def say(
        self, secret: str, task_id: str, said: Said, *, seconds: float | None, comment: str
    ) -> Screen:
        """Keep what somebody said about a task; it is on disk when this returns.

        Saying the same again changes nothing, so that a request may be sent twice. Undo names the
        task that it takes back, and does nothing unless that was the last one.

        Raises:
            NoEntry: the secret opens nothing.
            BadInput: not a task of this person, or not an answer to it.
        """
        rater = self._rater(secret)
        with self._lock:
            tasks = {task.id: task for task in self._queue.tasks.get(rater, ())}
            task = tasks.get(task_id)
            if task is None or not fits(task, said):
                raise BadInput("This is no answer to your task.", fix="Reload the page.")
            if self._changes(rater, task, said):
                rating = Rating(
                    at=now(),
                    queue=self._queue.id,
                    task=task.id,
                    item=task.item,
                    rater=rater,
                    purpose=task.purpose,
                    behind=task.behind,
                    said=said,
                    seconds=plausible(seconds),
                    comment=comment.strip()[:LONGEST_COMMENT],
                )
                self._store.add(rating)
                self._answered = in_force([*self._answered.values(), rating])
            return self._screen(rater)

    def answers(self) -> int:
        """How many tasks are answered or skipped."""
        with self._lock:
            return len(self._answered)

    def _rater(self, secret: str) -> str:
        """Links are read anew each time: a revocation holds from the next request on."""
        link = opened(self._store.links(), secret, self._queue.id, now=now())
        if link is None:
            raise NoEntry(
                "This link does not work: it is mistyped, has expired or was withdrawn.",
                fix="Ask the person who sent it for a new one.",
            )
        return link.rater

    def _changes(self, rater: str, task: Task, said: Said) -> bool:
        current = self._answered.get(task.id)
        if isinstance(said, Undone):
            last = standing(self._queue.tasks[rater], self._answered).last
            return last is not None and last.id == task.id
        return current is None or current.said != said

    def _screen(self, rater: str) -> Screen:
        tasks = self._queue.tasks.get(rater, ())
        place = standing(tasks, self._answered)
        pace = [
            one.seconds
            for one in self._answered.values()
            if one.rater == rater and one.seconds is not None
        ]
        left = None
        if len(pace) >= ENOUGH_TO_ESTIMATE:
            left = statistics.median(pace) * (place.total - place.done)
        return Screen(
            rater=rater,
            title=self._queue.title,
            guideline=self._queue.guideline,
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
