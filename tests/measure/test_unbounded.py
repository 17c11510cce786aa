"""Bounds of seconds, words and money."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from answers import answers
from surpass.measure.intervals import score_interval
from surpass.measure.metrics.runs.costs import CostPerAccepted
from surpass.measure.metrics.runs.latency import SecondsMean, SecondsQuantile


def waited(seconds, groups=None):
    frame = answers(["x"] * len(seconds), ["x"] * len(seconds), groups=groups)
    return frame.with_columns(pl.Series("seconds", seconds))


def test_a_mean_of_single_rows_has_the_usual_t_interval():
    seconds = np.random.default_rng(0).exponential(3.0, 40)
    found = score_interval(SecondsMean(), waited(seconds), ())
    low, high = stats.t.interval(0.95, 39, seconds.mean(), stats.sem(seconds))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.high > 1  # no 1 limits seconds


def test_rows_of_one_group_are_one_piece_of_evidence():
    seconds = np.random.default_rng(0).exponential(3.0, 40)
    names = [f"g{number}" for number in range(40)]
    once = score_interval(SecondsMean(), waited(seconds, names), ())
    twice = score_interval(SecondsMean(), waited(np.tile(seconds, 2), names * 2), ())
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high), abs=1e-9)


def test_a_percentile_has_bounds_from_enough_requests_on():
    seconds = np.arange(1.0, 101.0)
    found = score_interval(SecondsQuantile(), waited(seconds), ())
    assert found.low < found.estimate == 95 < found.high
    assert found.method == "order statistics"
    few = score_interval(SecondsQuantile(), waited(seconds[:58]), ())
    assert (few.low, few.high) == (None, None)
    assert few.method.startswith("none: 58 measurements")


def test_a_percentile_of_rows_that_depend_on_each_other_has_no_bounds():
    found = score_interval(SecondsQuantile(), waited(np.arange(100.0), ["a", "b"] * 50), ())
    assert found.high is None


def test_too_few_groups_have_an_estimate_and_no_bounds():
    found = score_interval(SecondsMean(), waited(np.ones(19)), ())
    assert (found.estimate, found.low, found.high) == (1, None, None)


def test_the_cost_of_a_right_answer_is_covered():
    rng = np.random.default_rng(2)
    misses = 0
    for _ in range(300):
        answered = np.where(rng.random(120) < 0.5, "x", "no").tolist()
        frame = answers(["x"] * 120, answered).with_columns(
            pl.Series("cost", rng.exponential(size=120))
        )
        found = score_interval(CostPerAccepted(), frame, ())
        misses += not found.low <= 2 <= found.high
    assert misses / 300 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 300)
