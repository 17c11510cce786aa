"""Quantiles with bounds by order statistics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import CannotTell
from surpass.measure.quantiles import needed_values, quantile_bounds, weighted_quantile


def test_59_measurements_bound_a_95th_percentile_and_58_do_not():
    assert needed_values(0.95, 0.05) == 59
    assert quantile_bounds(np.arange(59.0), 0.95).high == 58
    with pytest.raises(CannotTell, match="58 measurements"):
        quantile_bounds(np.arange(58.0), 0.95)


def test_places_are_those_of_the_binomial_table():
    """Conover 1999, section 3.2: of 100 values, the 95 % bounds of the median are X42 and X59."""
    found = quantile_bounds(np.arange(1.0, 101.0), 0.5, alpha=0.05)
    assert (found.low, found.estimate, found.high) == (42, 50, 59)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_each_bound_covers_the_true_quantile(share):
    rng = np.random.default_rng(1)
    true = -np.log(1 - share)  # of the exponential distribution
    found = [quantile_bounds(rng.exponential(size=80), share) for _ in range(1_000)]
    allowed = 0.05 + 4 * np.sqrt(0.05 * 0.95 / 1_000)
    assert np.mean([one.low > true for one in found]) <= allowed
    assert np.mean([one.high < true for one in found]) <= allowed


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30), st.floats(0.05, 0.95))
def test_equal_weights_give_the_usual_quantile(values, share):
    values = np.array(values)
    ours = weighted_quantile(values, np.ones((1, values.size)), share=share)[0]
    assert ours == np.quantile(values, share, method="inverted_cdf")


def test_a_weight_of_two_is_a_row_twice():
    values, weights = np.array([5.0, 1.0, 3.0]), np.array([[2.0, 1.0, 1.0]])
    assert weighted_quantile(values, weights, share=0.5)[0] == 3
    assert np.isnan(weighted_quantile(values, np.zeros((1, 3)), share=0.5)[0])
    assert np.isnan(weighted_quantile(np.zeros(0), np.zeros((1, 0)), share=0.5)[0])
