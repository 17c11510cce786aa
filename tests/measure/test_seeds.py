"""Bounds over seeds cover the mean of all seeds, also where a few runs hide a skewed spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulated_seeds import LABELS, Recipe, simulated
from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import Interval, Levels, bootstrap_interval, values_of_runs
from surpass.measure.metrics import metric
from surpass.measure.one_more import extended, grouped
from surpass.measure.seeds import STRETCH, over_seeds, seed_reach

ALPHA = 0.05
LEVELS = Levels(low=ALPHA, high=ALPHA, draws=1_000)


def bounded(runs, base):
    """Bounds of the gain for these runs alone, and for the recipe."""
    groups = grouped(base)
    chosen = metric("accuracy")
    of_runs = tuple(extended(chosen, run, LABELS, groups) for run in runs)
    of_base = extended(chosen, base, LABELS, groups)
    these = bootstrap_interval(of_runs, of_base, groups, LEVELS)
    return these, over_seeds(these, values_of_runs(of_runs, of_base), LEVELS, floor=-1.0)


def coverage(recipe, times):
    """Shares of tests whose lower and upper bounds hold: those of the runs, those of the recipe."""
    held = [
        [(found.low <= recipe.gain, found.high >= recipe.gain) for found in bounded(*frames)]
        for frames in simulated(recipe, times, seed=1)
    ]
    return np.mean(held, axis=0)


def errors(times):
    """Four Monte Carlo errors of a share near alpha."""
    return 4 * np.sqrt(ALPHA * (1 - ALPHA) / times)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(3, 30, "normal"),
        Recipe(3, 100, "skewed", spread=0.1, alike=0.0),
        Recipe(5, 100, "skewed"),
    ],
    ids=str,
)
def test_bounds_over_seeds_cover(recipe):
    assert (coverage(recipe, 120)[1] >= 1 - ALPHA - errors(120)).all()


def test_bounds_for_these_runs_do_not_cover_the_recipe():
    """Why seeds widen the bound: the rows alone say nothing of other runs."""
    of_runs, of_recipe = coverage(Recipe(3, 100, "normal", spread=0.1, size=5, alike=0.0), 120)
    assert of_runs.min() < 0.85
    assert of_recipe.min() >= 1 - ALPHA - errors(120)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [{"alike": 0.0, "size": 1}, {"alike": 0.5, "size": 5}], ids=str)
@pytest.mark.parametrize("spread", [0.0, 0.02, 0.05])
@pytest.mark.parametrize("groups", [30, 100])
@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("effects", ["normal", "skewed", "skewed up"])
def test_bounds_over_seeds_cover_on_the_whole_grid(effects, seeds, groups, spread, rows):
    recipe = Recipe(seeds, groups, effects, spread=spread, **rows)
    times = 300
    allowed = 1 - ALPHA - max(0.02, errors(times))
    assert (coverage(recipe, times)[1] >= allowed).all()


@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.025, 0.0083])
@pytest.mark.parametrize("seeds", [3, 4, 5, 10])
def test_a_spread_as_skewed_as_the_exponential_is_covered_without_any_rows(seeds, alpha):
    """Where rows add no noise of their own, the seeds' part stands alone."""
    tail = 1 - np.random.default_rng(0).standard_exponential((40_000, seeds))
    one = seed_reach(seeds, alpha, 1.0)
    covered = tail.mean(axis=1) - one * tail.std(axis=1, ddof=1) <= 0
    plain = tail.mean(axis=1) - one / STRETCH * tail.std(axis=1, ddof=1) <= 0
    assert covered.mean() >= 1 - alpha - 0.02
    assert plain.mean() < 1 - alpha - 0.02


@given(
    st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=10),
    st.floats(0, 0.2),
    st.floats(0, 0.2),
)
def test_seeds_only_widen(gains, below, above):
    values = np.array(gains)
    these = Interval(values.mean() - below, values.mean() + above)
    found = over_seeds(these, values, LEVELS, floor=-1.0)
    assert max(found.low, -1) <= these.low + 1e-12
    assert min(found.high, 1) >= these.high - 1e-12


def test_seeds_that_agree_leave_the_bounds_of_the_rows():
    these = Interval(0.1, 0.3)
    assert over_seeds(these, np.full(3, 0.2), LEVELS, floor=-1.0) == pytest.approx(these)


def test_one_lucky_seed_is_not_a_result():
    these = Interval(0.07, 0.13)
    even, lucky = np.array([0.09, 0.1, 0.11]), np.array([0.0, 0.0, 0.3])
    assert over_seeds(these, even, LEVELS, floor=-1.0).low > 0.04
    assert over_seeds(these, lucky, LEVELS, floor=-1.0).low < -0.2


def test_two_seeds_cannot_tell():
    with pytest.raises(CannotTell, match="2 seeds"):
        over_seeds(Interval(0.1, 0.3), np.array([0.2, 0.2]), LEVELS, floor=-1.0)


def test_runs_that_are_one_model_have_its_bounds():
    runs, base = next(simulated(Recipe(3, 40, "normal"), 1, seed=0))
    groups, chosen = grouped(base), metric("macro_f1")
    run, of_base = (extended(chosen, frame, LABELS, groups) for frame in (runs[0], base))
    levels = Levels(low=ALPHA, high=ALPHA, draws=4_000)
    once = bootstrap_interval(run, of_base, groups, levels)
    thrice = bootstrap_interval((run, run, run), of_base, groups, levels)
    assert thrice == pytest.approx(once, abs=1e-9)
