import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from simulated import World, balanced, drawn
from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import Levels, bootstrap_interval, paired_bootstrap
from surpass.measure.intervals import clopper_pearson_high, clopper_pearson_low
from surpass.measure.metrics import metric
from surpass.measure.one_more import extended, grouped

LEVELS = Levels(low=0.05, high=0.05)


def bounds(name, tuned, base=None, labels=("L00", "L01"), levels=LEVELS):
    groups = grouped(tuned)
    chosen = metric(name)
    of_base = None if base is None else extended(chosen, base, labels, groups)
    return bootstrap_interval(extended(chosen, tuned, labels, groups), of_base, groups, levels)


@given(st.integers(20, 200), st.floats(0, 1))
def test_for_a_share_over_single_rows_it_is_clopper_pearson(rows, share):
    right = round(share * rows)
    frame = answers(["a"] * rows, ["a"] * right + ["b"] * (rows - right))
    found = bounds("accuracy", frame, labels=("a", "b"))
    assert found.low == pytest.approx(clopper_pearson_low(right, rows, 0.05), abs=0.01)
    assert found.high == pytest.approx(clopper_pearson_high(right, rows, 0.05), abs=0.01)


def test_rows_that_all_improved_do_not_make_certainty():
    tuned, base = answers(["a"] * 25, ["a"] * 25), answers(["a"] * 25, ["b"] * 25)
    found = bounds("accuracy", tuned, base, labels=("a", "b"))
    assert 0.7 < found.low < 0.85
    assert found.high == 1


def test_two_models_that_answer_alike_are_not_proved_equal():
    same = answers(["a", "b"] * 20, ["a", "b"] * 20)
    found = bounds("macro_f1", same, same, labels=("a", "b"))
    assert found.low < -0.05
    assert found.high > 0.05


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "field_f1"])
def test_swapping_the_models_mirrors_the_bounds(name):
    world = World(name, 60, 0.7, 0.8, size=3, alike=0.2)
    tuned, base = next(drawn(world, 1, seed=1))
    there = bounds(name, tuned, base, world.labels)
    back = bounds(name, base, tuned, world.labels)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=0.005)


def test_the_order_of_rows_does_not_matter():
    world = World("macro_f1", 60, 0.7, 0.8, shares=balanced(3))
    tuned, base = next(drawn(world, 1, seed=1))
    order = np.random.default_rng(0).permutation(60).tolist()
    assert bounds("macro_f1", tuned[order], base[order], world.labels) == pytest.approx(
        bounds("macro_f1", tuned, base, world.labels)
    )


def test_copies_of_rows_within_their_groups_add_no_certainty():
    world = World("macro_f1", 60, 0.7, 0.8, shares=balanced(3))
    once = next(drawn(world, 1, seed=1))
    thrice = [
        pl.concat([frame.with_columns(row=pl.col("row") + f"/{i}") for i in range(3)])
        for frame in once
    ]
    assert bounds("macro_f1", *thrice, world.labels) == pytest.approx(
        bounds("macro_f1", *once, world.labels)
    )


def test_drawing_in_chunks_gives_the_same_distribution(monkeypatch):
    world = World("macro_f1", 60, 0.7, 0.8, shares=balanced(3))
    frames = next(drawn(world, 1, seed=1))
    whole = bounds("macro_f1", *frames, world.labels)
    monkeypatch.setattr("surpass.measure.bootstrap._CELLS", 5_000)
    assert bounds("macro_f1", *frames, world.labels) == pytest.approx(whole, abs=0.01)


def test_the_same_seed_gives_the_same_bounds():
    frames = next(drawn(World("accuracy", 60, 0.7, 0.8), 1, seed=1))
    other = Levels(low=0.05, high=0.05, seed=1)
    assert bounds("accuracy", *frames) == bounds("accuracy", *frames)
    assert bounds("accuracy", *frames) != bounds("accuracy", *frames, levels=other)


def test_auc_is_bounded_on_both_sides_of_its_value():
    rng = np.random.default_rng(0)
    expected = rng.choice(["a", "b"], 80)
    ease = np.clip(0.5 + 0.2 * (expected == "a") + 0.2 * rng.standard_normal(80), 0, 1)
    frame = answers(
        expected.tolist(),
        expected.tolist(),
        probabilities=np.column_stack([ease, 1 - ease]).tolist(),
    )
    groups = grouped(frame)
    model = extended(metric("auc"), frame, ("a", "b"), groups)
    found = bootstrap_interval(model, None, groups, LEVELS)
    assert found.low < model.estimate < found.high
    assert found.high - found.low < 0.3
    plain = paired_bootstrap(model, None, groups, draws=500, seed=0).plain
    assert plain.shape == (500,)


@pytest.mark.parametrize(("labels", "groups"), [(2, 19), (7, 34), (7, 20)])
def test_below_the_smallest_sound_number_of_groups_it_cannot_tell(labels, groups):
    world = World("macro_f1", groups, 0.7, 0.8, shares=balanced(labels))
    tuned, base = next(drawn(world, 1, seed=3))
    with pytest.raises(CannotTell, match=f"{groups} groups"):
        bounds("macro_f1", tuned, base, world.labels)
