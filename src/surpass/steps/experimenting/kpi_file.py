"""A file of numbers by unit: what the business counts."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from surpass.core.columns import AT, UNIT
from surpass.core.errors import BadInput
from surpass.serve.capture import digest_name

_READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": pl.read_csv,
    ".jsonl": pl.read_ndjson,
    ".ndjson": pl.read_ndjson,
    ".parquet": pl.read_parquet,
}


def read_kpi(path: Path) -> pl.DataFrame:
    """Read it: column `unit`, column `at` (ISO 8601; without a zone it is UTC), and numbers.

    Raises:
        BadInput: no such file, not readable, or one of the two columns is missing.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(
            f"{path} is no KPI file.", fix=f"Name a file that ends in {', '.join(_READERS)}."
        )
    try:
        frame = reader(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        told = str(error).strip().splitlines()[0]
        raise BadInput(f"{path} cannot be read: {told}.", fix="Mend the file.") from None
    for name in (UNIT, AT):
        if name not in frame.columns:
            raise BadInput(
                f"{path} has no column `{name}`; it has {', '.join(frame.columns) or 'none'}.",
                fix="Give each row its unit, and the moment at which it happened.",
            )
    return frame.with_columns(pl.col(UNIT).cast(pl.String), _moments(frame, path).alias(AT))


def as_journaled(kpi: pl.DataFrame, units: set[str]) -> pl.DataFrame:
    """The same rows under the names that the journal has: addresses stand there as digests."""
    names = {
        name: hidden
        for name in kpi[UNIT].drop_nulls().unique()
        if name not in units and (hidden := digest_name(name)) in units
    }
    return kpi.with_columns(pl.col(UNIT).replace(names)) if names else kpi


def _moments(frame: pl.DataFrame, path: Path) -> pl.Series:
    column = frame[AT]
    if column.dtype == pl.Date:
        column = column.cast(pl.Datetime("us"))
    if isinstance(column.dtype, pl.Datetime):
        aware = column.dtype.time_zone is not None
        found = column.dt.convert_time_zone("UTC") if aware else column.dt.replace_time_zone("UTC")
        return found.dt.cast_time_unit("us")
    texts = column.cast(pl.String)
    try:
        return texts.str.to_datetime(time_unit="us", time_zone="UTC")
    except pl.exceptions.PolarsError:
        raise BadInput(
            f"Column `{AT}` of {path} does not hold moments alone.",
            fix="Write them all alike, as 2026-11-24T09:30:00Z.",
        ) from None
