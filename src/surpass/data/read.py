"""Read rows of CSV, TSV, JSONL, JSON or Parquet, or say which line of which file is wrong."""

from pathlib import Path

import polars as pl

from surpass.core.errors import BadInput
from surpass.data.decode import ENDINGS, read_text, require_file
from surpass.data.delimited import parse_delimited
from surpass.data.folders import read_folder
from surpass.data.json_rows import parse_array, parse_jsonl, refuse_one_object
from surpass.data.rows import Rows, rows_of

_SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers"}
_PACKED = {".gz": "gunzip", ".bz2": "bunzip2", ".xz": "unxz", ".zst": "unzstd", ".zip": "unzip"}


def read_rows(path: Path, name: str = "") -> Rows:
    """Read all rows of a file as text; the ending of its name says the format.

    Args:
        path: The file; or a folder of .parquet files, of a saved dataset, or of texts.
        name: How errors and sources call it; none: its own name.

    Raises:
        BadInput: the file is missing, empty, binary, damaged or of another format.
    """
    name = name or path.name
    ending = path.suffix.lower()
    if path.is_dir() and not any(path.glob("*.parquet")):
        return read_folder(path, name)
    if ending == ".parquet" or path.is_dir():
        return rows_of(_read_parquet(path), name)
    require_file(path)
    if ending not in ENDINGS:
        raise _unknown_format(path, ending)
    text, warnings = read_text(path)
    rows = _parsed(text, name, ending)
    return Rows(file=name, frame=rows.frame, lines=rows.lines, warnings=(*warnings, *rows.warnings))


def _parsed(text: str, name: str, ending: str) -> Rows:
    if ending == ".csv":
        return parse_delimited(text, name, ",")
    if ending == ".tsv":
        return parse_delimited(text, name, "\t")
    if ending == ".json" and text.lstrip().startswith("["):
        return parse_array(text, name)
    if ending == ".json":
        refuse_one_object(text, name)
    return parse_jsonl(text, name)


def _unknown_format(path: Path, ending: str) -> BadInput:
    """What the ending says, and what to make of the file instead."""
    if ending in _SHEETS:
        return BadInput(
            f"{path} is a spreadsheet, which is not read.",
            fix="Save the sheet as CSV (UTF-8) and name that file.",
        )
    if ending in _PACKED:
        return BadInput(f"{path} is packed.", fix=f"Unpack it with `{_PACKED[ending]}` first.")
    return BadInput(
        f"{path} has the ending {ending}, which names no format of rows."
        if ending
        else f"{path} has no ending that says its format.",
        fix=f"If it holds rows, name it {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
    )


def _read_parquet(path: Path) -> pl.DataFrame:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not path.exists():
        require_file(path)
    try:
        parts = [pl.read_parquet(file, glob=False) for file in files]
        frame = pl.concat(parts, how="diagonal_relaxed")
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(
            f"{path} is not a readable Parquet file: {reason}.", fix="Write the file again."
        ) from None
    if frame.is_empty():
        raise BadInput(f"{path} has no rows.", fix="Name a file with rows.")
    return frame
