"""Bounds that may be looked at every day keep their level, and equal the published formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.sequential.asymptotic import half_width, mixing, units_until

levels = st.floats(0.001, 0.3)
counts = st.integers(100, 100_000)


@given(levels, counts, st.integers(100, 50_000), st.floats(0.01, 10))
def test_two_sided_it_is_equation_9_as_growthbook_writes_it(alpha, units, tuned_to, error):
    """gbstats 0.8.0, frequentist/tests.py, SequentialTwoSidedTTest; rho there is equation 161."""
    rho = np.sqrt((-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / tuned_to)
    theirs = np.sqrt(error**2 * units) * np.sqrt(
        (2 * (units * rho**2 + 1))
        * np.log(np.sqrt(units * rho**2 + 1) / alpha)
        / (units * rho) ** 2
    )
    assert half_width(error, units, alpha=alpha, tuned_to=tuned_to) == pytest.approx(theirs)


def test_a_number_of_the_formula():
    """Variance 1, 5,000 units, tuned to them, alpha 5 %: 1.55 times a fixed interval."""
    found = half_width(1 / np.sqrt(5_000), 5_000, alpha=0.05, tuned_to=5_000)
    assert found == pytest.approx(0.0429243, abs=1e-7)


@given(st.floats(0.001, 0.1), counts)
def test_one_side_is_nearer_than_two_at_the_units_it_was_tuned_to(alpha, units):
    one, two = (half_width(1, units, alpha=alpha, tuned_to=units, sides=s) for s in (1, 2))
    assert one < two


@given(counts, st.floats(0.001, 0.1))
def test_it_is_tightest_near_the_units_it_was_tuned_to(units, alpha):
    """Against the bound of a fixed look, whose error shrinks alike."""
    tuned, early, late = (
        half_width(1, units, alpha=alpha, tuned_to=n) for n in (units, units / 30, units * 30)
    )
    assert tuned <= min(early, late)


def test_mixing_is_defined_for_every_level():
    assert all(mixing(alpha, 100) > 0 for alpha in (1e-9, 0.05, 0.5, 0.999, 1.9))


@given(st.floats(0.005, 0.2), st.floats(0.001, 0.05))
def test_the_units_until_a_decision_are_those_at_which_the_bound_is_there(gap, error):
    units = units_until(gap, error, 1_000, alpha=0.05, tuned_to=2_000)
    then = error * np.sqrt(1_000 / units)
    width = float(half_width(then, units, alpha=0.05, tuned_to=2_000, sides=1))
    assert width <= gap * 1.001
    assert units == 1_000 or width == pytest.approx(gap, rel=0.01)


def test_a_gap_of_nothing_is_never_cleared():
    assert units_until(0, 0.1, 100, alpha=0.05, tuned_to=2_000) == float("inf")
    assert units_until(1e-12, 0.1, 100, alpha=0.05, tuned_to=2_000) == float("inf")


def false_winners(rate: float, *, tries: int, share: float, seed: int) -> tuple[float, float]:
    """Shares of A/A experiments of 4,000 units in which a bound ever errs, at 100 looks."""
    rng = np.random.default_rng(seed)
    looks = np.linspace(200, 4_000, 100).astype(int) - 1
    challenger = rng.random((tries, 4_000)) < share
    good = rng.random((tries, 4_000)) < rate
    counts = [np.cumsum(challenger == side, axis=1)[:, looks] for side in (False, True)]
    hits = [np.cumsum(good & (challenger == side), axis=1)[:, looks] for side in (False, True)]
    levels = [hit / np.maximum(count, 1) for hit, count in zip(hits, counts, strict=True)]
    shrunk = [(hit + 1) / (count + 2) for hit, count in zip(hits, counts, strict=True)]
    variance = sum(p * (1 - p) / (n + 2) for p, n in zip(shrunk, counts, strict=True))
    units = 4 * share * (1 - share) * (looks + 1)
    width = half_width(np.sqrt(variance), units, alpha=0.05, tuned_to=2_000, sides=1)
    seen = np.minimum(*counts) >= 100
    gain = levels[1] - levels[0]
    above = ((gain - width > 0) & seen).any(axis=1).mean()
    return float(above), float(((gain + width < 0) & seen).any(axis=1).mean())


def most(tries: int) -> float:
    return 0.05 + 4 * np.sqrt(0.05 * 0.95 / tries)


@pytest.mark.parametrize("rate", [0.05, 0.7])
def test_a_hundred_looks_find_no_more_false_winners_than_declared(rate):
    assert max(false_winners(rate, tries=300, share=0.5, seed=1)) <= most(300)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("rate", [0.005, 0.05, 0.3, 0.7, 0.95])
def test_a_thousand_experiments_without_a_difference(rate, share):
    found = [false_winners(rate, tries=250, share=share, seed=seed) for seed in range(4)]
    won, lost = np.mean(found, axis=0)
    assert won <= most(1_000)
    assert lost <= most(1_000)
