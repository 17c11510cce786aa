"""An opened journal: every statement that changes it, for SQLite and PostgreSQL alike."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from surpass.core import columns
from surpass.core.errors import BadInput, BadMachine
from surpass.core.records.journal import Entry, Exposure, Feedback, Finished, Started
from surpass.store.journal_tables import (
    VERSION,
    Cell,
    Query,
    about,
    exposures,
    feedback,
    metadata,
    microseconds,
    requests,
)

Connection = sa.Connection
Row = dict[str, Cell]

_ALONE = 0x5355525041535301  # PostgreSQL's advisory lock of the one writer


class Database:
    """One journal, opened."""

    def __init__(self, address: str, *, writer: bool) -> None:
        """Open it; a writer makes the tables where there are none.

        Raises:
            BadInput: the address cannot be read, or the tables are of another version.
            BadMachine: the database cannot be reached.
        """
        try:
            self._engine = sa.create_engine(address, pool_pre_ping=not address.startswith("sqlite"))
        except (SQLAlchemyError, ImportError) as error:
            raise BadInput(
                f"The journal's address cannot be used: {type(error).__name__}.",
                fix="Write it as postgresql+psycopg://user:password@host/name, and install "
                "surpass[postgres].",
            ) from None
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        if self.is_sqlite:
            sa.event.listen(self._engine, "connect", _write_pragmas if writer else _read_pragmas)
        with self.reached():
            self._prepare(writer=writer)

    def _prepare(self, *, writer: bool) -> None:
        with self._engine.begin() as connection:
            if writer:
                metadata.create_all(connection)
            found = connection.execute(sa.select(about.c.version)).scalars().all()
            if not found and writer:
                connection.execute(about.insert(), [{"version": VERSION}])
                found = [VERSION]
        if found != [VERSION]:
            raise BadInput(
                f"The journal has tables of version {found}; this surpass knows {VERSION}.",
                fix="Use the surpass that wrote it, or name another journal.",
            )

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Turn what the database says into one sentence.

        Raises:
            BadMachine: it cannot be reached, is full or locked, or refuses.
        """
        try:
            yield
        except DBAPIError as error:
            raise BadMachine(
                f"The journal cannot be used: {str(error.orig).strip().splitlines()[0]}.",
                fix="See that its disk has room and its database runs, then start again.",
            ) from None

    def connect_alone(self) -> sa.Connection:
        """The one writer's connection; a PostgreSQL journal is held as long as it lives.

        Raises:
            BadMachine: another process holds it.
        """
        connection = self._engine.connect()
        if not self.is_sqlite:
            held = connection.execute(sa.select(sa.func.pg_try_advisory_lock(_ALONE))).scalar_one()
            connection.commit()
            if not held:
                connection.close()
                raise BadMachine(
                    "Another process writes to this journal.",
                    fix="Stop that server, or give this one a journal of its own.",
                )
        return connection

    def write(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        """Write entries in one transaction: requests first, then what speaks of them."""
        with connection.begin():
            if started := [_row(one) for one in entries if isinstance(one, Started)]:
                connection.execute(requests.insert(), [_new(row) for row in started])
            if met := [_row(one) for one in entries if isinstance(one, Exposure)]:
                connection.execute(self._insert(exposures).on_conflict_do_nothing(), met)
            if done := [_row(one) for one in entries if isinstance(one, Finished)]:
                connection.execute(_FINISH, [_named(row) for row in done])
            if votes := [_row(one) for one in entries if isinstance(one, Feedback)]:
                connection.execute(self._vote(), votes)

    def end_interrupted(self, connection: sa.Connection) -> int:
        """Mark what a crash left half-done; returns how many requests."""
        with connection.begin():
            done = connection.execute(
                requests.update()
                .where(requests.c.status == "started")
                .values({columns.STATUS: "interrupted"})
            )
        return int(done.rowcount)

    def rows(self, query: Query) -> list[tuple[Cell, ...]]:
        """All rows of a query."""
        with self.reached(), self._engine.connect() as connection:
            return [tuple(cast("Sequence[Cell]", row)) for row in connection.execute(query)]

    def forget_unit(self, connection: sa.Connection, unit: str) -> dict[str, int]:
        """Delete all that one unit left; rows deleted, by table."""
        own = sa.select(requests.c.request).where(requests.c.unit == unit)
        with connection.begin():
            votes = feedback.delete().where((feedback.c.unit == unit) | feedback.c.request.in_(own))
            return _deleted(
                connection,
                (feedback, votes),
                (exposures, exposures.delete().where(exposures.c.unit == unit)),
                (requests, requests.delete().where(requests.c.unit == unit)),
            )

    def forget_before(self, connection: sa.Connection, moment: datetime) -> dict[str, int]:
        """Delete all that is older; rows deleted, by table. Exposures stay with their units."""
        before = microseconds(moment)
        old = sa.select(requests.c.request).where(requests.c.at < before)
        with connection.begin():
            votes = feedback.delete().where((feedback.c.at < before) | feedback.c.request.in_(old))
            return _deleted(
                connection,
                (feedback, votes),
                (exposures, exposures.delete().where(exposures.c.at < before)),
                (requests, requests.delete().where(requests.c.at < before)),
            )

    def leave_no_bytes(self) -> None:
        """Write the files anew, so that nothing deleted is left in them.

        PostgreSQL keeps its write-ahead log and backups as its operator set it up.
        """
        checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
        statements = ["VACUUM FULL requests, feedback, exposures"]
        if self.is_sqlite:
            statements = [checkpoint, "VACUUM", checkpoint]
        with self._engine.connect() as connection:
            outside = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                outside.execute(sa.text(statement))

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _insert(self, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def _vote(self) -> "sqlite.Insert | postgresql.Insert":
        """A vote replaces the earlier one of its id; the same vote again changes nothing."""
        insert = self._insert(feedback)
        said = (columns.VALUE, columns.LABEL, columns.COMMENT, columns.CORRECTION)
        differs = sa.or_(
            *(feedback.c[name].is_distinct_from(insert.excluded[name]) for name in said)
        )
        return insert.on_conflict_do_update(
            index_elements=[feedback.c.feedback],
            set_={name: insert.excluded[name] for name in (*said, columns.AT)},
            where=differs,
        )


def file_address(file: Path) -> str:
    """SQLite's address of a file, whatever characters are in its name."""
    return sa.URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


_FINISH = (
    requests.update()
    .where(requests.c.request == sa.bindparam("of_request"))
    .values({name: sa.bindparam(f"new_{name}") for name in Finished.__struct_fields__[1:]})
)


def _named(row: Row) -> Row:
    """The parameters of _FINISH."""
    return {("of_" if name == columns.REQUEST else "new_") + name: row[name] for name in row}


def _new(row: Row) -> Row:
    return {**row, columns.STATUS: "started"}


def _row(entry: Entry) -> Row:
    """An entry as cells that both databases take."""
    return {name: _cell(value) for name, value in msgspec.structs.asdict(entry).items()}


def _cell(value: str | float | datetime | None) -> Cell:
    """PostgreSQL takes no NUL in a text, and neither takes half a character."""
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, str):
        return value.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")
    return value


def _deleted(connection: sa.Connection, *tables: tuple[sa.Table, sa.Delete]) -> dict[str, int]:
    return {str(table.name): int(connection.execute(one).rowcount) for table, one in tables}


def _write_pragmas(connection: DBAPIConnection, _: object) -> None:
    _run(
        connection,
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",  # a committed row outlives a power cut
        "PRAGMA secure_delete=ON",
        "PRAGMA busy_timeout=5000",
    )


def _read_pragmas(connection: DBAPIConnection, _: object) -> None:
    _run(connection, "PRAGMA query_only=ON", "PRAGMA busy_timeout=5000")


def _run(connection: DBAPIConnection, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
