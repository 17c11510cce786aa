import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.shift import importance_weights, told_apart, two_sample_p

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 30), st.integers(1, 30))
def test_told_apart_is_the_share_of_pairs_in_order(seed, one, two):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 5, one + two).astype(float)
    second = np.arange(one + two) >= one
    pairs = scores[second][:, None] - scores[~second]
    assert told_apart(scores, second) == pytest.approx(((pairs > 0) + (pairs == 0) / 2).mean())


def drawn(rng, units, rows, apart):
    """Points of units that share a place; half of the units are of the second set."""
    second = np.arange(units) % 2 == 0
    place = rng.standard_normal((units, 3)) + apart * second[:, None]
    unit = np.repeat(np.arange(units), rows)
    points = place[unit] + 0.3 * rng.standard_normal((unit.size, 3))
    return points @ points.T, second[unit], unit


def test_p_holds_its_level_where_rows_of_a_unit_resemble_each_other():
    rng = np.random.default_rng(7)
    times = 200
    p = np.array(
        [
            two_sample_p(alike, second, unit, unit % 5, draws=39, seed=seed)
            for seed in range(times)
            for alike, second, unit in [drawn(rng, 20, 4, 0.0)]
        ]
    )
    level = 0.05
    assert (p <= level).mean() <= level + 4 * np.sqrt(level * (1 - level) / times)


def test_p_is_small_where_the_sets_differ():
    alike, second, unit = drawn(np.random.default_rng(8), 40, 3, 3.0)
    assert two_sample_p(alike, second, unit, unit % 5, draws=199) == 1 / 200


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0.1, 10))
def test_weights_have_mean_1_and_are_worth_at_most_all_rows(chances, odds):
    found = importance_weights(np.array(chances), odds)
    assert found.weights.mean() == pytest.approx(1)
    assert 0 < found.effective <= len(chances) * (1 + 1e-9)


def test_weights_bring_back_the_others_mean():
    """A known case: the others are rows with a value, three times as often as ours."""
    value = np.repeat([0.0, 1.0], [75, 25])
    chances = np.where(value == 1, 3 / 4, 1 / 4)  # odds 3 to 1 and 1 to 3, as many others as rows
    found = importance_weights(chances, 1.0)
    assert (found.weights * value).mean() == pytest.approx(0.75)
    assert found.effective < 75
