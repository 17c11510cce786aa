"""The learning rate goes up in a line, then down in a line, and never to 0."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.settings import Full, Lora, Prefix, Prompt, Training
from surpass.train.schedule import peak_rate, rate_at


@given(st.integers(1, 300), st.floats(0, 0.9))
def test_it_rises_to_the_peak_and_falls_to_the_end(steps, warmup_share):
    rates = [rate_at(step, steps, warmup_share, 1.0) for step in range(steps)]
    top = rates.index(max(rates))
    assert top == int(warmup_share * steps)
    assert rates[top] == 1.0
    assert all(before < after for before, after in pairwise(rates[: top + 1]))
    assert all(before > after for before, after in pairwise(rates[top:]))
    assert all(rate > 0 for rate in rates)


@pytest.mark.parametrize(
    ("setting", "parameters", "expected"),
    [("auto", 135_000_000, 1e-3), ("auto", 7_000_000_000, 2e-4), (3e-5, 135_000_000, 3e-5)],
)
def test_the_automatic_rate_depends_on_the_size(setting, parameters, expected):
    assert peak_rate(Training(learning_rate=setting), parameters, Lora()) == expected


@pytest.mark.parametrize("parameters", [135_000_000, 7_000_000_000])
def test_lora_learns_ten_times_as_fast_as_all_weights_and_virtual_tokens_faster(parameters):
    rates = [peak_rate(Training(), parameters, one) for one in (Full(), Lora(), Prefix(), Prompt())]
    assert rates[1] == pytest.approx(10 * rates[0])
    assert rates == sorted(set(rates))
