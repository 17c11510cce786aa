"""A slice is chance alone; what is gathered has a reason, and neither takes from the other."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core import columns
from surpass.monitor.drawing import (
    WHY,
    Known,
    answered,
    known_of,
    slice_by_chance,
    worth_labelling,
)
from surpass.store.journal import FEEDBACK, REQUESTS

START = datetime(2026, 11, 1, tzinfo=UTC)
NOTHING_KNOWN = Known(frozenset(), frozenset())
NO_VOTES = pl.DataFrame(schema=FEEDBACK)


def requests(rows):
    """Requests of the journal; what a row does not say is empty."""
    made = [
        {
            "request": f"r{place:04}",
            "unit": f"u{place}",
            "at": START + timedelta(minutes=place),
            "status": "finished",
            "input": f"question {place}",
        }
        | row
        for place, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema_overrides=REQUESTS).pipe(_whole, REQUESTS)


def votes(rows):
    return pl.DataFrame(rows, schema_overrides=FEEDBACK).pipe(_whole, FEEDBACK)


def _whole(frame, schema):
    missing = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in frame]
    return frame.with_columns(missing).select(list(schema)).cast(schema)


units = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30)


@given(units, st.integers(0, 10), st.integers(0, 3), st.sets(st.sampled_from("abc")))
def test_every_unit_comes_once_at_most_and_earlier_ones_never(named, count, seed, before):
    traffic = requests([{"unit": unit} for unit in named])
    drawn = slice_by_chance(traffic, count, left_out=frozenset(before), seed=seed)
    chosen = drawn[columns.UNIT].to_list()
    assert len(chosen) == len(set(chosen)) == min(count, len(set(named) - before))
    assert not set(chosen) & before


@given(units, st.integers(0, 3))
def test_answers_votes_and_confidence_do_not_move_the_draw(named, seed):
    plain = requests([{"unit": unit} for unit in named])
    told = plain.with_columns(
        pl.lit("wrong").alias(columns.OUTPUT), pl.lit(0.01).alias(columns.CONFIDENCE)
    )
    first, second = (
        slice_by_chance(one, 4, left_out=frozenset(), seed=seed) for one in (plain, told)
    )
    assert first.equals(second)


def test_each_unit_has_the_same_chance_however_much_it_asks():
    traffic = requests([{"unit": "busy"}] * 50 + [{"unit": f"quiet{n}"} for n in range(9)])
    times = sum(
        "busy" in slice_by_chance(traffic, 1, left_out=frozenset(), seed=seed)[columns.UNIT]
        for seed in range(400)
    )
    assert 15 <= times <= 70  # 40 expected, four standard deviations of 6 and a half


def test_only_what_was_answered_and_kept_can_be_labelled():
    traffic = requests([{}, {"status": "failed"}, {"input": None}, {"input": "  "}])
    assert answered(traffic)[columns.REQUEST].to_list() == ["r0000"]


def test_the_gravest_reason_comes_first_and_is_said():
    traffic = requests(
        [
            {"input": "the router is dead", "confidence": 0.9},
            {"input": "the router is dark", "confidence": 0.3},
            {"input": "the fluxbox is dead", "confidence": 0.9},
            {"input": "my router is dead", "confidence": 0.9},
            {"input": "is the router dead", "confidence": 0.9},
        ]
    )
    said = votes(
        [
            {"feedback": "f1", "request": "r0003", "value": 0.0},
            {"feedback": "f2", "request": "r0004", "value": 1.0, "correction": "move"},
        ]
    )
    known = known_of(pl.Series(["the router is dead", "my dark router"]))
    found = worth_labelling(traffic, said, known, 10, left_out=frozenset())
    assert found[columns.REQUEST].to_list() == ["r0004", "r0003", "r0001", "r0002"]
    assert found[WHY].to_list() == [
        "a user corrected the answer",
        "a user voted against the answer",
        "the answer was unsure (30%)",
        "new words: fluxbox",
    ]


@pytest.mark.parametrize("per_unit", [1, 2])
def test_one_loud_user_does_not_fill_the_queue(per_unit):
    traffic = requests([{"unit": "loud"}] * 8 + [{"unit": "calm"}])
    found = worth_labelling(
        traffic, NO_VOTES, NOTHING_KNOWN, 20, left_out=frozenset(), per_unit=per_unit
    )
    assert found[columns.UNIT].to_list().count("loud") == per_unit
    assert "calm" in found[columns.UNIT]


def test_repeats_known_texts_and_units_of_the_slice_are_not_gathered():
    traffic = requests(
        [{"input": "Same  text"}, {"input": "same text"}, {"input": "known"}, {"unit": "tested"}]
    )
    known = Known(known_of(pl.Series(["KNOWN"])).inputs, frozenset())
    found = worth_labelling(traffic, NO_VOTES, known, 20, left_out=frozenset({"tested"}))
    assert found[columns.REQUEST].to_list() == ["r0000"]
