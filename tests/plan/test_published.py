"""The constants are what the fit gives, and the errors are those that the page prints."""

from pathlib import Path

import pytest

from surpass.plan import fitted
from surpass.plan.fit import fit
from surpass.plan.machines import machines
from surpass.plan.published import comparisons, published, table

PAGE = Path(__file__).parents[2] / "docs" / "plan.md"


def test_the_constants_are_what_the_fit_gives():
    found = fit()
    assert found.reached_share == pytest.approx(fitted.A100_REACHED_SHARE, rel=0.005)
    assert found.launch_seconds == pytest.approx(fitted.LAUNCH_SECONDS, rel=0.005)
    assert found.expand_seconds == pytest.approx(fitted.EXPAND_SECONDS, rel=0.005)
    assert found.framework_gb == pytest.approx(
        {"lora": fitted.LORA_FRAMEWORK_GB, "qlora": fitted.QLORA_FRAMEWORK_GB}, rel=0.005
    )
    assert found.score_bytes == pytest.approx(
        {"lora": fitted.LORA_SCORE_BYTES, "qlora": fitted.QLORA_SCORE_BYTES}, rel=0.005
    )
    assert machines()["a100-80gb"].reached == fitted.A100_REACHED_SHARE


def test_only_rows_of_7b_and_14b_are_fitted():
    assert {row.base for row in published().qwen if row.fitted} == {"qwen-7b", "qwen-14b"}


def test_no_published_memory_exceeds_the_prediction_and_its_margin():
    for one in comparisons():
        if one.unit == "GB":
            margin = fitted.FULL_MARGIN if " full" in one.what else fitted.MARGIN
            assert one.published <= one.predicted * (1 + margin), one


def test_seventy_two_billion_is_predicted_within_what_is_promised():
    errors = {
        unit: [one.error for one in comparisons() if "72b" in one.what and one.unit == unit]
        for unit in ("GB", "s")
    }
    assert all(-0.08 < error < 0.02 for error in errors["GB"])
    assert all(-0.11 < error < 0.12 for error in errors["s"])
    assert len(errors["GB"]) == len(errors["s"]) == 6


def test_rates_of_split_weights_on_a100_are_predicted_within_a_quarter():
    errors = [one.error for one in comparisons() if " x a100" in one.what]
    assert len(errors) == 3
    assert all(abs(error) < 0.25 for error in errors)


def test_the_page_prints_every_error_as_it_is():
    assert table() in PAGE.read_text(encoding="utf-8")
    assert table().count("\n") == len(comparisons()) + 2
