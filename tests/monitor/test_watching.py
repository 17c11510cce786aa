"""A pass over traffic: silent when nothing changed, in words when something did."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from simulated_traffic import START, requests
from surpass.core.errors import CannotTell
from surpass.core.settings.watch import Drift, Watch
from surpass.monitor.detectors import DETECTORS, PORTIONS
from surpass.monitor.reference import reference_of
from surpass.monitor.traffic import one_a_unit, windows
from surpass.monitor.watching import Traffic, watched

LATER = START + timedelta(days=10)
BEFORE = requests(900, seed=0)
QUICK = Watch(window=250, least=250, drift=Drift(false_notices_a_week=0.5))


def after(seed=1, **kinds):
    return Traffic(BEFORE, requests(500, seed=seed, start=LATER, **kinds), "demo:demo@1")


def test_the_portions_of_the_budget_make_one():
    assert sum(PORTIONS.values()) == pytest.approx(1)
    assert set(DETECTORS) <= set(PORTIONS)


def test_new_words_are_a_page_with_words_examples_and_cost():
    found = watched(after(new_share=0.25), QUICK)
    page = next(one for one in found.alerts if one.name == "demo:demo@1:drift")
    assert page.severity == "page"
    assert page.signal.confirmed
    assert {"quorbit", "zendo"} & {one.term for one in page.signal.terms}
    assert all(one.before < one.now for one in page.signal.terms)
    assert any("quorbit" in text for text in page.signal.examples)
    assert page.signal.cost is not None
    assert page.signal.cost.change < -0.02
    assert page.since < page.signal.start
    assert page.signal.kind == "terms"
    assert "novelty" in {one.kind for one in page.also}


def test_the_same_traffic_as_before_is_no_page():
    found = watched(after(seed=5), QUICK)
    assert not [one for one in found.alerts if one.severity == "page"]
    assert found.tested == (1, 2)


def test_false_notices_stay_within_the_budget():
    reference = reference_of(BEFORE, 1)
    alarms = {kind: 0 for kind in DETECTORS if kind != "classifier"}
    runs = 40
    for seed in range(runs):
        units = one_a_unit(requests(200, seed=100 + seed), 1)
        for kind in alarms:
            found = DETECTORS[kind](reference, units, 0.05)
            alarms[kind] += found is not None and found.p <= 0.05
    most = runs * 0.05 + 4 * np.sqrt(runs * 0.05 * 0.95)
    assert {kind: count for kind, count in alarms.items() if count > most} == {}


def test_users_who_ask_more_than_before_are_no_change():
    bursty = requests(500, seed=7, users=120, start=LATER)
    found = watched(Traffic(BEFORE, bursty, "demo:demo@1"), QUICK)
    assert not [one for one in found.alerts if one.severity == "page"]


def test_a_broken_floor_is_a_page_of_its_own():
    found = watched(after(right=0.6), QUICK)
    floor = next(one for one in found.alerts if one.signal.kind == "floor")
    assert floor.severity == "page"
    assert floor.signal.effect > 0.1
    assert found.floor.origin == "what the reference's labels prove"


def test_only_the_random_control_part_counts_where_one_is_marked():
    rows = requests(500, seed=8, start=LATER)
    control = pl.Series("control", np.arange(500) % 2 == 0)
    biased = rows.with_columns(
        control, pl.when(control).then(pl.lit(1.0)).otherwise(0.0).alias("right")
    )
    found = watched(Traffic(BEFORE, biased, "demo:demo@1"), QUICK)
    accuracy = next(one for one in found.measures[0].measures if one.name == "accuracy")
    assert accuracy.estimate == 1.0
    assert accuracy.rows == 125


def test_labels_chosen_by_weight_give_the_accuracy_of_all():
    rng = np.random.default_rng(0)
    rows = requests(4000, seed=9, start=LATER)
    chance = np.where(rows["right"].to_numpy() == 0, 0.8, 0.2)
    seen = pl.Series(rng.random(4000) < chance)
    chosen = rows.with_columns(
        pl.Series("weight", 1 / chance), pl.when(seen).then("right").alias("right")
    )
    found = watched(Traffic(BEFORE, chosen, "x:y"), Watch(window=4000, least_units=5000))
    accuracy = next(one for one in found.measures[0].measures if one.name == "accuracy")
    assert accuracy.low <= 0.9 <= accuracy.high
    assert accuracy.estimate == pytest.approx(rows["right"].mean(), abs=0.03)


def test_too_few_requests_say_nothing():
    with pytest.raises(CannotTell, match="250 are the least"):
        watched(Traffic(BEFORE, requests(249, seed=2), "x:y"), QUICK)


def test_too_few_users_leave_drift_untested_and_say_so():
    few = requests(600, seed=3, users=20, start=LATER)
    found = watched(Traffic(BEFORE, few, "x:y"), QUICK)
    assert found.tested == ()
    assert "fewer than 100 users" in found.untested


def test_what_is_left_over_is_a_window_only_if_it_is_large_enough():
    rows = requests(700, seed=4)
    assert [one.rows.height for one in windows(rows, 300, 250)] == [300, 300]
    assert [one.rows.height for one in windows(rows, 300, 100)] == [300, 300, 100]


def test_texts_that_are_not_kept_leave_the_numbers():
    mute = requests(600, seed=6, start=LATER).with_columns(pl.lit(None, pl.String).alias("input"))
    found = watched(Traffic(BEFORE, mute, "x:y"), QUICK)
    assert found.tested == ()
    assert found.measures[0].measures
