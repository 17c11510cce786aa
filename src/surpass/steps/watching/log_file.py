"""A log of requests as the user has it, one JSON object a line, read as the journal's frame.

It needs a time and the text that was asked. Of each of these names the first that a line has is
read; further keys are kept only where [watch] slices names them.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.monitor.traffic import CONTROL, LABELLED, RIGHT, VOTE, WEIGHT
from surpass.text.canonical import canonical_text

TRUTH = "truth"
FEEDBACK = VOTE + "feedback"

NAMES: dict[str, tuple[str, ...]] = {
    columns.REQUEST: ("request", "request_id", "id"),
    columns.TASK: ("task",),
    columns.AT: ("at", "time", "timestamp", "created_at", "created"),
    columns.UNIT: ("unit", "user", "user_id", "customer", "session"),
    columns.RELEASE: ("release", "model"),
    columns.STATUS: ("status",),
    columns.FINISH_REASON: ("finish_reason",),
    columns.LATENCY_MS: ("latency_ms",),
    columns.OUTPUT_TOKENS: ("output_tokens", "completion_tokens"),
    columns.INPUT: ("input", "text", "prompt", "messages"),
    columns.OUTPUT: ("output", "answer", "response", "completion"),
    columns.LABEL: ("label", "prediction"),
    columns.CONFIDENCE: ("confidence", "probability"),
    columns.COST: ("cost",),
    TRUTH: ("expected", "truth", "correction"),
    RIGHT: ("right", "correct"),
    LABELLED: ("labelled_at",),
    CONTROL: ("control",),
    WEIGHT: ("weight",),
    FEEDBACK: ("feedback", "rating"),
}
"""Column -> keys of the log that mean it, in order of preference."""

_NUMBERS = {
    columns.LATENCY_MS,
    columns.OUTPUT_TOKENS,
    columns.CONFIDENCE,
    columns.COST,
    RIGHT,
    WEIGHT,
    FEEDBACK,
}
_MOMENTS = {columns.AT, LABELLED}
_MOMENT = pl.Datetime("us", "UTC")

Cell = str | float | bool | datetime | None


def read_log(path: Path, slices: tuple[str, ...] = (), *, timed: bool = True) -> pl.DataFrame:
    """The requests of a log.

    Args:
        path: One JSON object a line; blank lines are skipped.
        slices: Keys kept as attribute columns.
        timed: Each line needs a time; a reference may do without.

    Raises:
        BadInput: no file, no requests, or a line that cannot be read; names it.
    """
    rows = list(_rows(path, slices, timed=timed))
    if not rows:
        raise BadInput(f"{path} holds no requests.", fix="Name a log with one JSON object a line.")
    names = [*NAMES, *(columns.attribute(name) for name in slices)]
    frame = pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=_kind(name)) for name in names}
    )
    unknown = frame[columns.REQUEST].is_null() | frame[columns.REQUEST].is_duplicated()
    line = pl.Series([f"line {number}" for number in range(1, frame.height + 1)])
    frame = frame.with_columns(
        pl.when(unknown).then(line).otherwise(columns.REQUEST).alias(columns.REQUEST)
    )
    return frame.with_columns(
        pl.coalesce(columns.UNIT, columns.REQUEST).alias(columns.UNIT),
        pl.coalesce(RIGHT, _same()).alias(RIGHT),
    ).drop(TRUTH)


def _same() -> pl.Expr:
    """Whether the answer says what was expected."""
    both = pl.struct(pl.coalesce(columns.LABEL, columns.OUTPUT).alias("said"), TRUTH)
    return both.map_elements(_as_expected, return_dtype=pl.Float64)


def _as_expected(both: dict[str, str | None]) -> float | None:
    said, expected = both["said"], both[TRUTH]
    if said is None or expected is None:
        return None
    return float(canonical_text(said) == canonical_text(expected))


def _rows(path: Path, slices: tuple[str, ...], *, timed: bool) -> Iterator[dict[str, Cell]]:
    decode = msgspec.json.Decoder(dict[str, object]).decode
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _row(decode(line), slices, f"{path}:{number}", timed=timed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(
            f"{path}:{number} is not a JSON object.", fix="Mend that line, or leave it out."
        ) from None
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", fix="Name the log of your requests.") from None


def _row(
    line: dict[str, object], slices: tuple[str, ...], where: str, *, timed: bool
) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for column, keys in NAMES.items():
        value = next((line[key] for key in keys if line.get(key) is not None), None)
        found[column] = None if value is None else _cell(column, value, where)
    if timed and found[columns.AT] is None:
        known = ", ".join(NAMES[columns.AT])
        raise BadInput(f"{where} has no time.", fix=f"Write it as one of: {known}.")
    for name in slices:
        value = line.get(name)
        found[columns.attribute(name)] = None if value is None else str(value)
    return found


def _cell(column: str, value: object, where: str) -> Cell:
    """The value in the column's type.

    Raises:
        BadInput: it is of another one.
    """
    try:
        if column in _MOMENTS:
            return _moment(value)
        if column in _NUMBERS:
            return _finite(float(value if isinstance(value, int | float) else str(value)))
    except (ValueError, OverflowError, OSError):
        raise BadInput(
            f"{where}: {column} is {str(value)[:40]!r}.",
            fix="Write times as 2026-01-31T12:00:00Z or as seconds since 1970, amounts as numbers.",
        ) from None
    if column == CONTROL:
        return bool(value)
    return _text(value)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError
    return value


def _moment(value: object) -> datetime:
    if isinstance(value, int | float):
        seconds = value / 1000 if value > 1e11 else value  # milliseconds from 1973 on
        return datetime.fromtimestamp(seconds, UTC)
    found = datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _text(value: object) -> str:
    """Text as it is; of a conversation what the user said last; all else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        said = [
            turn.get("content")
            for turn in value
            if isinstance(turn, dict) and turn.get("role") == "user"
        ]
        if said and isinstance(said[-1], str):
            return said[-1]
    return msgspec.json.encode(value).decode()


def _kind(name: str) -> pl.DataType | type[pl.DataType]:
    if name in _MOMENTS:
        return _MOMENT
    if name in _NUMBERS:
        return pl.Float64
    return pl.Boolean if name == CONTROL else pl.String
