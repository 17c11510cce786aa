"""Rows with several accepted answers: a column of lists beside the expected one."""

import msgspec
import polars as pl

from surpass.core.columns import REFERENCES
from surpass.core.errors import BadInput
from surpass.data.rows import Rows


def reference_lists(rows: Rows, name: str) -> pl.Series:
    """The column's lists of texts as REFERENCES; null where a row has none.

    Files without lists hold them as JSON: ["One answer.", "Another."]. An empty field is none.

    Raises:
        BadInput: a field is no list of texts.
    """
    found: list[list[str] | None] = []
    for text, line in zip(rows.frame[name], rows.lines, strict=True):
        if text is None or not text.strip():
            found.append(None)
            continue
        try:
            found.append(msgspec.json.decode(text, type=list[str]))
        except (msgspec.MsgspecError, RecursionError):
            raise BadInput(
                f"{rows.file}:{line}: {name!r} holds no list of texts ([data] references).",
                fix='Write a JSON list of texts there, such as ["one", "another"].',
            ) from None
    return pl.Series(REFERENCES, found, dtype=pl.List(pl.String))
