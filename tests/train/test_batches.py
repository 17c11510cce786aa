"""The plan is a pure function that deals every row out once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surpass.train.batches import MOST_ROWS, plan_batches, plan_epochs

lengths = st.lists(st.integers(1, 300), min_size=1, max_size=200)


@given(lengths, st.integers(0, 3), st.integers(1, 600))
def test_each_row_is_in_one_step_within_the_budget(lengths, seed, budget):
    steps = plan_batches(lengths, seed, 0, budget)
    assert sorted(row for rows in steps for row in rows) == list(range(len(lengths)))
    for rows in steps:
        assert 1 <= len(rows) <= MOST_ROWS
        assert len(rows) == 1 or sum(lengths[row] for row in rows) <= budget


@given(lengths, st.integers(0, 3))
def test_the_same_seed_and_epoch_give_the_same_plan(lengths, seed):
    first, again = (plan_batches(lengths, seed, 1, 200) for _ in range(2))
    assert [rows.tolist() for rows in first] == [rows.tolist() for rows in again]


def test_epochs_and_seeds_have_orders_of_their_own():
    lengths = np.full(100, 10)
    plans = {
        tuple(np.concatenate(plan_batches(lengths, seed, epoch, 100)))
        for seed in range(2)
        for epoch in range(2)
    }
    assert len(plans) == 4


def test_a_broken_epoch_is_its_share_of_steps():
    lengths = np.full(100, 10)
    planned = plan_epochs(lengths, 0, 2.3, 100)
    assert [len(steps) for steps in planned] == [10, 10, 3]
    assert len(plan_epochs(lengths, 0, 0.01, 100)[0]) == 1


def test_rows_of_a_step_are_of_like_length_but_no_step_is_the_whole_tail():
    rng = np.random.default_rng(0)
    lengths = rng.integers(10, 200, 1000)
    steps = plan_batches(lengths, 0, 0, 1000)
    spread = np.mean([np.ptp(lengths[rows]) for rows in steps])
    assert spread < 0.25 * np.ptp(lengths)
    longest = [max(lengths[rows]) for rows in steps]
    assert sum(length > 190 for length in longest) > 10


def test_no_rows_give_no_steps():
    assert plan_batches([], 0, 0, 100) == []
