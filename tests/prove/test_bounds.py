"""Bounds cover, and a PASS is as rare as declared where the true gain is exactly the margin."""

import numpy as np
import polars as pl
import pytest

from answers import answers
from simulated import World, balanced, drawn, true_gain, true_score
from surpass.core.errors import BadInput
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.prove.bounds import gain, level_of

ALPHA = 0.05
LEVELS = Levels(low=ALPHA, high=ALPHA, draws=1_000)
SKEWED = (0.8, 0.15, 0.05)
CLUSTERS = {"size": 5, "alike": 0.3}
PAIRS = ((0.5, 0.5), (0.5, 0.9), (0.97, 0.9), (0.9, 0.97))


def coverage(world, times, seed=0):
    """Shares of tests whose lower and upper bounds hold: of the gain, and of the tuned score."""
    of_gain, of_level = [], []
    for tuned, base in drawn(world, times, seed):
        found = gain(world.chosen, tuned, base, world.labels, LEVELS)
        of_gain.append(_holds(found, true_gain(world, tuned)))
        found = level_of(world.chosen, tuned, world.labels, LEVELS)
        if found.low is not None:
            of_level.append(_holds(found, true_score(world, world.tuned, tuned)))
    return np.mean(of_gain, axis=0), np.mean(of_level, axis=0) if of_level else np.ones(2)


def _holds(found, truth):
    return found.low <= truth + 1e-12, found.high >= truth - 1e-12


def errors(times):
    """Four Monte Carlo errors of a share near alpha."""
    return 4 * np.sqrt(ALPHA * (1 - ALPHA) / times)


def passes(world, times, *, by_row=False, seed=0):
    """How often the lower bound exceeds the true gain: a wrong PASS where that is the margin."""
    wrong = 0
    for frames in drawn(world, times, seed):
        group = pl.col("row" if by_row else "group")
        tuned, base = (frame.with_columns(group=group) for frame in frames)
        low = gain(world.chosen, tuned, base, world.labels, LEVELS).low
        wrong += low is not None and low > true_gain(world, tuned) + 1e-12
    return wrong / times


@pytest.mark.parametrize(
    "world",
    [
        World("accuracy", 20, 0.97, 0.9),  # where percentile and t bounds cover 86 % and 82 %
        World("accuracy", 20, 0.9, 0.97),
        World("accuracy", 50, 0.5, 0.9),
        World("macro_f1", 50, 0.9, 0.97, shares=SKEWED),
        World("macro_f1", 100, 0.5, 0.9, shares=balanced(7)),
        World("field_f1", 30, 0.5, 0.9, **CLUSTERS),
    ],
    ids=str,
)
def test_bounds_cover(world):
    for found in coverage(world, times=100):
        assert (found >= 1 - ALPHA - errors(100)).all(), found


@pytest.mark.slow
@pytest.mark.parametrize("shape", [{}, CLUSTERS], ids=str)
@pytest.mark.parametrize("groups", [20, 30, 50, 100, 300])
@pytest.mark.parametrize("share", PAIRS, ids=str)
@pytest.mark.parametrize(
    ("name", "shares"),
    [
        ("accuracy", balanced(2)),
        ("macro_f1", balanced(3)),
        ("macro_f1", SKEWED),
        ("macro_f1", balanced(7)),
        ("field_f1", ()),
    ],
    ids=str,
)
def test_bounds_cover_on_the_whole_grid(name, shares, share, groups, shape):
    world = World(name, groups, *share, shares=shares, **shape)
    tuned, base = next(drawn(world, 1, seed=0))
    if gain(world.chosen, tuned, base, world.labels, LEVELS).low is None:
        assert groups < 5 * len(shares)  # it says that it cannot tell
        return
    times = 200
    of_gain, of_level = coverage(world, times)
    allowed = 1 - ALPHA - max(0.02, errors(times))
    assert (of_gain >= allowed).all(), of_gain
    assert (of_level >= allowed).all(), of_level


LEAST_FAVOURABLE = [
    World("accuracy", 100, 0.7, 0.75),
    World("accuracy", 50, 0.99, 0.94),  # few rows differ, nearly all of them lost
    World("macro_f1", 60, 0.6, 0.7, shares=balanced(3)),
    World("macro_f1", 40, 0.6, 0.7, shares=balanced(3), **CLUSTERS),
    World("field_f1", 40, 0.8, 0.85, **CLUSTERS),
    World("accuracy", 60, 0.8, 0.85, **CLUSTERS, uneven=True),
]


@pytest.mark.parametrize("world", LEAST_FAVOURABLE, ids=str)
def test_a_gain_of_exactly_the_margin_passes_as_rarely_as_declared(world):
    assert passes(world, 120) <= ALPHA + errors(120)


@pytest.mark.slow
@pytest.mark.parametrize("world", LEAST_FAVOURABLE, ids=str)
def test_a_gain_of_exactly_the_margin_passes_as_rarely_as_declared_in_many_tests(world):
    assert passes(world, 2_000) <= ALPHA + errors(2_000)


def test_rows_taken_for_groups_break_the_level():
    world = World("accuracy", 40, 0.6, 0.7, size=12, alike=0.5)
    assert passes(world, 120) <= ALPHA + errors(120)
    assert passes(world, 120, by_row=True) > ALPHA + errors(120)


def test_other_rows_are_refused():
    tuned = answers(["a", "b"], ["a", "b"])
    for other in (tuned.reverse(), tuned.head(1), answers(["b", "a"], ["a", "b"])):
        with pytest.raises(BadInput, match="different rows"):
            gain(metric("accuracy"), tuned, other, ("a", "b"), LEVELS)


def test_too_few_groups_leave_the_estimate_and_say_why():
    rows = answers(["a"] * 40, ["a"] * 40, groups=[str(i % 10) for i in range(40)])
    found = gain(metric("accuracy"), rows, rows, ("a",), LEVELS)
    assert (found.estimate, found.low, found.high, found.groups) == (0, None, None, 10)
    assert found.method == "none: 10 groups; a bound needs 20."
