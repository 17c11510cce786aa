"""Frames in memory become a file of rows in the project, so that its versions can be kept."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from surpass.core.errors import BadInput
from surpass.data.rows import rows_of
from surpass.steps.init import require_no_project

FRAME_FILE = "rows.parquet"
_MISSING = {"NAType", "NaTType"}  # of pandas, which is not imported to ask


def rows_file(given: object, folder: Path) -> Path:
    """The file itself, or `rows.parquet` in the folder with the frame's rows as text.

    Args:
        given: A path, a polars or pandas frame, or columns by name.
        folder: Of the project that is to be.

    Raises:
        BadInput: none of these, columns of unequal length, no rows, or a file that is there.
    """
    if isinstance(given, str | Path):
        return Path(given)
    frame = rows_of(_frame(given), "The frame").frame
    if frame.is_empty():
        raise BadInput("The frame has no rows.", fix="Bring one with rows.")
    require_no_project(folder)
    path = folder / FRAME_FILE
    if path.exists():
        raise BadInput(f"{path} exists already.", fix="Remove it, or name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return path


def _frame(given: object) -> pl.DataFrame:
    if isinstance(given, pl.DataFrame):
        return given
    to_dict = getattr(given, "to_dict", None)
    by_name = to_dict("list") if callable(to_dict) else given
    if not isinstance(by_name, Mapping):
        raise BadInput(
            f"A project is made from a file or a frame, not from a {type(given).__name__}.",
            fix="Bring a path, a polars or pandas frame, or a dictionary of columns.",
        )
    lengths = {str(name): len(column) for name, column in by_name.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise BadInput(f"The columns differ in length ({listed}).", fix="Bring equal ones.")
    texts = {str(name): _texts(column, str(name)) for name, column in by_name.items()}
    return pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))


def _texts(column: Sequence[object], name: str) -> list[str | None]:
    try:
        return [_text(value) for value in column]
    except (TypeError, ValueError):
        raise BadInput(
            f"The column {name!r} holds values that are no JSON.",
            fix="Leave it out, or store it as text.",
        ) from None


def _text(value: object) -> str | None:
    """A cell as text; lists and records as JSON."""
    if value is None or type(value).__name__ in _MISSING:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, date):  # datetimes and the timestamps of pandas are dates too
        return value.isoformat()
    if isinstance(value, float):
        return None if math.isnan(value) else repr(value)
    if hasattr(value, "tolist"):  # numpy's arrays and numbers
        value = value.tolist()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
