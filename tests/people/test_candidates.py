"""Which rows people compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.people.candidates import STRATUM, candidates, drawn


def test_rows_answered_alike_are_counted_and_not_asked(predictions):
    found = candidates(predictions(20, "a", alike=5), predictions(20, "b", alike=5), [])
    assert (found.eligible, found.alike, found.frame.height) == (20, 5, 15)


def test_rows_of_one_model_only_are_left_out(predictions):
    found = candidates(predictions(12, "a"), predictions(9, "b"), [])
    assert found.frame[columns.ROW].to_list() == [f"row{n}" for n in range(9)]


def test_models_that_never_differ_cannot_be_compared(predictions):
    with pytest.raises(BadInput, match="all 8 rows"):
        candidates(predictions(8, "a"), predictions(8, "a"), [])


@given(count=st.integers(1, 60), asked=st.integers(1, 80), seed=st.integers(0, 5))
def test_every_stratum_has_its_share_to_within_a_row(predictions, count, asked, seed):
    frame = candidates(predictions(count, "a"), predictions(count, "b"), ["channel"]).frame
    rows = drawn(frame, asked, seed)
    assert rows.height == min(asked, count) == rows[columns.ROW].n_unique()
    for stratum, part in frame.group_by(STRATUM):
        share = part.height * rows.height / frame.height
        assert abs((rows[STRATUM] == stratum[0]).sum() - share) < 1


def test_the_draw_depends_on_the_seed_alone(predictions):
    frame = candidates(predictions(50, "a"), predictions(50, "b"), ["channel"]).frame
    assert drawn(frame, 20, 1).equals(drawn(frame.reverse(), 20, 1))
    assert not drawn(frame, 20, 1).equals(drawn(frame, 20, 2))
