"""CSV and TSV as rows: quoted line breaks, ragged lines, fields of any size."""

import csv
import io
import sys
from collections import Counter
from typing import Literal

import polars as pl

from surpass.core.errors import BadInput
from surpass.core.wording import counted
from surpass.data.rows import Rows


def parse_delimited(text: str, file: str, delimiter: str) -> Rows:
    """Parse the text of a file with a header line; an empty field is a missing value.

    A header without a comma but with semicolons or tabs is split at those. Blank lines are skipped.

    Raises:
        BadInput: no rows, repeated names in the header, a line with too many or too few fields, a
            quote that never closes.
    """
    delimiter, warnings = _delimiter(text, file, delimiter)
    try:
        records = _records(text, file, delimiter)
    except BadInput:
        if delimiter != "\t":
            raise
        records = _records(text, file, delimiter, csv.QUOTE_NONE)  # as the TSV standard has it
        warnings = (*warnings, f"{file} has unpaired quotes, so quotes were read as characters.")
    names = _names(records[0][1] if records else [], file)
    for line, fields in records[1:]:
        if len(fields) != len(names):
            raise BadInput(
                f"{file}:{line} has {counted(len(fields), 'field')}, the header has {len(names)}.",
                fix="Put text that holds the separator or a line break in double quotes.",
            )
    if len(records) < 2:
        raise BadInput(f"{file} has a header but no rows.", fix="Name a file with rows.")
    columns = zip(*(fields for _, fields in records[1:]), strict=True)
    cells = [
        pl.Series(name, column, dtype=pl.String)
        for name, column in zip(names, columns, strict=True)
    ]
    lines = pl.Series("line", [line for line, _ in records[1:]], dtype=pl.UInt32)
    frame = pl.DataFrame(cells).with_columns(pl.all().replace("", None))
    return Rows(file=file, frame=frame, lines=lines, warnings=warnings)


def _delimiter(text: str, file: str, declared: str) -> tuple[str, tuple[str, ...]]:
    """The separator in the header line, and a warning where it is not the declared one."""
    header = text.lstrip().partition("\n")[0]
    others = [mark for mark in ("\t", ";", ",") if mark in header]
    if declared in header or not others:
        return declared, ()
    return others[0], (f"{file} has fields separated by {others[0]!r}, not {declared!r}.",)


def _records(
    text: str, file: str, delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> list[tuple[int, list[str]]]:
    """First line and fields of every record that is not blank, the header included."""
    csv.field_size_limit(sys.maxsize)  # the default of 131,072 characters refuses real documents
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    records, line = [], 1
    try:
        for fields in reader:
            if len(fields) > 1 or "".join(fields).strip():
                records.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"{file}:{line} is not valid: {error}.",
            fix='Close the double quote; a quote inside a quoted field is written twice ("").',
        ) from None
    return records


def _names(header: list[str], file: str) -> list[str]:
    """Names of the columns; a nameless one is called after its place."""
    names = [name.strip() or f"column {place}" for place, name in enumerate(header, start=1)]
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise BadInput(
            f"{file}:1 names the column {repeated[0]!r} more than once.",
            fix="Give every column its own name.",
        )
    return names
