"""What people agree on, and what one more person settled."""

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.annotation import Annotation
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.agreed import agreed, meaning, most_contested, rows_answered
from surpass.store.annotations import in_force


def said(by, value, row="r", **more) -> Annotation:
    return Annotation(
        at="2026-03-01T12:00:00+00:00",
        by=by,
        row=row,
        digest=more.pop("digest", "d"),
        verdict=more.pop("verdict", "answered"),
        value=value,
        **more,
    )


people = st.sampled_from(["ann", "ben", "cat", ADJUDICATOR])
labels = st.sampled_from(["a", "b"])
answers = st.lists(st.builds(said, people, labels, st.sampled_from(["r", "s"])), max_size=20)


@given(answers)
def test_no_answer_counts_that_somebody_contradicts_unless_it_was_settled(annotations):
    for row in rows_answered(in_force(annotations)):
        found = agreed(row)
        values = {one.value for one in row.by_person.values()}
        if row.settled is not None:
            assert found.answer.value == row.settled.value
        elif len(values) > 1:
            assert found is None
        else:
            assert {found.answer.value} == values


@given(answers, st.integers(1, 4))
def test_more_people_never_agree_where_fewer_did_not(annotations, least):
    for row in rows_answered(in_force(annotations)):
        if agreed(row, least + 1) is not None:
            assert agreed(row, least) is not None


@given(answers)
def test_the_order_of_people_does_not_change_what_counts(annotations):
    rows = rows_answered(in_force(annotations))
    last = in_force(annotations)
    again = rows_answered(reversed(last))
    assert {r.row: (f := agreed(r)) and f.answer.value for r in rows} == {
        r.row: (f := agreed(r)) and f.answer.value for r in again
    }


def test_what_was_taken_back_or_skipped_is_no_answer():
    annotations = [
        said("ann", "a"),
        said("ann", None, verdict="undone"),
        said("ben", None, verdict="skipped"),
    ]
    assert rows_answered(in_force(annotations)) == []


def test_answers_to_another_text_of_the_row_are_apart():
    rows = rows_answered([said("ann", "a"), said("ben", "b", digest="other")])
    assert [row.is_disputed for row in rows] == [False, False]


def test_records_are_the_same_in_any_order_of_their_keys_and_texts_without_their_edges():
    one, other = said("ann", '{"a": 1, "b": "x"}'), said("ben", '{"b":"x","a":1}')
    assert meaning(one) == meaning(other)
    assert meaning(said("ann", " x\n")) == "x"
    assert meaning(said("ann", "{no json")) == "{no json"
    assert meaning(said("ann", None, verdict="rejected")) == "rejected"


def test_that_a_models_answer_was_seen_is_not_lost():
    found = agreed(rows_answered([said("ann", "a"), said("ben", "a", saw=True)])[0])
    assert found.saw
    assert found.people == ("ann", "ben")


def test_the_most_contested_row_is_the_one_without_a_majority():
    split = [said(by, value, "split") for by, value in zip("abc", "xyz", strict=True)]
    almost = [said(by, value, "almost") for by, value in zip("abc", "xxy", strict=True)]
    clear = [said(by, "x", "clear") for by in "abc"]
    rows = rows_answered([*clear, *almost, *split])
    assert [row.row for row in most_contested(rows)] == ["split", "almost"]
    assert [row.row for row in most_contested(rows, 1)] == ["split"]
