"""Gaps between slices."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from surpass.core.errors import CannotTell
from surpass.measure.fairness import (
    demographic_parity,
    equalised_odds,
    rate_gap,
    score_gap,
)
from surpass.measure.metrics import metric
from surpass.measure.scores import sure_score

FAST = {"draws": 200}


def sliced(expected, answered, slices, **more):
    frame = answers(expected, answered, **more)
    return frame.with_columns(pl.Series("@who", slices, dtype=pl.String))


def by_hand(expected, answered, slices):
    """Rates by the definitions, one slice after the other."""
    frame = pl.DataFrame({"e": expected, "a": answered, "s": slices})
    rates = [
        (
            (part["a"] == "yes").mean(),
            (part.filter(pl.col("e") == "yes")["a"] == "yes").mean(),
            (part.filter(pl.col("e") == "no")["a"] == "yes").mean(),
        )
        for _, part in frame.group_by("s")
    ]
    return np.array(rates).T


@given(st.integers(0, 999))
def test_gaps_are_those_of_the_definitions(seed):
    rng = np.random.default_rng(seed)
    expected, answered = (np.repeat(["yes", "no"], 90).tolist() for _ in range(2))
    rng.shuffle(answered)
    slices = (["a", "b", "c"] * 60)[:180]
    frame = sliced(expected, answered, slices)
    selected, true, false = by_hand(expected, answered, slices)
    parity = demographic_parity(frame, "who", "yes", **FAST)
    odds = equalised_odds(frame, "who", "yes", **FAST)
    assert parity.difference == pytest.approx(np.ptp(selected), abs=1e-9)
    assert parity.ratio == pytest.approx(selected.min() / selected.max(), abs=1e-9)
    assert odds.difference == pytest.approx(max(np.ptp(true), np.ptp(false)), abs=1e-9)
    ratios = [rates.min() / rates.max() for rates in (true, false)]
    assert odds.ratio == pytest.approx(min(ratios), abs=1e-9)


def test_a_worked_example():
    """Four of five women and two of five men are selected, each person twenty times over."""
    expected = ["yes"] * 5 + ["no", "no", "yes", "yes", "no"]
    answered = ["no", "yes", "yes", "yes", "yes", "no", "no", "no", "yes", "yes"]
    slices = ["woman"] * 5 + ["man"] * 5
    frame = sliced(expected * 20, answered * 20, slices * 20)
    parity = demographic_parity(frame, "who", "yes", **FAST)
    assert (parity.lowest, parity.highest) == ("man", "woman")
    assert parity.difference == pytest.approx(0.4, abs=1e-9)
    assert parity.ratio == pytest.approx(0.5, abs=1e-9)
    assert parity.low < 0.4 < parity.high


def test_a_small_slice_is_not_judged_but_named():
    frame = sliced(["yes"] * 85, ["yes"] * 85, ["a"] * 40 + ["b"] * 40 + ["c"] * 5)
    found = demographic_parity(frame, "who", "yes", **FAST)
    assert found.unclear == ("c",)
    assert (found.difference, found.ratio, found.low, found.high) == (0, 1, 0, 0)


@pytest.mark.parametrize("name", ["macro_f1", "accuracy", "auc"])
def test_the_gap_of_a_metric_is_that_of_its_scores_slice_by_slice(name):
    rng = np.random.default_rng(5)
    labels = ("x", "y")
    expected, answered = (rng.choice(labels, 90).tolist() for _ in range(2))
    sure = rng.dirichlet((1, 1), 90).tolist()
    frame = sliced(expected, answered, ["a", "b", "c"] * 30, probabilities=sure)
    found = score_gap(metric(name), frame, labels, "who", **FAST)
    alone = {who: sure_score(metric(name), part, labels) for (who,), part in frame.group_by("@who")}
    assert {one.slice: one.rate for one in found.rates} == pytest.approx(alone, abs=1e-9)
    assert alone[found.lowest] == pytest.approx(min(alone.values()), abs=1e-9)
    assert found.difference == pytest.approx(max(alone.values()) - min(alone.values()), abs=1e-9)
    assert found.low <= found.high


def test_many_rows_of_few_groups_cannot_tell():
    frame = sliced(["yes"] * 400, ["yes"] * 400, ["a", "b"] * 200, groups=["g1", "g2"] * 200)
    with pytest.raises(CannotTell, match="0 of 2 slices"):
        demographic_parity(frame, "who", "yes", **FAST)


def test_odds_need_rows_of_both_kinds_in_two_slices():
    frame = sliced(["yes"] * 80, ["yes"] * 80, ["a", "b"] * 40)
    with pytest.raises(CannotTell, match="slices"):
        equalised_odds(frame, "who", "yes", **FAST)


def test_rows_without_a_slice_are_left_out_and_a_missing_column_is_named():
    frame = sliced(["yes"] * 120, ["yes"] * 80 + ["no"] * 40, ["a", "b"] * 40 + [None] * 40)
    assert demographic_parity(frame, "who", "yes", **FAST).difference == 0
    with pytest.raises(CannotTell, match="'age'"):
        demographic_parity(frame, "age", "yes", **FAST)


def test_an_answer_that_was_not_read_selects_nobody():
    frame = sliced(["yes"] * 80, ["yes"] * 80, ["a", "b"] * 40, status=["ok", "unreadable"] * 40)
    found = demographic_parity(frame, "who", "yes", **FAST)
    assert (found.difference, found.ratio) == (1, 0)


def test_a_gap_of_nothing_has_no_ratio():
    frame = sliced(["yes"] * 80, ["no"] * 80, ["a", "b"] * 40)
    assert demographic_parity(frame, "who", "yes", **FAST).ratio is None


def test_repeating_the_rows_of_each_group_leaves_the_bounds():
    rng = np.random.default_rng(0)
    scores, slices = rng.random(80), ["a", "b"] * 40
    once = sliced(["x"] * 80, ["x"] * 80, slices, groups=[f"g{i}" for i in range(80)])
    twice = pl.concat([once, once])
    single = rate_gap(once, "who", scores, np.ones(80), **FAST)
    double = rate_gap(twice, "who", np.tile(scores, 2), np.ones(160), **FAST)
    assert (double.low, double.high) == pytest.approx((single.low, single.high))


def test_the_interval_covers_a_true_gap():
    rng = np.random.default_rng(3)
    slices = ["a", "b"] * 150
    truth = np.where(np.array(slices) == "a", 0.3, 0.6)
    misses = 0
    for _ in range(200):
        answered = np.where(rng.random(300) < truth, "yes", "no").tolist()
        found = demographic_parity(sliced(["yes"] * 300, answered, slices), "who", "yes", draws=400)
        misses += not found.low <= 0.3 <= found.high
    assert misses / 200 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


def test_gaps_are_those_of_fairlearn():
    """Three hundred people in three groups; the numbers were printed by fairlearn 0.15.0.

    Its demographic_parity_difference and _ratio, equalized_odds_difference and _ratio, and the
    difference and ratio of a MetricFrame with scikit-learn's macro F1.
    """
    rng = np.random.default_rng(13)
    who = rng.choice(["a", "b", "c"], 300, p=[0.5, 0.3, 0.2])
    truth = np.where(rng.random(300) < 0.4, "yes", "no")
    turned = rng.random(300) < np.select([who == "a", who == "b"], [0.1, 0.25], 0.4)
    said = np.where(turned, np.where(truth == "yes", "no", "yes"), truth)
    frame = sliced(truth.tolist(), said.tolist(), who.tolist())
    parity = demographic_parity(frame, "who", "yes", **FAST)
    odds = equalised_odds(frame, "who", "yes", **FAST)
    scores = score_gap(metric("macro_f1"), frame, ("yes", "no"), "who", **FAST)
    found = [(one.difference, one.ratio) for one in (parity, odds, scores)]
    assert found[0] == pytest.approx((0.07914683588930022, 0.8433903034530869), abs=1e-9)
    assert found[1] == pytest.approx((0.2716450216450217, 0.5041666666666668), abs=1e-9)
    assert found[2] == pytest.approx((0.20136408420409924, 0.7683126993808217), abs=1e-9)
    assert scores.lowest == "c"
    assert [one.rate for one in scores.rates] == pytest.approx(
        [0.8691200754895023, 0.7725101921956902, 0.6677559912854031], abs=1e-9
    )


@given(st.integers(0, 999))
def test_each_rate_and_ratio_lies_in_its_interval(seed):
    rng = np.random.default_rng(seed)
    answered = rng.choice(["yes", "no"], 120).tolist()
    found = demographic_parity(sliced(["yes"] * 120, answered, ["a", "b"] * 60), "who", "yes")
    assert all(one.low <= one.rate <= one.high for one in found.rates)
    assert found.low <= found.difference <= found.high
    assert found.ratio_low <= found.ratio <= found.ratio_high
    assert found.shown == (found.ratio_high < 1)


def test_where_slices_are_alike_a_gap_is_seldom_shown():
    """Two slices of one rate: the interval reaches 0 as often as it promises."""
    rng, shown = np.random.default_rng(8), 0
    for _ in range(200):
        answered = rng.choice(["yes", "no"], 120).tolist()
        frame = sliced(["yes"] * 120, answered, ["a", "b"] * 60)
        shown += demographic_parity(frame, "who", "yes", draws=400).shown
    assert shown / 200 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)
