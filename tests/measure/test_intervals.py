import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_1samp

from answers import answers
from simulated import World, drawn
from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import Levels
from surpass.measure.intervals import (
    clopper_pearson_high,
    clopper_pearson_low,
    clustered_mean,
    score_bounds,
    score_interval,
    wilson,
)
from surpass.measure.metrics import metric

counted = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counted, st.sampled_from([0.01, 0.05, 0.1]))
def test_intervals_of_a_share_are_scipys(pair, alpha):
    result = binomtest(*pair)
    theirs = result.proportion_ci(1 - alpha, method="wilson")
    assert wilson(*pair, alpha) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    exact = result.proportion_ci(1 - 2 * alpha, method="exact")  # two-sided: alpha on each side
    ours = clopper_pearson_low(*pair, alpha), clopper_pearson_high(*pair, alpha)
    assert ours == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_wilson_gives_the_published_values():
    assert wilson(45, 50, 0.05) == pytest.approx((0.78640, 0.95652), abs=1e-5)
    assert wilson(0, 50, 0.05) == pytest.approx((0, 0.07135), abs=1e-5)


def test_single_rows_have_the_usual_standard_error():
    differences = np.random.default_rng(0).normal(size=40)
    found = clustered_mean(differences, np.arange(40))
    assert found.mean / found.standard_error == pytest.approx(ttest_1samp(differences, 0).statistic)
    assert found.freedom == 39


def test_copies_of_rows_in_a_group_add_no_certainty():
    differences = np.random.default_rng(0).normal(size=40)
    once = clustered_mean(differences, np.arange(40))
    thrice = clustered_mean(np.repeat(differences, 3), np.repeat(np.arange(40), 3))
    assert thrice.standard_error == pytest.approx(once.standard_error)


def test_too_few_groups_have_no_standard_error():
    with pytest.raises(CannotTell, match="19 groups"):
        clustered_mean(np.zeros(100), np.arange(100) % 19)


def test_a_share_over_single_rows_has_the_exact_bounds():
    frame = answers(["a"] * 59, ["a"] * 59)
    found = score_bounds(metric("accuracy"), frame, ("a",), Levels(low=0.05, high=0.05))
    assert (found.method, found.high) == ("exact", 1)
    assert found.low == pytest.approx(0.05 ** (1 / 59))


def test_below_twenty_groups_there_is_a_score_but_no_interval():
    found = score_interval(metric("accuracy"), answers(["a"] * 19, ["a"] * 19), ("a",))
    assert (found.estimate, found.low, found.high) == (1, None, None)
    assert found.method.startswith("none: 19 groups")


def test_the_interval_of_a_grouped_score_is_by_group():
    world = World("accuracy", 40, 0.7, 0.7, size=5, alike=0.3)
    frame, _ = next(drawn(world, 1, seed=0))
    by_group = score_interval(metric("accuracy"), frame, world.labels)
    by_row = score_interval(metric("accuracy"), frame.with_columns(group="row"), world.labels)
    assert by_group.method == "bootstrap by group"
    assert by_row.method == "exact"
    assert by_group.high - by_group.low > 1.2 * (by_row.high - by_row.low)
