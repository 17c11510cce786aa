"""A broken split is found, a sound one is left in peace however often it is looked at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from surpass.measure.sequential.mismatch import CONCENTRATION, log_bayes_factors, mismatch

HALF = ((0.5, 0.5),)


@given(st.lists(st.integers(0, 300), min_size=2, max_size=4))
def test_the_bayes_factor_is_that_of_two_known_distributions(counts):
    """Lindon and Malek 2022: a Dirichlet-multinomial against the multinomial."""
    counts = np.array(counts)
    shares = np.full(counts.size, 1 / counts.size)
    total = int(counts.sum())
    drawn = stats.dirichlet_multinomial(CONCENTRATION * shares, total).logpmf(counts)
    fixed = stats.multinomial(total, shares).logpmf(counts)
    assert log_bayes_factors(counts[None], shares)[0] == pytest.approx(drawn - fixed, abs=1e-8)


def drawn(share: float, *, units: int, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random(units) < share).astype(np.int64)


def test_a_sound_split_is_called_broken_less_often_than_declared_at_all_looks_together():
    found = [
        mismatch(drawn(0.3, units=1_500, seed=s), np.zeros(1_500, int), ((0.7, 0.3),))
        for s in range(300)
    ]
    wrong = np.mean([one.p < 0.05 for one in found])
    assert wrong <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 300)


def test_a_tenth_of_the_challengers_units_lost_is_found():
    arms = drawn(0.45 / 0.95, units=12_000, seed=0)
    found = mismatch(arms, np.zeros(12_000, int), HALF)
    assert found.p < 0.001
    assert sum(found.assigned) == 12_000
    assert found.expected == (6_000, 6_000)


def test_what_was_broken_stays_broken():
    early = np.ones(400, dtype=np.int64)
    later = np.zeros(400, dtype=np.int64)
    both = np.concatenate([early, later])
    assert mismatch(both, np.zeros(800, int), HALF).p == mismatch(early, np.zeros(400, int), HALF).p


def test_each_period_has_shares_of_its_own():
    arms = np.concatenate([drawn(0.1, units=2_000, seed=1), drawn(0.5, units=2_000, seed=2)])
    periods = np.repeat([0, 1], 2_000)
    assert mismatch(arms, periods, ((0.9, 0.1), (0.5, 0.5))).p > 0.05
    assert mismatch(arms, periods, ((0.5, 0.5), (0.5, 0.5))).p < 1e-6


def test_nobody_proves_nothing():
    none = mismatch(np.array([], dtype=np.int64), np.array([], dtype=np.int64), HALF)
    assert none == (1.0, (0, 0), (0.0, 0.0))
