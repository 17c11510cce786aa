"""The journal: what happened in production, on disk before it is acknowledged.

One process writes, through one thread that commits together what came meanwhile; any number read.
"""

from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

import polars as pl

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.core.records.journal import Entry
from surpass.store import journal_database as database
from surpass.store import journal_tables as tables
from surpass.store.journal_writer import Writer
from surpass.store.lock import only_command

Schema = dict[str, type[pl.DataType] | pl.DataType]

_MOMENT = pl.Datetime("us", "UTC")
REQUESTS: Schema = {
    columns.REQUEST: pl.String,
    columns.TASK: pl.String,
    columns.AT: _MOMENT,
    columns.UNIT: pl.String,
    columns.SESSION: pl.String,
    columns.MODEL: pl.String,
    columns.RELEASE: pl.String,
    columns.EXPERIMENT: pl.String,
    columns.ARM: pl.String,
    columns.STATUS: pl.String,
    columns.FINISH_REASON: pl.String,
    columns.LATENCY_MS: pl.Float64,
    columns.FIRST_TOKEN_MS: pl.Float64,
    columns.INPUT_TOKENS: pl.Int64,
    columns.OUTPUT_TOKENS: pl.Int64,
    columns.INPUT: pl.String,
    columns.OUTPUT: pl.String,
    columns.LABEL: pl.String,
    columns.CONFIDENCE: pl.Float64,
    columns.COST: pl.Float64,
    columns.KEY: pl.String,
}
FEEDBACK: Schema = {
    columns.FEEDBACK: pl.String,
    columns.REQUEST: pl.String,
    columns.SESSION: pl.String,
    columns.UNIT: pl.String,
    columns.NAME: pl.String,
    columns.VALUE: pl.Float64,
    columns.LABEL: pl.String,
    columns.COMMENT: pl.String,
    columns.CORRECTION: pl.String,
    columns.AT: _MOMENT,
    columns.KEY: pl.String,
}
EXPOSURES: Schema = {
    columns.EXPERIMENT: pl.String,
    columns.UNIT: pl.String,
    columns.ARM: pl.String,
    columns.SHARE: pl.Float64,
    columns.AT: _MOMENT,
    columns.REQUEST: pl.String,
}


class Asked(NamedTuple):
    """Who made a request, as far as feedback on it must know."""

    request: str
    unit: str
    session: str | None
    key: str | None


class Journal:
    """An open journal; `with` closes it."""

    def __init__(self, opened: database.Database, writer: Writer | None, held: ExitStack) -> None:
        self._database, self._writer, self._held = opened, writer, held

    @classmethod
    def open(cls, place: Path | str, *, writer: bool = False) -> Self:
        """Open the journal of a project's folder, or the one at a PostgreSQL address.

        A writer holds it alone, and marks what a crash left half-done as interrupted.

        Raises:
            CannotTell: to be read, but nothing was ever written.
            BadInput: the address is none, or the tables are of another version.
            BadMachine: another process writes to it, or the database cannot be reached.
        """
        with ExitStack() as held:
            if isinstance(place, Path):
                if writer:
                    held.enter_context(only_command(place / ".surpass" / "serving"))
                address = _address(place, writer=writer)
            else:
                address = place
            opened = database.Database(address, writer=writer)
            held.callback(opened.close)
            return cls(opened, Writer(opened) if writer else None, held.pop_all())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is waiting, then let go of it."""
        if self._writer is not None:
            self._writer.stop()
        self._held.close()

    def write(self, *entries: Entry) -> None:
        """Write entries in one transaction; returns when they are on disk.

        Raises:
            BadMachine: they could not be written.
        """
        self.submit(*entries).result()

    def submit(self, *entries: Entry) -> "Future[None]":
        """The same without waiting: the future is done when the entries are on disk."""
        return self._the_writer.submit(entries)

    def requests(
        self,
        task: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pl.DataFrame:
        """Requests in the order they came: columns as in core/columns.py.

        Args:
            task: Its name; None: of all tasks.
            since: From this moment on, with a time zone.
            until: Before this moment.
        """
        return self._frame(tables.requests_of(task, since, until), REQUESTS)

    def feedback(
        self,
        task: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pl.DataFrame:
        """Votes in the order they came, each unit's last one on a request and name."""
        return self._frame(tables.feedback_of(task, since, until), FEEDBACK)

    def exposures(self, experiment: str) -> pl.DataFrame:
        """The first meeting of each unit with an experiment."""
        return self._frame(tables.exposures_of(experiment), EXPOSURES)

    def asked(self, request: str) -> Asked | None:
        """Who made a request; None: nobody did."""
        return _asked(self._database.rows(tables.one_request(request)))

    def asked_in(self, session: str, key: str | None) -> Asked | None:
        """The last request of a conversation that this key made."""
        return _asked(self._database.rows(tables.last_of_session(session, key)))

    def forget_unit(self, unit: str) -> dict[str, int]:
        """Delete a unit's requests, votes and exposures, and their bytes; rows by table."""
        return self._the_writer.alone(lambda held: self._database.forget_unit(held, unit))

    def forget_before(self, moment: datetime) -> dict[str, int]:
        """The same with everything that is older than a moment."""
        return self._the_writer.alone(lambda held: self._database.forget_before(held, moment))

    @property
    def _the_writer(self) -> Writer:
        if self._writer is None:
            raise RuntimeError("this journal was opened for reading")
        return self._writer

    def _frame(self, query: tables.Query, schema: Schema) -> pl.DataFrame:
        cells = {**schema, columns.AT: pl.Int64}
        frame = pl.DataFrame(self._database.rows(query), schema=cells, orient="row")
        return frame.with_columns(pl.from_epoch(columns.AT, "us").dt.replace_time_zone("UTC"))


def _address(folder: Path, *, writer: bool) -> str:
    """SQLite's address of a project's journal.

    Raises:
        CannotTell: there is none to read.
    """
    file = (folder / ".surpass" / "journal.db").resolve()
    if not writer and not file.exists():
        raise CannotTell(
            f"There is no journal in {folder.resolve()}: nothing was served yet.",
            fix="Run `surpass serve`.",
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    return database.file_address(file)


def _asked(rows: list[tuple[tables.Cell, ...]]) -> Asked | None:
    if not rows:
        return None
    row = dict(zip(REQUESTS, rows[0], strict=True))
    session, key = row[columns.SESSION], row[columns.KEY]
    return Asked(
        request=str(row[columns.REQUEST]),
        unit=str(row[columns.UNIT]),
        session=None if session is None else str(session),
        key=None if key is None else str(key),
    )
