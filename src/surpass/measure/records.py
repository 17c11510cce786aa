"""Flat JSON records: reading them, and when two values are the same."""

import json
import re
from decimal import Decimal
from typing import NoReturn

Value = str | Decimal
Record = dict[str, Value]

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")  # "007" is a name, not a number


def read_record(text: str) -> Record | None:
    """Fields and values of a JSON object; none where the text is something else.

    Text is compared without case and with runs of white space as one blank, numbers by their
    value ("34.50" is 34.5), nested values by their sorted JSON. A field that is null is not there.
    """
    found = read_json(text)
    return record_of(found) if isinstance(found, dict) else None


def record_of(fields: dict[str, object]) -> Record:
    """The fields of a JSON object that `read_json` read, as they are compared."""
    return {name: comparable(value) for name, value in fields.items() if value is not None}


def read_json(text: str) -> object:
    """What the text says as JSON, numbers as Decimal; none where it is no JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def same_fields(target: str, answer: str) -> dict[str, str]:
    """Each field of either record as "right", "missed", "wrong" or "invented"."""
    expected, given = read_record(target) or {}, read_record(answer) or {}
    found = {}
    for name, value in expected.items():
        found[name] = (
            "missed" if name not in given else "right" if given[name] == value else "wrong"
        )
    return found | {name: "invented" for name in given if name not in expected}


def comparable(value: object) -> Value:
    """A value of a field as it is compared: equal values mean the same."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return str(value).casefold()
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    plain = plain_text(text)
    return Decimal(plain) if _NUMBER.fullmatch(plain) else plain


def plain_text(text: str) -> str:
    """Without case, and with runs of white space as one blank."""
    return " ".join(text.casefold().split())


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
