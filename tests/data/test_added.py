"""What mitigation adds follows its decisions and the rows as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.data.added import added_rows, adding, names_of, twin_of
from surpass.data.fix import apply

ROWS = ["r1", "r2", "r3"]
SWAPPED = twin_of(("He is late", "a"), ("She is late", "a"))


def decision(row, action, value=None, column=None):
    return Decision(row=row, action=action, reason="why", by="Ada", at="", value=value,
                    column=column)  # fmt: skip


@pytest.fixture
def frame(examples):
    return examples(["He is late", "Here", "There"], list("abc"))


def added(frame, *decisions):
    return added_rows(apply(frame, decisions), decisions)


@given(st.lists(st.tuples(st.sampled_from(ROWS), st.integers(0, 4)), max_size=6))
def test_the_last_number_of_copies_counts(said):
    made = [decision(row, "copy", str(number)) for row, number in said]
    last = {row: str(number) for row, number in said if number}
    last = {row: value for row, value in last.items() if dict(said)[row]}
    assert {row: value for (row, _), value in adding(made).items()} == {
        row: str(number) for row, number in dict(said).items() if number
    }


def test_copies_are_rows_of_their_own_in_the_group_of_their_row(frame):
    found = added(frame, decision("r1", "copy", "2"), decision("r3", "copy", "1"))
    assert found.select("row", "input", "target", "group", "made_from").rows() == [
        ("r1 copy 1", "He is late", "a", "r1", "r1"),
        ("r1 copy 2", "He is late", "a", "r1", "r1"),
        ("r3 copy 1", "There", "c", "r3", "r3"),
    ]
    assert found.drop("made_from").schema == frame.schema
    assert names_of(decision("r1", "copy", "2")) == ["r1 copy 1", "r1 copy 2"]


def test_a_twin_says_what_was_decided_and_names_what_it_is_made_of(frame):
    found = added(frame, decision("r1", "twin", SWAPPED))
    assert found.select("row", "input", "target", "made_from", "source").rows() == [
        ("r1 swapped", "She is late", "a", "r1", "file.csv:2 (terms swapped)")
    ]
    assert names_of(decision("r1", "twin", SWAPPED)) == ["r1 swapped"]


def test_copies_follow_what_is_mended_and_a_twin_of_another_text_is_left_out(frame):
    mend = decision("r1", "fix", "b", "target")
    both = (decision("r1", "copy", "1"), decision("r1", "twin", SWAPPED))
    assert added(frame, *both, mend)["target"].to_list() == ["b"]
    assert added(frame, *both).height == 2
    assert added(frame, *both, decision("r1", "drop")).is_empty()
    assert added(frame, *both, decision("r1", "drop"), decision("r1", "keep")).height == 2


def test_taking_back_leaves_the_row_as_it_was(frame):
    both = (decision("r1", "copy", "1"), decision("r1", "twin", SWAPPED))
    assert added(frame, *both, decision("r1", "undo")).is_empty()
    assert added(frame, *both, decision("r1", "copy", "0"))["row"].to_list() == ["r1 swapped"]
    assert added(frame, *both, decision("r1", "twin", ""))["row"].to_list() == ["r1 copy 1"]
    for one in both:
        assert apply(frame, [one]).equals(frame)


@pytest.mark.parametrize("value", [None, "", "-1", "two", "1.5", "\u0662", "9999999"])
def test_what_is_no_number_of_copies_is_refused(frame, value):
    with pytest.raises(BadInput, match="no number of copies"):
        added(frame, decision("r1", "copy", value))


def test_what_is_no_twin_is_refused(frame):
    with pytest.raises(BadInput, match="no twin"):
        added(frame, decision("r1", "twin", '{"input": 1}'))
