"""JSONL and JSON arrays as rows: numbers keep their text, nested values stay compact JSON."""

import json
import re
from collections.abc import Iterable

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.data.rows import Rows

_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")

_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def parse_jsonl(text: str, file: str) -> Rows:
    """One JSON object a line; blank lines are skipped.

    Raises:
        BadInput: a line is not a JSON object; names it.
    """
    numbered = ((number, line) for number, line in enumerate(text.split("\n"), start=1))
    return _rows(((number, line) for number, line in numbered if line.strip()), file)


def parse_array(text: str, file: str) -> Rows:
    """A JSON array of objects.

    Raises:
        BadInput: not an array, or an element is not an object; names its line.
    """
    whole = _repaired(text)
    try:
        elements = _decode_array(whole)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(
            f"{file} is not a JSON array: {_fault(whole, error)}.", fix="Mend it there."
        ) from None
    located, position, line = [], 0, 1
    for element in elements:
        piece = bytes(element).decode()
        begin = whole.index(piece, position)
        line += whole.count("\n", position, begin)
        located.append((line, piece))
        line += piece.count("\n")
        position = begin + len(piece)
    return _rows(located, file)


def refuse_one_object(text: str, file: str) -> None:
    """Refuse a .json file whose rows stand inside one object.

    Raises:
        BadInput: the whole file is one object that stretches over lines or holds a list of rows.
    """
    try:
        fields = _decode_object(_repaired(text))
    except (msgspec.DecodeError, RecursionError):
        return
    lists = [name for name, raw in fields.items() if bytes(raw).startswith(b"[")]
    if lists or "\n" in text.strip():
        inside = f"the list {lists[0]!r}" if lists else "no list of rows"
        fix = f"Save {inside} alone" if lists else "Save a list of objects: [{…}, {…}]"
        raise BadInput(
            f"{file} holds one JSON object with {inside}; rows are read from a list of objects.",
            fix=f"{fix}, or one object a line as .jsonl.",
        )


def compact(raw: str) -> str:
    """Valid JSON without spaces between its parts, letters written out, numbers untouched."""

    def part(match: re.Match[str]) -> str:
        found = match.group(1)
        if not found or "\\" not in found:
            return found or ""
        return json.dumps(json.loads(found), ensure_ascii=False)

    return _STRING_OR_SPACE.sub(part, raw)


def _rows(located: Iterable[tuple[int, str]], file: str) -> Rows:
    """Rows of (line, text of a JSON object); columns in the order in which they first appear."""
    columns: dict[str, list[str | None]] = {}
    lines: list[int] = []
    for line, text in located:
        for name, raw in _object(text, f"{file}:{line}").items():
            column = columns.setdefault(name, [])
            column.extend([None] * (len(lines) - len(column)))
            column.append(_value(bytes(raw).decode()))
        lines.append(line)
    if not lines or not columns:
        raise BadInput(f"{file} has no rows.", fix="Name a file with rows.")
    for column in columns.values():
        column.extend([None] * (len(lines) - len(column)))
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in columns.items()]
    )
    return Rows(file=file, frame=frame, lines=pl.Series("line", lines, dtype=pl.UInt32))


def _object(text: str, where: str) -> dict[str, msgspec.Raw]:
    try:
        return _decode_object(_repaired(text))
    except msgspec.ValidationError:
        raise BadInput(
            f"{where} is JSON, but not an object with named fields.",
            fix='Write each row as {"name": value, …} on a line of its own.',
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(f"{where} is not JSON: {_fault(text, error)}.", fix=_advice(text)) from None


def _fault(text: str, error: Exception) -> str:
    """What is wrong and at which character; a line too where there are several."""
    try:
        json.loads(text.rstrip())
    except json.JSONDecodeError as found:
        line = f"line {found.lineno}, " if "\n" in text.strip() else ""
        shown = text[found.pos : found.pos + 12].partition("\n")[0]
        near = f", before {shown!r}" if shown else ", where it ends"
        return f"{found.msg[:1].lower()}{found.msg[1:]} at {line}character {found.colno}{near}"
    except RecursionError:
        return "it is nested too deeply"
    return str(error).partition(": ")[2].partition(" (byte")[0] or str(error)


def _advice(text: str) -> str:
    if re.search(r"\b(NaN|-?Infinity)\b", text):
        return "Write null for a number that is missing: JSON has no NaN or Infinity."
    return "Write each row as one JSON object on a line of its own."


def _value(raw: str) -> str | None:
    """A JSON value as text: strings as they are, null as missing, the rest as compact JSON."""
    if raw == "null":
        return None
    if raw.startswith('"'):
        return str(json.loads(raw))
    return compact(raw)


def _repaired(text: str) -> str:
    """The text with U+FFFD for escapes of half a character, which no text can hold."""
    if not _SURROGATE.search(text):
        return text
    pairs = re.compile(r"(\\\\)|(\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")
    return pairs.sub(lambda match: match.group(1) or match.group(2) or "\\ufffd", text)
