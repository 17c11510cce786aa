"""Facts with room for numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.facts import Room, last_number, right_fields, same_value
from surpass.measure.records import read_record

numbers = st.integers(-(10**6), 10**6).map(Decimal)


@given(numbers, numbers, st.floats(0, 10), st.floats(0, 1))
def test_more_room_never_makes_a_right_number_wrong(one, other, absolute, relative):
    if same_value(one, other, Room(absolute, relative)):
        assert same_value(one, other, Room(absolute * 2, relative))
        assert same_value(one, other, Room(absolute, relative * 2))


@given(numbers)
def test_without_room_only_the_same_number_is_right(number):
    assert same_value(number, number)
    assert not same_value(number, number + Decimal("0.0001"))


@pytest.mark.parametrize(
    ("given", "room", "right"),
    [
        ("100.5", Room(absolute=0.5), True),
        ("100.51", Room(absolute=0.5), False),
        ("95", Room(relative=0.05), True),
        ("94.99", Room(relative=0.05), False),
        ("about 100", Room(absolute=5), False),
        ("9e999999", Room(absolute=5), False),
    ],
)
def test_the_edge_of_the_room_is_inside(given, room, right):
    value = Decimal(given) if given[0].isdigit() else given
    assert same_value(Decimal(100), value, room) is right


def test_numbers_too_large_to_subtract_are_not_close():
    assert not same_value(Decimal("9e999999"), Decimal("-9e999999"), Room(relative=0.1))


def test_room_is_for_numbers_only():
    expected = read_record('{"sum": 100, "name": "Ada", "city": "Bern"}')
    given = read_record('{"sum": "101", "name": "Adda", "city": "bern", "more": 1}')
    assert right_fields(expected, given) == 1
    assert right_fields(expected, given, Room(relative=0.01)) == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("none", None),
        ("The total is 1,234.50 dollars.", "1234.50"),
        ("3 + 4 = 7.", "7"),
        ("#### -12", "-12"),
        ("from 3-5", "5"),
        ("1,23", "23"),
    ],
)
def test_the_last_number_of_a_text(text, number):
    assert last_number(text) == (None if number is None else Decimal(number))
