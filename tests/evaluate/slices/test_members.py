"""Which rows a slice has, and which slices are asked about."""

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planted import LABELS, answered, chance, examples
from surpass.core.records.explanation import (
    Answered,
    Both,
    Confused,
    Field,
    Labelled,
    Length,
    Predicate,
    Stated,
    Value,
)
from surpass.evaluate.slices.candidates import candidates
from surpass.evaluate.slices.members import Looked, members, refuses, repeats
from surpass.evaluate.slices.samples import pair, sample
from surpass.evaluate.slices.wording import in_words

FRAME = pl.DataFrame(
    {
        "row": ["a", "b", "c"],
        "group": ["a", "b", "c"],
        "input": ["one two three", "four", "five six"],
        "target": ['{"x": 1, "y": "No"}', '{"x": 2}', "{}"],
        "answer": ['{"x": 1.0}', '{"x": 3, "y": "no"}', '{"y": 1}'],
        "status": ["ok", "ok", "unreadable"],
        "@region": ["north", None, "north"],
    }
)
NORTH = Value(column="region", value="north")


def inside(predicate):
    return members(predicate, Looked(FRAME)).tolist()


def test_each_kind_of_slice_has_the_rows_that_it_says():
    assert inside(NORTH) == [True, False, True]
    assert inside(Both(first=NORTH, second=NORTH)) == [True, False, True]
    assert inside(Length(of="input", low=2, high=3)) == [False, False, True]
    assert inside(Labelled(label="{}")) == [False, False, True]
    assert inside(Stated(field="y", value="no")) == [True, False, False]
    assert inside(Field(field="y", event="missed")) == [True, False, False]
    assert inside(Field(field="y", event="invented")) == [False, True, True]
    assert inside(Answered(flaw="unreadable")) == [False, False, True]


def test_a_frame_without_the_column_cannot_tell():
    bare = Looked(FRAME.select("row", "input"))
    for predicate in (NORTH, Labelled(label="x"), Answered(flaw="truncated")):
        assert members(predicate, bare) is None
    assert members(Both(first=NORTH, second=NORTH), bare) is None
    assert members(Length(of="input", low=None, high=3), bare) is not None


def test_of_a_field_only_its_own_event_counts():
    both = pair("extract", FRAME, FRAME, ())
    wrong = sample(Field(field="x", event="wrong"), both)
    assert wrong.wrong[wrong.inside].tolist() == [0, 1]  # 1.0 is 1; 3 is not 2
    missed = sample(Field(field="y", event="missed"), both)
    assert missed.wrong[missed.inside].tolist() == [1]
    invented = sample(Field(field="y", event="invented"), both)
    assert invented.wrong[invented.inside].tolist() == [1, 0]  # what was not read invents nothing


def test_of_a_confusion_the_rows_of_the_other_label_are_not_compared():
    frame = examples(60, 0)
    both = pair("classify", *([answered(frame, chance(frame, 0.5, 1), 2)] * 2), LABELS)
    found = sample(Confused(expected="move", answered="refund"), both)
    targets = frame["target"].to_numpy()[found.rows]
    assert "refund" not in targets
    assert (targets[found.inside] == "move").all()


def test_rows_that_cannot_be_scored_are_left_out_not_counted_as_wrong():
    empty = FRAME.with_columns(target=pl.lit("{}"), answer=pl.lit("{}"), status=pl.lit("ok"))
    assert sample(NORTH, pair("extract", empty, empty, ())).rows.size == 0


def test_the_base_is_matched_by_row_not_by_place():
    frame = examples(50, 3)
    tuned = answered(frame, chance(frame, 0.5, 1), 2)
    both = pair("classify", tuned, tuned.reverse(), LABELS)
    assert np.array_equal(both.wrong, both.base_wrong)


def test_candidates_are_large_enough_and_no_two_are_nearly_the_same():
    frame = examples(200, 4).with_columns(pl.col("@product").alias("@copy"))
    both = pair("classify", *([answered(frame, chance(frame, 0.3, 1), 2)] * 2), LABELS)
    asked = candidates(both, "classify", 0)
    rows = {}
    for predicate, found in asked:
        place = found.rows[found.inside]
        assert place.size >= 20
        assert np.unique(found.groups[found.inside]).size >= 5
        if not isinstance(predicate, Confused):
            rows[in_words(predicate)] = set(place.tolist())
    names = list(rows)
    assert not [name for name in names if "copy" in name]
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            assert len(rows[one] & rows[other]) <= 0.9 * len(rows[one] | rows[other])


@given(st.text(), st.text())
def test_every_slice_can_be_written_down_and_read_again(column, value):
    one = Value(column=column, value=value)
    for predicate in (one, Both(first=one, second=one), Stated(field=column, value=value)):
        text = msgspec.json.encode(predicate)
        assert msgspec.json.decode(text, type=Predicate) == predicate
        assert value in in_words(predicate)


def test_refusals_and_circles_are_seen():
    assert refuses("I'm sorry, I cannot help with that.")
    assert not refuses("The customer is sorry that she cannot pay.")
    assert repeats("it is on and " * 10)
    assert not repeats("A plain sentence of some fifteen words that says each of its things once.")


@pytest.mark.parametrize("high", [1, 2, 4])
def test_bins_of_length_leave_no_row_out(high):
    looked = Looked(FRAME)
    below, above = Length(of="input", low=None, high=high), Length(of="input", low=high, high=None)
    assert (members(below, looked) ^ members(above, looked)).all()
