"""The desk at which raters answer: who may see which task, and what is kept of what they say."""

import threading
from pathlib import Path

from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.rating import Queue, Rating, Said, Task, Undone
from surpass.people.standing import fits, in_force, standing
from surpass.steps.desk import LONGEST_COMMENT, Screen, owner, plausible, screen_of, task_of
from surpass.store.tasks import TaskStore


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
        return task_of(self._queue, self._rater(secret), task_id)

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
            task = task_of(self._queue, rater, task_id)
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
        return owner(self._store.links(), secret, self._queue)

    def _changes(self, rater: str, task: Task, said: Said) -> bool:
        current = self._answered.get(task.id)
        if isinstance(said, Undone):
            last = standing(self._queue.tasks[rater], self._answered).last
            return last is not None and last.id == task.id
        return current is None or current.said != said

    def _screen(self, rater: str) -> Screen:
        place = standing(self._queue.tasks.get(rater, ()), self._answered)
        seconds = (one.seconds for one in self._answered.values() if one.rater == rater)
        return screen_of(self._queue, rater, place, seconds)
