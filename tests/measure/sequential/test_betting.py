"""Betting bounds are exact: at few values every possible sequence is tried."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.measure.sequential.betting import gain_path, gain_scores, mean_path

few = settings(max_examples=30)
numbers = st.lists(st.floats(0, 1), min_size=1, max_size=40).map(np.array)


@pytest.mark.parametrize("mean", [0.02, 0.5, 0.9])
def test_the_exact_chance_of_ever_erring_is_at_most_alpha(mean):
    """All 256 sequences of eight zeros and ones, each with its probability."""
    wrong_low = wrong_high = 0.0
    for sequence in product((0.0, 1.0), repeat=8):
        values = np.array(sequence)
        chance = float(np.prod(np.where(values == 1, mean, 1 - mean)))
        path = mean_path(values, alpha_low=0.2, alpha_high=0.2)
        wrong_low += chance * bool((path.low > mean).any())
        wrong_high += chance * bool((path.high < mean).any())
    assert max(wrong_low, wrong_high) <= 0.2
    assert max(wrong_low, wrong_high) > 0  # or it would say nothing at all


@few
@given(numbers)
def test_bounds_never_widen_and_stay_between_0_and_1(values):
    path = mean_path(values, alpha_low=0.05, alpha_high=0.05)
    assert (np.diff(path.low) >= 0).all()
    assert (np.diff(path.high) <= 0).all()
    assert path.low.min() >= 0
    assert path.high.max() <= 1


@few
@given(numbers)
def test_mirrored_values_have_mirrored_bounds(values):
    path = mean_path(values, alpha_low=0.1, alpha_high=0.1)
    mirrored = mean_path(1 - values, alpha_low=0.1, alpha_high=0.1)
    assert path.low == pytest.approx(1 - mirrored.high, abs=0.0021)


def test_later_values_do_not_change_earlier_bounds():
    values = np.random.default_rng(0).random(50)
    whole, beginning = (mean_path(v, alpha_low=0.1, alpha_high=0.1) for v in (values, values[:20]))
    assert whole.low[:20] == pytest.approx(beginning.low)


def test_many_ones_are_enough_for_a_high_lower_bound():
    path = mean_path(np.ones(200), alpha_low=0.05, alpha_high=0.05)
    assert path.low[-1] > 0.95
    assert path.high[-1] == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 0.8]))
def test_scores_lie_between_0_and_1(seed, share):
    rng = np.random.default_rng(seed)
    scores, _ = gain_scores(rng.random(30), rng.random(30) < share, np.full(30, share))
    assert scores.min() >= 0
    assert scores.max() <= 1


def test_the_mean_of_the_scores_is_the_gain():
    rng = np.random.default_rng(3)
    shares = np.repeat([0.1, 0.5], 100_000)
    challenger = rng.random(200_000) < shares
    values = (rng.random(200_000) < np.where(challenger, 0.7, 0.6)).astype(float)
    scores, reach = gain_scores(values, challenger, shares)
    assert 2 * reach * (scores.mean() - 0.5) == pytest.approx(0.1, abs=0.02)


def paths(champion: float, challenger: float, *, tries: int):
    rng = np.random.default_rng(5)
    for _ in range(tries):
        arm = rng.random(200) < 0.5
        values = (rng.random(200) < np.where(arm, challenger, champion)).astype(float)
        yield gain_path(values, arm, np.full(200, 0.5), alpha_low=0.05, alpha_high=0.05)


def test_few_units_without_a_difference_seldom_show_one():
    found = [(p.low.max() > 0, p.high.min() < 0) for p in paths(0.6, 0.6, tries=60)]
    assert np.mean(found, axis=0).max() <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 60)


def test_a_large_difference_is_shown_by_two_hundred_units():
    found = [path.low[-1] > 0 for path in paths(0.4, 0.85, tries=20)]
    assert np.mean(found) > 0.9
