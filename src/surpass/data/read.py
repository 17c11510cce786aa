"""Read rows of CSV, TSV, JSONL, JSON or Parquet, or say which line of which file is wrong."""

from pathlib import Path

import polars as pl

from surpass.core.errors import BadInput
from surpass.data.decode import read_text
from surpass.data.delimited import parse_delimited
from surpass.data.json_rows import parse_array, parse_jsonl
from surpass.data.rows import Rows, rows_of

_FORMATS = ".csv, .tsv, .jsonl, .ndjson, .json or .parquet"


def read_rows(path: Path, name: str = "") -> Rows:
    """Read all rows of a file as text; the ending of its name says the format.

    Args:
        path: The file; for Parquet also a folder of .parquet files.
        name: How errors and sources call it; none: its own name.

    Raises:
        BadInput: the file is missing, empty, binary, damaged or of another format.
    """
    name = name or path.name
    ending = path.suffix.lower()
    if ending == ".parquet" or (path.is_dir() and any(path.glob("*.parquet"))):
        return rows_of(_read_parquet(path), name)
    if ending not in {".csv", ".tsv", ".jsonl", ".ndjson", ".json"} and not path.is_dir():
        fix = "Unpack it with `gunzip`." if ending == ".gz" else f"Name it {_FORMATS}."
        raise BadInput(f"{path} has no ending that says its format.", fix=fix)
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
    return parse_jsonl(text, name)


def _read_parquet(path: Path) -> pl.DataFrame:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not path.exists():
        raise BadInput(f"There is no file {path}.", fix="Check the name and the folder.")
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
