from hypothesis import given
from hypothesis import strategies as st

from surpass.evaluate.jail.limits import time_limit


@given(st.floats(0, 1000))
def test_an_answer_gets_four_times_the_canonical_time_and_at_least_four_seconds(seconds):
    assert time_limit(seconds) >= 4
    assert time_limit(seconds) >= 4 * seconds
    assert time_limit(seconds) in (4, 4 * seconds)
