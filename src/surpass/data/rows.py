"""Rows as a file holds them: every column as text, with the line that each row began on."""

import msgspec
import polars as pl

from surpass.core.errors import BadInput


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one file, before anybody said what the columns mean."""

    file: str  # as people name it
    frame: pl.DataFrame  # every column str; missing values are null
    lines: pl.Series  # u32: line that the row begins on; of Parquet the row's number; of answers
    # in one conversation str: "17.2" is the second answer of line 17
    warnings: tuple[str, ...] = ()
    turns: pl.Series | None = None  # TURNS of core/columns.py, where a conversation is continued


def rows_of(frame: pl.DataFrame, file: str) -> Rows:
    """Rows of a frame in memory, numbered from 1; values that are not text become text."""
    lines = pl.Series("line", range(1, frame.height + 1), dtype=pl.UInt32)
    columns = [_as_text(column, file) for column in frame]
    return Rows(file=file, frame=pl.DataFrame(columns), lines=lines)


def _as_text(column: pl.Series, file: str) -> pl.Series:
    if column.dtype == pl.String:
        return column
    if column.dtype.is_nested():
        encoded = [None if value is None else _json(value) for value in column.to_list()]
        return pl.Series(column.name, encoded, dtype=pl.String)
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        raise BadInput(
            f"{file}: the column {column.name!r} ({column.dtype}) cannot be read as text.",
            fix="Leave the column out of the file, or store it as text.",
        ) from None


def _json(value: object) -> str:
    """Compact JSON of a nested value, keys in their order; null for what is no number."""
    return msgspec.json.encode(value).decode()
