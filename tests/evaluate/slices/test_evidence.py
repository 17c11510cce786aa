"""Tests of slices hold their level, and intervals cover, also where rows come in groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from surpass.evaluate.slices.evidence import difference, p_value
from surpass.evaluate.slices.follow import standing
from surpass.evaluate.slices.samples import Sample

ALPHA = 0.05
RUNS = 1500
NOISE = 4 * np.sqrt(ALPHA * (1 - ALPHA) / RUNS)


def drawn(rng, rows, inside, rate, *, grouped=False, base_rate=None):
    """A sample whose slice is the first rows; rows of a group of three go the same way."""
    groups = np.arange(rows) // 3 if grouped else np.arange(rows)
    rate_of = np.where(np.arange(rows) < inside, rate[0], rate[1])
    wrong = (rng.random(rows)[groups] < rate_of).astype(float)
    base = (rng.random(rows)[groups] < (base_rate or rate[1])).astype(float)
    return Sample(np.arange(rows), groups, np.arange(rows) < inside, wrong, base)


@pytest.mark.parametrize("rate", [0.04, 0.3, 0.92])
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("against", ["rest", "base"])
def test_a_slice_like_the_rest_is_called_worse_no_more_often_than_declared(rate, grouped, against):
    rng = np.random.default_rng(0)
    p = [p_value(drawn(rng, 150, 24, (rate, rate), grouped=grouped), against) for _ in range(RUNS)]
    assert np.mean(np.array(p) <= ALPHA) <= ALPHA + NOISE


@pytest.mark.parametrize("rates", [(0.1, 0.1), (0.5, 0.2), (0.95, 0.6)])
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("against", ["rest", "base"])
def test_intervals_of_a_difference_cover_it(rates, grouped, against):
    rng = np.random.default_rng(1)
    missed = 0
    for _ in range(RUNS):
        found = difference(drawn(rng, 180, 42, rates, grouped=grouped), against)
        missed += not found.low <= rates[0] - rates[1] <= found.high
    assert missed / RUNS <= ALPHA + NOISE


def test_a_real_difference_is_seen_as_well_as_by_fishers_exact_test():
    rng = np.random.default_rng(2)
    seen, fisher = 0, 0
    for _ in range(300):
        sample = drawn(rng, 200, 40, (0.35, 0.15))
        seen += p_value(sample, "rest") <= ALPHA
        table = [[w.sum(), w.size - w.sum()] for w in (sample.wrong[:40], sample.wrong[40:])]
        fisher += stats.fisher_exact(table, alternative="greater").pvalue <= ALPHA
    assert seen >= fisher - 30


@given(st.integers(2, 40), st.integers(20, 60), st.integers(0, 5))
def test_all_wrong_everywhere_or_right_everywhere_is_no_evidence(inside, more, seed):
    rng = np.random.default_rng(seed)
    for rate in (0.0, 1.0):
        sample = drawn(rng, inside + more, inside, (rate, rate), base_rate=0.5)
        assert p_value(sample, "rest") == 1.0
        found = difference(sample, "rest")
        assert found.low <= 0 <= found.high


@given(st.integers(0, 1000))
def test_repeating_every_row_within_its_group_adds_no_evidence(seed):
    once = drawn(np.random.default_rng(seed), 100, 30, (0.5, 0.2))
    twice = Sample(*(np.repeat(values, 2) for values in once))
    for against in ("rest", "base"):
        assert p_value(twice, against) >= 0.9 * p_value(once, against)


@given(st.floats(0.01, 1), st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_gap_closes_only_if_it_surely_shrank_and_cannot_be_shown(before, now, below, above):
    said = standing(before, _around(now, below, above))
    assert (said in {"closed", "narrowed"}) == (now + above < before)
    assert (said in {"open", "narrowed"}) == (now - below > 0)


def _around(now, below, above):
    one = drawn(np.random.default_rng(0), 40, 20, (0.5, 0.5))
    return difference(one, "rest")._replace(value=now, low=now - below, high=now + above)
