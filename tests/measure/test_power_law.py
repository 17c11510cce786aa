import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.power_law import LEAST_EXPONENT, MOST_EXPONENT, PowerLaws, fit_power_laws

SIZES = np.array([100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0])
FLAT = np.ones(6)


def law(floor, scale, exponent, shift=0.0):
    values = (np.array([value]) for value in (floor, scale, exponent, shift))
    return PowerLaws(*values, 3200.0)


def points(one):
    return np.array([[one.errors_at(size)[0] for size in SIZES]])


@given(st.floats(0, 0.3), st.floats(0.01, 0.04), st.floats(0.1, 0.8))
def test_points_on_a_law_give_that_law_back(floor, scale, exponent):
    truth = law(floor, scale, exponent)
    found = fit_power_laws(SIZES, points(truth), FLAT, shifted=False)
    for rows in (100, 1000, 3200, 12_800):
        assert found.errors_at(rows)[0] == pytest.approx(
            truth.errors_at(rows)[0], rel=5e-3, abs=4e-3
        )


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.integers(0, 2**16))
def test_every_fit_keeps_its_bounds(errors, seed):
    weights = np.random.default_rng(seed).uniform(0.1, 10, 6)
    found = fit_power_laws(SIZES, np.array([errors]), weights)
    assert found.floor[0] >= 0
    assert found.scale[0] >= 0
    assert LEAST_EXPONENT <= found.exponent[0] <= MOST_EXPONENT
    assert np.diff([found.errors_at(size)[0] for size in SIZES]).max() <= 1e-12


@given(st.integers(0, 2**16))
def test_no_other_law_under_the_bounds_is_closer(seed):
    rng = np.random.default_rng(seed)
    errors, weights = np.sort(rng.uniform(0, 0.5, 6))[::-1], rng.uniform(0.1, 10, 6)
    found = fit_power_laws(SIZES, errors[None, :], weights, shifted=False)
    others = PowerLaws(
        rng.uniform(0, 0.5, 3000),
        rng.uniform(0, 0.5, 3000),
        np.exp(rng.uniform(np.log(LEAST_EXPONENT), np.log(MOST_EXPONENT), 3000)),
        np.zeros(3000),
        found.unit,
    )

    def distance(laws):
        return sum(
            weight * (laws.errors_at(size) - error) ** 2
            for size, error, weight in zip(SIZES, errors, weights, strict=True)
        )

    assert distance(found)[0] <= distance(others).min() + 1e-4 * weights.sum()


@pytest.mark.parametrize("shift", [400.0, 800.0, 1600.0])
@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_a_late_start_is_told_as_a_shift_and_not_as_a_slow_fall(shift, exponent):
    truth = law(0.0, 0.2, exponent, shift)
    found, plain = (
        fit_power_laws(SIZES, points(truth), FLAT, shifted=shifted) for shifted in (True, False)
    )
    misses = [one.errors_at(12_800)[0] - truth.errors_at(12_800)[0] for one in (found, plain)]
    assert misses[1] > 0.01  # the plain law promises too little
    assert abs(misses[0]) < misses[1] / 2
    assert plain.shift[0] == 0 < found.shift[0]


def test_each_curve_is_fitted_by_itself():
    laws = [law(0.1, 0.1, 0.5), law(0.0, 0.3, 0.2), law(0.2, 0.0, 1.0)]
    together = fit_power_laws(SIZES, np.concatenate([points(one) for one in laws]), FLAT)
    for place, one in enumerate(laws):
        alone = fit_power_laws(SIZES, points(one), FLAT)
        assert together.errors_at(5000)[place] == pytest.approx(alone.errors_at(5000)[0])


def test_many_curves_are_fitted_in_parts_without_a_difference():
    errors = np.random.default_rng(0).uniform(0.1, 0.5, (1201, 6))
    together = fit_power_laws(SIZES, errors, FLAT)
    alone = fit_power_laws(SIZES, errors[1200:], FLAT)
    assert together.floor.shape == (1201,)
    assert together.exponent[-1] == pytest.approx(alone.exponent[0])


@given(
    st.floats(0, 0.2),
    st.floats(0.02, 0.3),
    st.floats(0.1, 1.5),
    st.floats(0, 3200),
    st.floats(0, 9),
)
def test_rows_for_an_error_undo_the_error_at_these_rows(floor, scale, exponent, shift, times):
    one = law(floor, scale, exponent, shift)
    error = one.errors_at(times * 3200 + 1)[0]
    assert one.rows_for(error)[0] == pytest.approx(times * 3200 + 1, rel=1e-6, abs=1e-6)


def test_an_error_at_or_below_the_floor_takes_infinitely_many_rows():
    assert np.isinf(law(0.1, 0.2, 0.5).rows_for(0.1)[0])
    assert np.isinf(law(0.1, 0.2, 0.5).rows_for(0.05)[0])


def test_a_law_without_a_fall_is_there_at_once():
    assert law(0.1, 0.0, 0.5).rows_for(0.2)[0] == 0
