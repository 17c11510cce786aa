"""The one thread that writes to a journal: it commits together whatever came meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import NamedTuple

from surpass.core.records.journal import Entry
from surpass.store.journal_database import Connection, Database

MOST_AT_ONCE = 512  # writes of one commit; more would make the first of them wait

Deleted = dict[str, int]


class Writes(NamedTuple):
    """Entries that belong together, and who waits for them."""

    entries: tuple[Entry, ...]
    done: "Future[None]"


class Writer:
    """Writes while it lives; `stop` writes what is waiting and ends it.

    A commit waits for the disk, and meanwhile others come: so the more come, the more share one
    wait, and nobody lingers for company (group commit).
    """

    def __init__(self, database: Database) -> None:
        """Take hold of the database, and mark what a crash left half-done.

        Raises:
            BadMachine: another process writes to it, or it cannot be reached.
        """
        self._database = database
        self._waiting: SimpleQueue[Writes | None] = SimpleQueue()
        self._alone = threading.Lock()  # whoever holds it may use the connection
        self._connection: Connection | None = None
        with database.reached():
            database.end_interrupted(self._connected())
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    def submit(self, entries: tuple[Entry, ...]) -> "Future[None]":
        """Write entries; the future is done when they are on disk."""
        writes = Writes(entries, Future())
        self._waiting.put(writes)
        return writes.done

    def alone(self, delete: Callable[[Connection], Deleted]) -> Deleted:
        """Delete between two commits, then leave no bytes of it in the files."""
        with self._alone, self._database.reached():
            deleted = delete(self._connected())
            if any(deleted.values()):
                self._database.leave_no_bytes()
        return deleted

    def stop(self) -> None:
        """Write what is waiting, then let go of the database."""
        self._waiting.put(None)
        self._thread.join()
        self._disconnect()

    def _work(self) -> None:
        ending = False
        while not ending:
            taken, ending = self._next()
            # From here on nobody can cancel them: a future that is cancelled takes no result.
            together = [one for one in taken if one.done.set_running_or_notify_cancel()]
            if together:
                with self._alone:
                    self._commit(together)

    def _next(self) -> tuple[list[Writes], bool]:
        """What waits, up to MOST_AT_ONCE; whether the end was reached."""
        together: list[Writes] = []
        one = self._waiting.get()
        while one is not None:
            together.append(one)
            if len(together) == MOST_AT_ONCE:
                return together, False
            try:
                one = self._waiting.get_nowait()
            except Empty:
                return together, False
        return together, True

    def _commit(self, together: list[Writes]) -> None:
        """All at once; where that fails each for itself, so that a bad one harms no other."""
        error = self._try([entry for one in together for entry in one.entries])
        if error is not None and len(together) > 1:
            for one in together:
                self._commit([one])
            return
        for one in together:
            if error is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(error)

    def _try(self, entries: list[Entry]) -> Exception | None:
        try:
            with self._database.reached():
                self._database.write(self._connected(), entries)
        except Exception as error:  # noqa: BLE001 (carried to whoever waits; the thread lives on)
            self._disconnect()  # it may be broken; the next one is fresh
            return error
        return None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._database.connect_alone()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # given back, PostgreSQL's lock would live on in the pool
            self._connection.close()
            self._connection = None
