import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.data.mitigate import augmented, collection_list, reweighed
from surpass.text.swaps import swapper

pairs = st.lists(st.tuples(st.sampled_from("fmx"), st.sampled_from("ab")), min_size=1, max_size=80)
SWAP = swapper((("he", "she"), ("his", "her")))


@given(pairs)
def test_under_the_weights_groups_and_answers_are_independent(rows):
    groups, answers = (pl.Series(list(one)) for one in zip(*rows, strict=True))
    found = reweighed(groups, answers)
    assert found.weights.mean() == pytest.approx(1)
    if not found.empty:
        assert found.after == pytest.approx(0, abs=1e-9)


def test_the_published_example():
    """The example of Kamiran and Calders 2012: ten applicants, five of each sex."""
    sex = pl.Series(list("MMMMMFFFFF"))
    hired = pl.Series(list("+++-+-++--"))
    found = reweighed(sex, hired)
    cells = {(s, y): w for s, y, w in zip(sex, hired, found.weights, strict=True)}
    assert cells["F", "+"] == pytest.approx(1.5)
    assert cells["F", "-"] == pytest.approx(0.67, abs=0.005)
    assert cells["M", "+"] == pytest.approx(0.75)
    assert cells["M", "-"] == pytest.approx(2)
    assert found.before == pytest.approx(0.4)


def test_rows_without_a_group_are_refused_and_empty_cells_are_named():
    with pytest.raises(BadInput, match="1 of 2 rows"):
        reweighed(pl.Series(["a", None]), pl.Series(["x", "y"]))
    with pytest.raises(BadInput):
        reweighed(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String))
    assert reweighed(pl.Series(["a", "b"]), pl.Series(["x", "y"])).empty == (("a", "y"), ("b", "x"))


def test_new_rows_swap_terms_and_say_what_they_are_made_from(examples):
    frame = examples(
        ["He is late.", "She lost her card.", "he lost his card.", "It."], list("abcd")
    )
    found = augmented(frame, SWAP, "classify")
    assert found.rows.select("row", "input", "target", "group", "source").rows() == [
        ("r1 swapped", "She is late.", "a", "r1", "file.csv:2 (terms swapped)")
    ]
    assert (found.before, found.after) == (pytest.approx(2 / 3), 1.0)
    assert found.rows.schema == frame.schema
    again = augmented(pl.concat([frame, found.rows]), SWAP, "classify")
    assert again.rows.is_empty()


def test_written_answers_are_swapped_and_keys_of_records_are_not(examples):
    frame = examples(["He is late.", "Is he in?"], ['{"who":"he"}', '{"he":"yes"}'])
    assert augmented(frame, SWAP, "extract").rows["target"].to_list() == ['{"who":"she"}']
    assert augmented(frame, SWAP, "classify").rows.height == 2
    nothing = augmented(examples([]), SWAP, "generate")
    assert (nothing.rows.height, nothing.before) == (0, None)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(5, 95))
def test_after_collecting_the_shares_are_the_wanted_ones(a, b, c, share):
    groups = pl.Series(["a"] * a + ["b"] * b + ["c"] * c, dtype=pl.String)
    wanted = {"a": share / 100, "b": 0.995 - share / 100, "c": 0.005}
    found = collection_list(groups, wanted)
    counts = dict(found.rows.select("value", "wanted").rows())
    assert min(counts.values()) == 0  # one group needs none, or too many are asked for
    total = groups.len() + sum(counts.values())
    assert found.after <= 1 / total * len(wanted)


def test_shares_that_do_not_add_up_are_refused():
    for wanted in ({}, {"a": 0.4}, {"a": 0.0, "b": 1.0}):
        with pytest.raises(BadInput):
            collection_list(pl.Series(["a"]), wanted)
    even = collection_list(pl.Series(["a"] * 30 + ["b"] * 10), {"a": 0.5, "b": 0.5})
    assert even.rows["wanted"].to_list() == [0, 20]
    assert (even.before, even.after) == (0.25, 0)
    assert np.isfinite(even.after)
