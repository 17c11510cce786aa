import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulated_curves import Truth, measured
from surpass.core.errors import CannotTell
from surpass.measure.learning_curve import (
    FARTHEST,
    LEVEL,
    Measured,
    Reach,
    error_at,
    fit_curve,
    gain_of,
    rows_for,
)

USUAL = Truth(floor=0.05, scale=0.25, exponent=0.5, run_noise=0.3)
TRUTHS = (
    USUAL,
    Truth(floor=0.0, scale=0.25, exponent=0.3, run_noise=0.3),
    Truth(floor=0.1, scale=0.1, exponent=0.8, run_noise=0.3),
    Truth(floor=0.2, scale=0.1, exponent=0.3, run_noise=0.2),
    Truth(floor=0.02, scale=0.12, exponent=0.5, run_noise=0.5, rows=500),
    Truth(floor=0.05, scale=0.25, exponent=0.5, run_noise=0.3, seeds=5),
    Truth(floor=0.0, scale=0.1, exponent=0.7, run_noise=0.05, items=2000),
    Truth(floor=0.1, scale=0.2, exponent=0.4, run_noise=0.02, items=4000),
)


CURVE = fit_curve(measured(USUAL, 0))


SIZES = (100, 200, 400, 800, 1600)


def exact(errors, sizes=SIZES, seeds=3):
    """Trainings without any noise."""
    repeated = np.tile(np.array(errors, dtype=float), (seeds, 1))
    shifts = np.zeros((200, len(errors)))
    return Measured(np.array(sizes, dtype=float), repeated, shifts, int(sizes[-1]))


def falling(sizes=SIZES):
    return exact([0.05 + 0.2 * (size / 400) ** -0.5 for size in sizes], sizes)


def coverage(truth, repeats):
    """How often intervals hold the truth: error at 1, 2 and 4 times the rows, rows, gain."""
    goal = 2.5 * truth.rows
    held = np.zeros(5)
    for seed in range(repeats):
        curve = fit_curve(measured(truth, seed), seed=seed)
        told = [error_at(curve, times * truth.rows) for times in (1, 2, FARTHEST)]
        true = [truth.error_at(times * truth.rows) for times in (1, 2, FARTHEST)]
        held[:3] += [one.low <= at <= one.high for one, at in zip(told, true, strict=True)]
        needed = rows_for(curve, truth.error_at(goal))
        low, high = needed.low, needed.high
        held[3] += low is not None and low <= goal <= (high or np.inf)
        gain = gain_of(curve, truth.rows, 100)
        rise = truth.error_at(truth.rows) - truth.error_at(truth.rows + 100)
        held[4] += gain.low <= rise <= gain.high
    return held / repeats


def least(repeats):
    """The level, less two points, less four standard errors of the simulation."""
    return LEVEL - 0.02 - 4 * np.sqrt(LEVEL * (1 - LEVEL) / repeats)


@pytest.mark.parametrize("truth", [USUAL, TRUTHS[4]], ids=str)
def test_intervals_hold_the_truth_as_often_as_they_say(truth):
    assert coverage(truth, 60).min() >= least(60)


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS, ids=str)
def test_intervals_hold_the_truth_as_often_as_they_say_on_many_curves(truth):
    assert coverage(truth, 600).min() >= least(600)


def test_a_curve_without_noise_is_read_as_it_is():
    curve = fit_curve(falling())
    needed = rows_for(curve, 0.05 + 0.2 * (3200 / 400) ** -0.5)
    assert needed.reach is Reach.NEEDED
    assert needed.rows == pytest.approx(3200, rel=0.1)
    assert error_at(curve, 6400).value == pytest.approx(0.1, abs=0.005)
    assert gain_of(curve, 1600, 100).value == pytest.approx(0.1 - 0.2 / np.sqrt(4.25), abs=0.001)


