"""Spans of entities."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.spans import Span, read_spans, right_spans, spans_of_tags

places = st.integers(0, 30).flatmap(lambda start: st.tuples(st.just(start), st.integers(1, 5)))
spans = st.builds(
    lambda kind, place: Span(kind, place[0], place[0] + place[1]), st.sampled_from("ab"), places
)


def f1(expected, given, *, overlaps=False):
    return 2 * right_spans(expected, given, overlaps=overlaps) / (len(expected) + len(given))


def test_tags_become_the_spans_that_seqeval_finds_in_its_readme():
    expected = [
        ["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"],
        ["B-PER", "I-PER", "O"],
    ]
    answered = [
        ["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"],
        ["B-PER", "I-PER", "O"],
    ]
    wanted, given = (
        [
            Span(f"{row}{s.type}", s.start, s.end)
            for row, t in enumerate(x)
            for s in spans_of_tags(t)
        ]
        for x in (expected, answered)
    )
    assert f1(wanted, given) == pytest.approx(0.5, abs=1e-9)
    assert f1(wanted, given, overlaps=True) == pytest.approx(0.75, abs=1e-9)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([], []),
        (["O"], []),
        (["B-A", "B-A"], [("A", 0, 1), ("A", 1, 2)]),
        (["I-A", "I-B"], [("A", 0, 1), ("B", 1, 2)]),
        (["B-A", "I-A", "O", "I-A"], [("A", 0, 2), ("A", 3, 4)]),
    ],
)
def test_a_span_begins_with_b_or_with_another_type(tags, found):
    assert [span[:3] for span in spans_of_tags(tags)] == found


@given(st.lists(spans), st.lists(spans), st.booleans())
def test_no_more_is_right_than_either_side_has_and_sides_may_be_swapped(one, other, overlaps):
    right = right_spans(one, other, overlaps=False)
    assert 0 <= right <= min(len(one), len(other))
    assert right == right_spans(other, one, overlaps=False)
    assert right <= right_spans(one, other, overlaps=True) <= min(len(one), len(other))
    assert right_spans(one, one, overlaps=overlaps) == len(one)


@given(st.lists(spans, unique=True))
def test_repeating_a_right_span_earns_nothing(found):
    assert right_spans(found, [*found, *found], overlaps=True) == len(found)


def test_words_stand_for_a_place_that_is_missing():
    expected = read_spans('[{"start": 3, "end": 11, "type": "CITY", "text": "New York"}]')
    given = read_spans('[{"text": "new  york", "type": "CITY"}]')
    assert right_spans(expected, given, overlaps=False) == 1
    part = read_spans('[{"text": "york", "type": "CITY"}]')
    assert right_spans(expected, part, overlaps=False) == 0
    assert right_spans(expected, part, overlaps=True) == 0.5
    cut = read_spans('[{"text": "yor", "type": "CITY"}]')
    assert right_spans(expected, cut, overlaps=True) == 0


def test_the_list_may_stand_in_a_record():
    one = {"text": "Ada", "type": "PER"}
    assert read_spans(json.dumps({"found": [one]})) == [Span("PER", text="ada")]
    both = json.dumps({"found": [one], "other": []})
    assert read_spans(both) is None
    assert read_spans(both, "other") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "{}",
        "[1]",
        "[null]",
        '[{"type": "A"}]',
        '[{"text": "x"}]',
        '[{"type": 1, "text": "x"}]',
        '[{"type": "A", "start": 5, "end": 5}]',
        '[{"type": "A", "start": 1.5, "end": 2}]',
        '[{"type": "A", "start": 1e999, "end": 2e999}]',
        '[{"type": "A", "start": true, "end": 5}]',
        "[" * 100_000,
    ],
)
def test_what_is_no_list_of_entities_is_not_read(text):
    assert read_spans(text) is None
