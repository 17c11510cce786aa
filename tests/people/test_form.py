"""Which form a task asks by, and records and spans there and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Extract, Generate
from surpass.people.form import (
    Choose,
    Field,
    Fill,
    Mark,
    Write,
    form_for,
    one_record,
    record_fields,
    record_text,
    spans_in,
    spans_text,
)

EXTRACT = Extract(name="t")


def test_labels_are_those_declared_or_else_those_known():
    assert form_for(Classify(name="t", labels=("b", "a")), ["c"]) == Choose(("b", "a"))
    assert form_for(Classify(name="t"), ["b", "a", "", "b"]) == Choose(("a", "b"))
    with pytest.raises(BadInput, match="No label is known"):
        form_for(Classify(name="t"), ["", ""])


def test_a_field_with_few_values_is_chosen_and_one_with_many_is_written():
    records = [json.dumps({"topic": "ab"[n % 2], "name": f"n{n}", "sum": n}) for n in range(9)]
    form = form_for(EXTRACT, [*records, "no json", "[]"])
    assert form == Fill((Field("topic", ("a", "b")), Field("name"), Field("sum", is_text=False)))


def test_without_known_records_the_record_is_one_text():
    assert form_for(EXTRACT, []) == Fill(())


def test_records_of_placed_spans_are_marked():
    target = '{"entities":[{"label":"PER","start":0,"end":3}]}'
    assert form_for(EXTRACT, [target, '{"entities":[]}']) == Mark(("PER",), "entities", "label")
    assert isinstance(form_for(EXTRACT, [target, '{"entities":"none"}']), Fill)


def test_a_text_is_written():
    assert form_for(Generate(name="t"), ["x"]) == Write()


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)
values = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)


@given(st.dictionaries(names, values, min_size=1, max_size=4))
def test_a_record_of_texts_survives_its_form(record):
    form = Fill(tuple(Field(name) for name in record))
    written = record_text(form, record)
    assert json.loads(written) == record
    assert record_fields(form, written) == record
    assert one_record(written) == written


@given(
    st.text(min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["A", "B"]))),
)
def test_spans_survive_their_form_and_misplaced_ones_are_refused(text, spans):
    form = Mark(("A", "B"), "found")
    answer = spans_text(form, text, spans)
    sound = all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert spans_in(form, text, answer) == (sorted(spans) if sound else None)


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"a": NaN}', "\ud800", "[" * 9000])
def test_what_is_no_record_is_none(text):
    assert one_record(text) is None
