"""The decision rule: five answers, in an order that cannot be argued with."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.experiment import Band, Conclusion
from surpass.core.settings.experiment import Experiment, ExperimentGuard
from surpass.measure.sequential.asymptotic import half_width
from surpass.measure.sequential.effect import Effect
from surpass.prove.experiment import decide, faults_of, units_left

UNGUARDED = Experiment(guard=())
GUARDED = Experiment(
    equal=0.02,
    guard=(
        ExperimentGuard(metric="errors", margin=0.01),
        ExperimentGuard(metric="slow", margin=0.05, level="proved"),
    ),
)
numbers = st.floats(-1, 1)


def band(low, high, metric="solved"):
    return Band(
        metric=metric,
        champion=0.5,
        challenger=0.5,
        gain=None if low is None else (low + high) / 2,
        low=low,
        high=high,
        champion_units=500,
        challenger_units=500,
        unknown="too few" if low is None else "",
    )


OPEN, FINE = band(-0.1, 0.1), band(-0.001, 0.2)


@pytest.mark.parametrize(
    ("low", "high", "decision"),
    [
        (0.001, 0.2, Conclusion.WINS),
        (-0.2, -0.001, Conclusion.LOSES),
        (-0.1, 0.1, Conclusion.KEEP_GOING),
        (-0.02, 0.019, Conclusion.EQUAL),
        (0.001, 0.019, Conclusion.WINS),  # inside the band, and yet shown to be better
        (None, None, Conclusion.KEEP_GOING),
    ],
)
def test_the_primary_decides_where_guards_hold(low, high, decision):
    assert decide(GUARDED, band(low, high), (FINE, FINE), ()).decision is decision


def test_without_a_declared_band_nothing_is_ever_equal():
    tiny = band(-1e-9, 1e-9)
    assert decide(UNGUARDED, tiny, (), ()).decision is Conclusion.KEEP_GOING


def test_a_guard_that_is_surely_worse_than_its_margin_ends_it_though_the_primary_wins():
    worse, tolerated = band(-0.2, -0.011), band(-0.2, -0.009)
    won = band(0.1, 0.2)
    found = decide(GUARDED, won, (worse, FINE), ())
    assert found.decision is Conclusion.LOSES
    assert "errors" in found.why
    assert decide(GUARDED, won, (tolerated, FINE), ()).decision is Conclusion.WINS


def test_a_guard_to_be_proved_is_waited_for():
    won, unproved = band(0.1, 0.2), band(-0.06, 0.1)
    found = decide(GUARDED, won, (OPEN, unproved), ())
    assert found.decision is Conclusion.KEEP_GOING
    assert "slow" in found.why
    unknown = band(None, None)
    assert decide(GUARDED, won, (unknown, unknown), ()).decision is Conclusion.KEEP_GOING


@given(numbers, numbers, numbers)
def test_a_fault_comes_before_everything(one, two, guard):
    low, high = sorted([one, two])
    bands = (band(guard, guard), FINE)
    assert decide(GUARDED, band(low, high), bands, ("x.",)).decision is Conclusion.BROKEN


@given(numbers, numbers, st.floats(-0.5, 0.5))
def test_only_a_bound_beyond_the_margin_decides(one, two, margin):
    low, high = sorted([one, two])
    plan = msgspec.structs.replace(UNGUARDED, margin=margin)
    found = decide(plan, band(low, high), (), ()).decision
    assert (found is Conclusion.WINS) == (low > margin)
    assert (found is Conclusion.LOSES) == (high < margin)


def test_a_split_is_broken_by_its_shares_or_by_units_that_met_both():
    assert faults_of(0.5, 0.001, 1_000, 0) == ()
    assert "shares" in faults_of(0.0001, 0.001, 1_000, 0)[0]
    assert faults_of(0.5, 0.001, 1_000, 10) == ()
    assert "met both" in faults_of(0.5, 0.001, 1_000, 11)[0]
    assert faults_of(0.5, 0.001, 100_000, 1_000) == ()


def known(gain: float) -> Effect:
    return Effect(0.5, 0.5 + gain, gain, 0.02, 2_000, 1_000, 1_000)


def test_the_units_left_are_fewer_the_larger_the_gain():
    left = [units_left(UNGUARDED, known(gain)) for gain in (0.02, 0.04, 0.06)]
    assert left[0] > left[1] > left[2] >= 0
    assert units_left(UNGUARDED, known(0.0)) == float("inf")
    assert units_left(UNGUARDED, known(0.5)) == 0


def test_no_difference_is_near_its_end_only_where_a_band_says_what_equal_is():
    plan = msgspec.structs.replace(UNGUARDED, equal=0.05)
    assert units_left(plan, known(0.001)) < units_left(UNGUARDED, known(0.001))


def test_guards_share_alpha():
    """Four guards of models that fail alike: that any of them ever stops it is at most alpha."""
    rng, tries, units = np.random.default_rng(0), 300, np.linspace(200, 3_000, 60)
    steps = rng.normal(0, 1, (tries, 4, units.size)) * np.sqrt(np.diff(units, prepend=0))
    walks = np.cumsum(steps, axis=2) / units  # an estimate of nothing, at 60 looks
    width = half_width(1 / np.sqrt(units), units, alpha=0.05 / 4, tuned_to=2_000, sides=1)
    stopped = (walks + width < 0).any(axis=(1, 2)).mean()
    assert stopped <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / tries)
