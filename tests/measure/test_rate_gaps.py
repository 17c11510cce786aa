import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.rate_gaps import stratified_gap

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(60, 300))
def test_without_strata_it_is_the_difference_of_rates(seed, rows):
    rng = np.random.default_rng(seed)
    says, inside = rng.random(rows) < 0.4, np.arange(rows) % 3 == 0
    found = stratified_gap(says, inside, np.zeros(rows, dtype=int), np.arange(rows))
    assert found is None or found.gap == pytest.approx(says[inside].mean() - says[~inside].mean())
    assert found is None or found.low < found.gap < found.high


def test_what_the_factor_explains_is_no_gap():
    """Women apply where few are taken: the raw gap is large, within the faculties there is none."""
    faculty = np.repeat([0, 1], [200, 200])
    women = np.concatenate([np.arange(200) < 150, np.arange(200) < 50])
    taken = np.arange(400) % 10 < np.where(faculty == 0, 2, 8)
    rows = np.arange(400)
    raw = stratified_gap(taken, women, np.zeros(400, dtype=int), rows)
    held = stratified_gap(taken, women, faculty, rows)
    assert raw.gap == pytest.approx(-0.3, abs=0.02)
    assert raw.p < 1e-6
    assert held.gap == pytest.approx(0, abs=0.02)
    assert held.low < 0 < held.high


@pytest.mark.parametrize("size", [1, 4])
def test_intervals_cover_where_rows_of_a_cluster_agree(size):
    rng, times, covered = np.random.default_rng(9), 300, 0
    for _ in range(times):
        clusters = np.repeat(np.arange(80), size)
        inside = clusters % 2 == 0
        rate = np.where(np.arange(80) % 2 == 0, 0.5, 0.3)
        says = np.repeat(rng.random(80) < rate, size)
        found = stratified_gap(says, inside, np.zeros(says.size, dtype=int), clusters)
        covered += found.low <= 0.2 <= found.high
    assert covered / times >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / times)


def test_too_little_gives_none():
    few = np.arange(10) % 2 == 0
    assert stratified_gap(few, ~few, np.zeros(10, dtype=int), np.arange(10)) is None
    all_in = np.ones(50, dtype=bool)
    assert stratified_gap(all_in, all_in, np.zeros(50, dtype=int), np.arange(50)) is None
    same = stratified_gap(all_in, np.arange(50) < 25, np.zeros(50, dtype=int), np.arange(50))
    assert same is None
