from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.data.sides import date_between, person_between

START = datetime(2024, 1, 1, tzinfo=UTC)


def days(numbers):
    return [None if n is None else START + timedelta(days=int(n)) for n in numbers]


def pairs(count):
    """Inputs with two rows each, the second of which has the other answer."""
    return np.repeat(np.arange(count), 2), np.tile([False, True], count)


def test_a_date_that_separates_every_input_is_found():
    inputs, side = pairs(12)
    moments = days(np.where(side, 100 + inputs, inputs))
    cut = date_between(inputs, side, moments)
    assert (cut.since, cut.later, cut.exceptions) == (START + timedelta(days=100), True, 0)
    swapped = date_between(inputs, ~side, moments)
    assert (swapped.since, swapped.later) == (cut.since, False)


def test_one_exception_among_many_is_counted():
    inputs, side = pairs(30)
    when = np.where(side, 100 + inputs, inputs)
    when[1] = 5
    cut = date_between(inputs, side, days(when))
    assert cut.exceptions == 1


def test_two_inputs_show_nothing():
    inputs, side = pairs(2)
    assert date_between(inputs, side, days(np.where(side, 100, 1))) is None


def test_rows_without_a_date_do_not_count():
    inputs, side = pairs(12)
    when = [None if i < 20 else 100 * s + i for i, s in enumerate(side)]
    assert date_between(inputs, side, days(when)) is None


def test_a_person_who_stands_alone_is_named():
    inputs, side = pairs(12)
    people = ["dan" if s else f"p{i % 3}" for i, s in zip(inputs, side, strict=True)]
    person = person_between(inputs, side, people)
    assert (person.name, person.side, person.exceptions) == ("dan", True, 0)


def test_a_person_who_gives_both_answers_is_not():
    inputs, side = pairs(12)
    people = ["dan" if (i + s) % 2 else "ann" for i, s in zip(inputs, side, strict=True)]
    assert person_between(inputs, side, people) is None


@pytest.mark.parametrize("what", [date_between, person_between])
def test_answers_given_at_random_are_seldom_separated(what):
    """At most 1 in 100 by the level; 300 worlds, with room for chance."""
    found = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        inputs, side = pairs(7)
        if what is date_between:
            signs = days(rng.integers(0, 60, side.size))
        else:
            signs = [f"p{one}" for one in rng.integers(0, 3, side.size)]
        found += what(inputs, side, signs) is not None
    assert found <= 9


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 9)), max_size=40))
def test_whatever_is_found_separates_nearly_all_rows(rows):
    inputs = np.array([one for one, _, _ in rows], dtype=np.int64)
    side = np.array([one for _, one, _ in rows], dtype=bool)
    moments = days([one for _, _, one in rows])
    cut = date_between(inputs, side, moments)
    if cut is not None:
        later = np.array([moment >= cut.since for moment in moments])
        assert int((later == (side == cut.later)).sum()) == side.size - cut.exceptions
        assert cut.exceptions <= 0.05 * side.size
