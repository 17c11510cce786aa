"""What people are asked (.surpass/rating, .surpass/label), and their ratings (answers/)."""

from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.rating import Link, Queue, Rating
from surpass.store.durable import append_line, whole_lines, write_file

T = TypeVar("T")
_COMMANDS = {"rating": "rate", "label": "label"}


class TaskStore:
    """Queue, links and ratings of one project. One process writes at a time.

    Labelling has a queue and links of its own; what annotators say is in store/annotations.py.
    """

    def __init__(self, folder: Path, work: Literal["rating", "label"] = "rating") -> None:
        self.home = folder / ".surpass" / work
        self._queue = self.home / "queue.json"
        self._links = self.home / "links.json"
        self._ratings = folder / "answers" / "ratings.jsonl"

    def queue(self) -> Queue | None:
        """The queue in force, or none."""
        return _decoded(self._queue, Queue) if self._queue.exists() else None

    def put_queue(self, queue: Queue) -> None:
        """Replace the queue; answers to an earlier one stay where they are."""
        write_file(self._queue, msgspec.json.encode(queue))

    def links(self) -> tuple[Link, ...]:
        """All links that were ever made for the queue in force."""
        return _decoded(self._links, tuple[Link, ...]) if self._links.exists() else ()

    def put_links(self, links: tuple[Link, ...]) -> None:
        """Replace the links."""
        write_file(self._links, msgspec.json.encode(links))

    def ratings(self) -> list[Rating]:
        """Everything that was said, oldest first; what a kill left half-written is not there.

        Raises:
            BadInput: a whole line is no rating.
        """
        if not self._ratings.exists():
            return []
        found = []
        for number, line in enumerate(whole_lines(self._ratings.read_bytes()), 1):
            try:
                found.append(msgspec.json.decode(line, type=Rating))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._ratings}:{number} is not a rating ({error}).",
                    fix="Mend or remove that line.",
                ) from None
        return found

    def add(self, rating: Rating) -> None:
        """Keep one rating; it is on disk when this returns."""
        append_line(self._ratings, msgspec.json.encode(rating))


def _decoded(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path} cannot be read ({error}).",
            fix=f"Make the tasks anew: `surpass {_COMMANDS[path.parent.name]} start --anew`.",
        ) from None
