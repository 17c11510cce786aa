"""Facts of two records compared with some room for numbers."""

import re
from decimal import Decimal
from typing import NamedTuple

from surpass.measure.records import Record, Value

_NUMBER = re.compile(r"(?:(?<!\d)-)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


class Room(NamedTuple):
    """How far an answered number may be from the expected one; the larger of the two counts."""

    absolute: float = 0.0  # in the unit of the number
    relative: float = 0.0  # share of the expected number


EXACT = Room()


def right_fields(expected: Record, given: Record, room: Room = EXACT) -> int:
    """How many fields of a record are there with the right value."""
    return sum(
        name in given and same_value(value, given[name], room) for name, value in expected.items()
    )


def same_value(expected: Value, given: Value, room: Room = EXACT) -> bool:
    """Equal, or two numbers that are as close as there is room."""
    if expected == given:
        return True
    if not isinstance(expected, Decimal) or not isinstance(given, Decimal):
        return False
    try:
        allowed = max(Decimal(str(room.absolute)), abs(expected) * Decimal(str(room.relative)))
        return abs(expected - given) <= allowed
    except ArithmeticError:  # too large to be subtracted
        return False


def last_number(text: str) -> Decimal | None:
    """The last number that a text names, commas between thousands left out; none without one."""
    found = _NUMBER.findall(text)
    return Decimal(found[-1].replace(",", "")) if found else None
