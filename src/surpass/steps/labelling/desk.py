"""The desk at which annotators answer: who may see which row, and what is kept of what they say."""

import threading
from pathlib import Path

from surpass.core.digest import digest_text
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.annotation import Annotation
from surpass.core.records.rating import Queue, Said, Task
from surpass.people.labelling import answer_of, showed_an_answer
from surpass.people.standing import Standing, fits, standing
from surpass.steps.desk import LONGEST_COMMENT, Screen, owner, plausible, screen_of, task_of
from surpass.store.annotations import Annotations, in_force
from surpass.store.tasks import TaskStore


class LabelDesk:
    """Queue, links and answers of one project while people label; safe between threads."""

    def __init__(self, folder: Path) -> None:
        self._tasks = TaskStore(folder, "label")
        self._store = Annotations(folder)
        queue = self._tasks.queue()
        if queue is None:
            raise BadInput("There are no rows to label yet.", fix="Run `surpass label start`.")
        self._queue: Queue = queue
        self._lock = threading.Lock()
        self._said = in_force([one for one in self._store.all() if one.queue == queue.id])

    def screen(self, secret: str) -> Screen:
        """What the owner of this secret is asked now.

        Raises:
            NoEntry: the secret opens nothing.
        """
        person = self._person(secret)
        with self._lock:
            return self._screen(person)

    def task(self, secret: str, task_id: str) -> Task | None:
        """A task of the secret's owner; none if it is nobody's or somebody else's.

        Raises:
            NoEntry: the secret opens nothing.
        """
        return task_of(self._queue, self._person(secret), task_id)

    def say(
        self, secret: str, task_id: str, said: Said, *, seconds: float | None, comment: str
    ) -> Screen:
        """Keep what somebody said about a row; it is on disk when this returns.

        Saying the same again changes nothing, so that a request may be sent twice. Undo names the
        task that it takes back, and does nothing unless that was the last one.

        Raises:
            NoEntry: the secret opens nothing.
            BadInput: not a task of this person, or not an answer to it.
        """
        person = self._person(secret)
        task = task_of(self._queue, person, task_id)
        if task is None or not fits(task, said):
            raise BadInput("This is no answer to your task.", fix="Reload the page.")
        with self._lock:
            told = self._annotation(person, task, said, seconds, comment)
            if self._changes(told, is_last=self._is_last(person, task)):
                self._store.add(told)
                self._said = in_force([*self._said, told])
            return self._screen(person)

    def answers(self) -> int:
        """How many tasks are answered or skipped."""
        with self._lock:
            return len(self._said)

    def _person(self, secret: str) -> str:
        """Links are read anew each time: a revocation holds from the next request on."""
        return owner(self._tasks.links(), secret, self._queue)

    def _annotation(
        self, person: str, task: Task, said: Said, seconds: float | None, comment: str
    ) -> Annotation:
        answer = answer_of(task.payload, said)
        told = f"{answer.comment} {comment.strip()}".strip()
        return Annotation(
            at=now(),
            by=person,
            row=task.item,
            digest=digest_text(task.payload.asked),
            verdict=answer.verdict,
            value=answer.value,
            queue=self._queue.id,
            seconds=plausible(seconds),
            comment=told[:LONGEST_COMMENT],
            saw=showed_an_answer(task.payload),
        )

    def _changes(self, told: Annotation, *, is_last: bool) -> bool:
        if told.verdict == "undone":
            return is_last
        before = [one for one in self._said if (one.row, one.by) == (told.row, told.by)]
        return not any((b.verdict, b.value) == (told.verdict, told.value) for b in before)

    def _is_last(self, person: str, task: Task) -> bool:
        last = self._standing(person).last
        return last is not None and last.id == task.id

    def _standing(self, person: str) -> Standing:
        tasks = self._queue.tasks.get(person, ())
        by_row = {task.item: task.id for task in tasks}
        mine = {by_row[one.row]: one for one in self._of(person) if one.row in by_row}
        return standing(tasks, mine)

    def _of(self, person: str) -> list[Annotation]:
        return [one for one in self._said if one.by == person]

    def _screen(self, person: str) -> Screen:
        seconds = (one.seconds for one in self._of(person))
        return screen_of(self._queue, person, self._standing(person), seconds)
