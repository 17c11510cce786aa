"""Events that wait for a tracker: one file each, so that a tracker that is down loses nothing.

Layout: `.surpass/outbox/TRACKER/waiting/` and `sent/`, with files `TIME-KIND-RUN-KEY.json`. A file
moves from the one to the other once the tracker has taken it; that it is in either says that the
event was told, so telling it again does nothing.
"""

import fcntl
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from surpass.core.digest import digest_text, short
from surpass.core.records.tracking import AnyEvent
from surpass.release.tracker import Tracker
from surpass.store.durable import write_file

_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_BATCH = 200


class Outbox:
    """The events of one project for one tracker."""

    def __init__(self, folder: Path) -> None:
        self._waiting, self._sent = folder / "waiting", folder / "sent"
        self._lock = folder / "lock"

    def add(self, event: AnyEvent) -> bool:
        """Keep an event until it is delivered; False if it was kept before."""
        name = name_of(event)
        if any(self._files(f"*-{name}.json")):
            return False
        write_file(self._waiting / f"{time.time_ns():020d}-{name}.json", msgspec.json.encode(event))
        return True

    def told(self, kind: str, run: str) -> list[str]:
        """Keys of the events of a kind and a run that were kept already."""
        mark = f"-{kind}-{_named(run)}-"
        return [path.stem.partition(mark)[2] for path in self._files(f"*{mark}*.json")]

    def waiting(self) -> list[Path]:
        """Files of events that no tracker has taken yet, the oldest first."""
        return sorted(self._waiting.glob("*.json"))

    def deliver(self, tracker: Tracker) -> int:
        """Tell the tracker what waits; how many it took. Nothing where another process does it.

        Raises:
            Undelivered: it did not take them; what it did not take waits on.
        """
        with self._alone() as alone:
            return sum(self._batch(tracker, one) for one in self._batches()) if alone else 0

    def _batch(self, tracker: Tracker, batch: Sequence[tuple[Path, AnyEvent]]) -> int:
        tracker.deliver([event for _, event in batch])
        self._sent.mkdir(parents=True, exist_ok=True)
        for path, _ in batch:
            path.rename(self._sent / path.name)
        return len(batch)

    def _batches(self) -> Iterator[list[tuple[Path, AnyEvent]]]:
        """Neighbours of one run together: some trackers open and close a run for each batch."""
        batch: list[tuple[Path, AnyEvent]] = []
        for path in self.waiting():
            event = _read(path)
            if event is None:
                continue
            if batch and (batch[-1][1].run != event.run or len(batch) == _LONGEST_BATCH):
                yield batch
                batch = []
            batch.append((path, event))
        if batch:
            yield batch

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether this process delivers; the system gives the lock back when it dies."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _files(self, pattern: str) -> Iterator[Path]:
        for folder in (self._waiting, self._sent):
            yield from folder.glob(pattern)


def name_of(event: AnyEvent) -> str:
    """Kind, run and key of an event as a file's name."""
    kind = str(event.__struct_config__.tag).replace(" ", "")
    return f"{kind}-{_named(event.run)}-{_named(event.key)}"


def _named(text: str) -> str:
    """A text as part of a file's name: itself where it is short and plain, else its digest."""
    plain = not _PLAIN.search(text) and 0 < len(text) <= 24
    return text if plain else short(digest_text(text))


def _read(path: Path) -> AnyEvent | None:
    """The event in a file; none where it is no event of this version, which then waits on."""
    try:
        found: AnyEvent = msgspec.json.decode(path.read_bytes(), type=AnyEvent)
    except (msgspec.DecodeError, UnicodeDecodeError, FileNotFoundError):
        return None
    return found
