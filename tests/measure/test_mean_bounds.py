"""Bounds of means without limits cover, also where few groups carry the mean."""

import numpy as np
import pytest

from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import Levels
from surpass.measure.mean_bounds import mean_bounds
from surpass.measure.one_more import Grouped

LEVELS = Levels(low=0.05, high=0.05, draws=1_000)
TRIES = 400


def alone(count):
    return Grouped(np.arange(count), count)


def missed(draw_values, truth, groups):
    rng = np.random.default_rng(0)
    found = [mean_bounds(draw_values(rng), groups, LEVELS) for _ in range(TRIES)]
    low = sum(one.low > truth for one in found) / TRIES
    return low, sum(one.high < truth for one in found) / TRIES


MOST = 0.05 + 4 * np.sqrt(0.05 * 0.95 / TRIES)


@pytest.mark.parametrize("count", [20, 120])
def test_bounds_of_normal_numbers_cover(count):
    assert max(missed(lambda rng: rng.normal(1, 2, count), 1.0, alone(count))) <= MOST


def test_bounds_of_rare_large_rises_cover_with_120_texts():
    """One text in ten is forgotten badly: a t bound misses twice as often as it says."""

    def rises(rng):
        return rng.normal(0, 0.03, 120) + (rng.random(120) < 0.1) * rng.exponential(0.5, 120)

    assert max(missed(rises, 0.05, alone(120))) <= MOST


def test_rows_of_one_group_are_no_further_evidence():
    member = np.repeat(np.arange(40), 5)

    def values(rng):
        return rng.normal(0, 1, 40)[member] + rng.normal(0, 0.1, 200)

    assert max(missed(values, 0.0, Grouped(member, 40))) <= MOST


def test_a_shift_moves_the_bounds_and_a_sign_swaps_them():
    values, groups = np.random.default_rng(1).normal(0, 1, 60), alone(60)
    plain, moved = (mean_bounds(values + by, groups, LEVELS) for by in (0, 3))
    assert np.allclose(np.array(plain) + 3, moved)
    turned = mean_bounds(-values, groups, LEVELS)
    assert (turned.low, turned.high) == pytest.approx((-plain.high, -plain.low))


def test_fewer_than_twenty_groups_have_no_bound():
    with pytest.raises(CannotTell, match="19 groups; a bound needs 20"):
        mean_bounds(np.zeros(19), alone(19), LEVELS)
