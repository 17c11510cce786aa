import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.data.diff import AFTER, BEFORE, CHANGE, CHANGES, row_diff, transitions


def frame(rows: list[tuple[str, str, str, str | None]]) -> pl.DataFrame:
    schema = {ROW: pl.String, INPUT: pl.String, TARGET: pl.String, "@channel": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


BASE = frame(
    [
        ("a", "the line is dead", "outage", "chat"),
        ("b", "charged twice", "bill", "chat"),
        ("c", "we move in May", "move", None),
        ("d", "hello", "other", "phone"),
    ]
)


def changes(before: pl.DataFrame, after: pl.DataFrame, *, by_input: bool = False):
    found = row_diff(before, after, by_input=by_input)
    return dict(zip(found[ROW], found[CHANGE], strict=True))


def test_each_kind_of_change_is_named_once():
    after = frame(
        [
            ("a", "the line is dead", "outage", "email"),
            ("b", "charged twice", "refund", "phone"),
            ("c", "we move in June", "moving", None),
            ("e", "new", "other", None),
        ]
    )
    assert changes(BASE, after) == {
        "a": "metadata only",
        "b": "answer changed",
        "c": "input changed",
        "d": "removed",
        "e": "added",
    }


def test_an_attribute_that_was_absent_and_one_that_is_empty_are_two_things():
    after = BASE.with_columns(pl.col("@channel").fill_null(""))
    assert changes(BASE, after) == {"c": "metadata only"}


def test_a_new_column_without_values_changes_nothing():
    assert changes(BASE, BASE.with_columns(pl.lit(None, pl.String).alias("@new"))) == {}


def test_transitions_count_answers_and_the_commonest_comes_first():
    after = BASE.with_columns(pl.lit("bill").alias(TARGET))
    found = transitions(row_diff(BASE, after, by_input=False))
    assert found.rows() == [("move", "bill", 1), ("other", "bill", 1), ("outage", "bill", 1)]


def test_by_input_a_line_inserted_at_the_top_is_one_added_row():
    lines = [("x:1", "new row", "other", None)]
    moved = [(f"x:{n + 2}", *row[1:]) for n, row in enumerate(BASE.rows())]
    assert changes(BASE, frame([*lines, *moved]), by_input=True) == {"x:1": "added"}


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
def test_by_input_rows_are_matched_as_often_as_both_have_them(first, second):
    before, after = (
        frame([(str(n), text, "x", None) for n, text in enumerate(texts)])
        for texts in (first, second)
    )
    found = row_diff(before, after, by_input=True)[CHANGE].to_list()
    added = sum(max(0, second.count(one) - first.count(one)) for one in "abcd")
    removed = sum(max(0, first.count(one) - second.count(one)) for one in "abcd")
    assert sorted(found) == ["added"] * added + ["removed"] * removed


@given(st.integers(0, 2**32 - 1))
def test_there_and_back_swaps_added_and_removed(seed):
    after = BASE.sample(3, seed=seed, shuffle=True)
    forth, back = (row_diff(*pair, by_input=False) for pair in ((BASE, after), (after, BASE)))
    assert set(forth[CHANGE]) == {"removed"}
    assert set(back[CHANGE]) == {"added"}
    assert forth[BEFORE].to_list() == back[AFTER].to_list()


@pytest.mark.parametrize("by_input", [True, False])
def test_a_version_does_not_differ_from_itself(by_input):
    assert row_diff(BASE, BASE, by_input=by_input).is_empty()
    assert row_diff(BASE.clear(), BASE.clear(), by_input=by_input).is_empty()
    assert set(CHANGES) >= set(row_diff(BASE.clear(), BASE, by_input=by_input)[CHANGE])
