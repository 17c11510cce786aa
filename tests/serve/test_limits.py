"""Buckets: what may be used, and when again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.serve.limits import FREE, Bucket, Budget
from surpass.serve.refusals import Refusal

STEPS = st.lists(st.tuples(st.floats(0, 20), st.floats(0, 50)), max_size=60)


@given(st.integers(1, 100), STEPS)
def test_in_no_minute_more_than_two_minutes_worth_is_taken(per_minute, steps):
    bucket, now, taken = Bucket(per_minute, 0.0), 0.0, []
    for gap, amount in steps:
        now += gap
        if bucket.wait(amount, now) == 0 and amount <= per_minute:
            bucket.take(amount, now)
            taken.append((now, amount))
    for start, _ in taken:
        within = sum(amount for at, amount in taken if start <= at <= start + 60)
        assert within <= 2 * per_minute + 1e-6


@given(st.integers(1, 100), st.floats(0, 100), st.floats(0, 100))
def test_after_the_wait_that_is_told_it_may_be_taken(per_minute, first, second):
    bucket = Bucket(per_minute, 0.0)
    bucket.take(first, 0.0)
    second = min(second, per_minute)
    assert bucket.wait(second, bucket.wait(second, 0.0) + 1e-6) == pytest.approx(0, abs=1e-6)


def test_a_refused_request_takes_nothing_and_says_when():
    budget = Budget(Bucket(10, 0.0), Bucket(100, 0.0))
    budget.take(90.0, 0.0)
    with pytest.raises(Refusal) as refused:
        budget.take(60.0, 0.0)
    assert refused.value.status == 429
    assert refused.value.wait_seconds == pytest.approx(30.0)
    assert int(refused.value.headers["retry-after"]) >= 30
    assert budget.headers(0.0)["x-ratelimit-remaining-requests"] == "9"


def test_what_was_reserved_and_not_used_is_given_back():
    budget = Budget(None, Bucket(100, 0.0))
    budget.take(90.0, 0.0)
    budget.settle(90.0, 20.0, 0.0)
    assert budget.headers(0.0)["x-ratelimit-remaining-tokens"] == "80"


def test_a_request_that_can_never_fit_is_refused_for_good():
    with pytest.raises(Refusal) as refused:
        Budget(None, Bucket(100, 0.0)).take(101.0, 0.0)
    assert refused.value.headers == {"x-should-retry": "false"}


def test_a_free_budget_has_no_headers():
    FREE.take(1e9, 0.0)
    assert FREE.headers(0.0) == {}