@given(st.floats(0.06, 0.4), st.floats(0.06, 0.4))
def test_a_lower_error_never_takes_fewer_rows(one, other):
    easy, hard = (rows_for(CURVE, error) for error in (max(one, other), min(one, other)))
    assert (easy.low or 0) <= (hard.low or np.inf)
    if easy.rows is not None and hard.rows is not None:
        assert easy.rows <= hard.rows
    assert (easy.high or np.inf) <= (hard.high or np.inf)


@pytest.mark.parametrize(
    ("error", "reach"),
    [
        (0.4, Reach.REACHED),
        (0.23, Reach.NEEDED),
        (0.2001, Reach.BEYOND),
        (0.1, Reach.UNREACHABLE),
    ],
)
def test_what_is_said_of_a_target_depends_on_where_it_lies(error, reach):
    curve = fit_curve(exact([0.2 + 0.2 * (size / 400) ** -1.0 for size in SIZES]))
    needed = rows_for(curve, error)
    assert needed.reach is reach
    assert (needed.rows is None) == (reach in (Reach.BEYOND, Reach.UNREACHABLE))


def test_one_training_varies_more_than_the_mean_of_many():
    curve = fit_curve(measured(USUAL, 1))
    mean, one = error_at(curve, 4000), error_at(curve, 4000, one_training=True)
    assert one.high - one.low > mean.high - mean.low
    assert one.value == pytest.approx(mean.value, abs=0.005)


@given(st.floats(0.11, 0.2))
def test_the_error_at_the_rows_needed_is_the_error_asked_for(error):
    needed = rows_for(CURVE, error)
    if needed.rows is not None and needed.rows >= CURVE.smallest:
        assert error_at(CURVE, needed.rows).value == pytest.approx(error, abs=1e-3)
        assert needed.low <= needed.rows <= (needed.high or CURVE.farthest)


@pytest.mark.parametrize("rows", [1, 99, 6401, 100_000])
def test_nothing_is_said_outside_the_smallest_size_and_four_times_the_largest(rows):
    with pytest.raises(CannotTell, match="says nothing of"):
        error_at(fit_curve(falling()), rows)


def test_an_error_that_rises_with_rows_is_refused_with_both_sizes():
    with pytest.raises(CannotTell, match=r"rises from 20.0% at 400 rows to 30.0% at 800"):
        fit_curve(exact([0.4, 0.3, 0.2, 0.3, 0.2]))


def test_a_rise_within_noise_is_no_rise():
    noisy = exact([0.4, 0.3, 0.2, 0.201, 0.15])
    wobble = 0.02 * np.random.default_rng(0).standard_normal(noisy.errors.shape)
    found = fit_curve(Measured(noisy.sizes, noisy.errors + wobble, noisy.shifts, noisy.pool))
    assert error_at(found, 1600).value < error_at(found, 400).value


@pytest.mark.parametrize("errors", [[0.3] * 5, [0.0] * 5, [0.2, 0.2, 0.2, 0.2, 0.19999]])
def test_a_flat_curve_is_refused(errors):
    with pytest.raises(CannotTell, match="may be no fall at all"):
        fit_curve(exact(errors))


def test_a_fall_that_other_items_may_undo_is_refused():
    curve = exact([0.30, 0.298, 0.296, 0.294, 0.292])
    shifts = 0.02 * np.random.default_rng(0).standard_normal((500, 5))
    with pytest.raises(CannotTell, match="may be no fall at all"):
        fit_curve(Measured(curve.sizes, curve.errors, shifts, curve.pool))


@pytest.mark.parametrize(("seeds", "sizes"), [(2, 5), (3, 4)])
def test_too_few_trainings_are_refused(seeds, sizes):
    errors = np.linspace(0.4, 0.2, sizes)
    with pytest.raises(CannotTell, match="needs 3 seeds at 5"):
        fit_curve(exact(errors, sizes=SIZES[:sizes], seeds=seeds))


def test_the_same_seed_gives_the_same_intervals():
    first, second = (error_at(fit_curve(measured(USUAL, 3), seed=7), 6000) for _ in range(2))
    assert first == second
