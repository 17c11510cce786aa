import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import CannotTell
from surpass.measure.subsets import nested_order, subset_sizes


@given(st.integers(80, 200_000), st.integers(5, 12))
def test_sizes_ascend_to_all_rows_eightfold_at_least(rows, count):
    sizes = subset_sizes(rows, count)
    assert len(sizes) == count
    assert sizes[-1] == rows
    assert list(sizes) == sorted(set(sizes))
    assert sizes[0] * 8 <= rows + 8


@pytest.mark.parametrize("rows", [0, 1, 79])
def test_too_few_rows_are_refused_with_how_many_are_missing(rows):
    with pytest.raises(CannotTell, match=f"{rows} training rows.*Label {80 - rows} more"):
        subset_sizes(rows)


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(0, 2**31))
def test_an_order_holds_every_row_once_and_groups_together(groups, seed):
    member = np.unique(np.array(groups, dtype=np.int64), return_inverse=True)[1]
    order = nested_order(member, seed)
    assert sorted(order) == list(range(len(groups)))
    follow = member[order]
    assert 1 + np.count_nonzero(np.diff(follow)) == len(set(groups)) or not groups


def test_two_seeds_give_two_orders():
    member = np.arange(50)
    assert not np.array_equal(nested_order(member, 0), nested_order(member, 1))
    assert np.array_equal(nested_order(member, 1), nested_order(member, 1))
