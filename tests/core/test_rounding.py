import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.rounding import tenth, tenth_at_least, tenth_at_most

values = st.floats(-200, 200)


@given(values)
def test_bounds_are_rounded_away_from_the_estimate_and_less_than_a_tenth(value):
    assert tenth_at_least(value) <= value + 1e-6
    assert tenth_at_most(value) >= value - 1e-6
    assert tenth_at_most(value) - tenth_at_least(value) == pytest.approx(0, abs=0.1 + 1e-9)
    assert tenth_at_least(value) <= tenth(value) <= tenth_at_most(value)


@given(st.integers(-1000, 1000))
def test_a_tenth_stays_what_it_is_whatever_the_noise_of_its_share(tenths):
    share = tenths / 1000
    for rounded in (tenth, tenth_at_least, tenth_at_most):
        assert rounded(100 * share) == tenths / 10


@pytest.mark.parametrize("rounded", [tenth, tenth_at_most])
def test_nothing_becomes_minus_zero(rounded):
    assert f"{rounded(-0.04):+.1f}" == "+0.0"
