"""A mean of people's judgements with a judge's help: covered whatever the judge is worth."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput, CannotTell
from surpass.measure.bootstrap import Levels
from surpass.measure.ppi import corrected_mean

LEVELS = Levels(low=0.025, high=0.025)


class World(NamedTuple):
    """Rows that people would find good at a rate, and a judge that sees it so often."""

    rate: float
    sensitivity: float
    specificity: float
    labels: int
    rows: int
    a_group: int = 1  # rows that share one truth

    def drawn(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        groups = np.arange(self.rows) // self.a_group
        good = (rng.random(groups.max() + 1) < self.rate)[groups]
        sees = np.where(good, self.sensitivity, 1 - self.specificity)
        judged = (rng.random(self.rows) < sees).astype(float)
        said = np.full(self.rows, np.nan)
        asked = rng.choice(self.rows, self.labels, replace=False)
        said[asked] = good[asked]
        return said, judged, groups


# The three rows of a published comparison of judges: rate, sensitivity / specificity; here with
# 2,000 rows and 200 labels. Then a judge worth nothing, one that is always wrong, and few labels.
WORLDS = {
    "usual judge": World(0.7, 0.9, 0.7, 200, 2_000),
    "rare faults": World(0.9, 0.95, 0.6, 200, 2_000),
    "good judge": World(0.7, 0.97, 0.95, 200, 2_000),
    "guesses": World(0.7, 0.5, 0.5, 200, 2_000),
    "always wrong": World(0.7, 0.0, 0.0, 200, 2_000),
    "clustered": World(0.7, 0.9, 0.7, 200, 2_000, a_group=5),
}
SMALL = {
    "few labels": World(0.6, 0.9, 0.9, 50, 500),
    "few labels, good judge": World(0.6, 0.99, 0.99, 50, 500),
    "few labels, clustered": World(0.6, 0.9, 0.9, 60, 400, a_group=4),
}


def coverage(world: World, draws: int) -> tuple[float, float]:
    """Share of draws whose bounds hold the rate, and the mean width."""
    found = [corrected_mean(*world.drawn(seed), LEVELS) for seed in range(draws)]
    inside = [one.low <= world.rate <= one.high for one in found]
    return float(np.mean(inside)), float(np.mean([one.high - one.low for one in found]))


@pytest.mark.parametrize("name", WORLDS)
def test_the_bounds_cover(name):
    covered, _ = coverage(WORLDS[name], 500)
    noise = 4 * np.sqrt(0.95 * 0.05 / 500)
    assert 0.93 - noise <= covered <= 0.97 + noise


@pytest.mark.slow
@pytest.mark.parametrize("name", [*WORLDS, *SMALL])
def test_the_bounds_cover_within_two_points(name):
    """Fifty labels get wider bounds, for the label that nobody gave: never narrower ones."""
    covered, _ = coverage((WORLDS | SMALL)[name], 6_000)
    noise = 4 * np.sqrt(0.95 * 0.05 / 6_000)
    assert 0.93 - noise <= covered
    assert covered <= (0.97 if name in WORLDS else 0.99) + noise


@pytest.mark.parametrize(("name", "at_most"), [("good judge", 0.6), ("usual judge", 0.9)])
def test_a_good_judge_narrows_the_bounds(name, at_most):
    world = WORLDS[name]
    for seed in range(5):
        said, judged, groups = world.drawn(seed)
        alone = corrected_mean(said, np.zeros(said.size), groups, LEVELS)
        helped = corrected_mean(said, judged, groups, LEVELS)
        assert alone.trust == 0
        assert helped.high - helped.low < at_most * (alone.high - alone.low)


@pytest.mark.parametrize("name", ["guesses", "always wrong"])
def test_a_bad_judge_leaves_what_the_labels_say(name):
    said, judged, groups = WORLDS[name].drawn(1)
    alone = corrected_mean(said, np.zeros(said.size), groups, LEVELS)
    found = corrected_mean(said, judged, groups, LEVELS)
    assert found.trust < 0.2
    assert found.high - found.low < 1.03 * (alone.high - alone.low)
    assert alone.estimate == pytest.approx(np.nanmean(said))


GOLDEN = (
    (60, 300, 0.9, 0.5374037479517058, 0.6801586677028153),
    (200, 1000, 0.7, 0.5468172568220703, 0.6531827431779299),
    (80, 80, 0.95, 0.5302946746485526, 0.6697053253514473),
    (60, 240, 0.2, 0.4959703224248885, 0.7040296775751115),
)


@pytest.mark.parametrize(("labels", "others", "right", "low", "high"), GOLDEN)
def test_rows_that_are_groups_of_their_own_give_the_published_packages_numbers(
    labels, others, right, low, high
):
    """ppi-python 0.2.3, ppi_mean_ci(alpha=0.1), a normal interval; made outside this project."""
    rows = np.arange(labels + others)
    truth = ((rows * 7919) % 10 < 6).astype(float)
    judged = np.where((rows * 104729) % 100 >= right * 100, 1 - truth, truth)
    said = np.where(rows < labels, truth, np.nan)
    found = corrected_mean(said, judged, rows, LEVELS)
    # Its variance has no factor C / (C - 1); its bounds are normal.
    half = 1.6448536269514722 * found.error * np.sqrt((rows.size - 1) / rows.size)
    assert (found.estimate - half, found.estimate + half) == pytest.approx((low, high), abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(-2, 2), st.floats(0.1, 3))
def test_another_unit_moves_the_answer_as_it_should(seed, shift, scale):
    said, judged, groups = WORLDS["clustered"]._replace(rows=400).drawn(seed)
    one = corrected_mean(said, judged, groups, LEVELS)
    other = corrected_mean(
        scale * said + shift, scale * judged + shift, groups, LEVELS, spread=scale
    )
    for name in ("estimate", "low", "high"):
        moved = scale * getattr(one, name) + shift
        assert getattr(other, name) == pytest.approx(moved, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_the_names_of_groups_do_not_matter(seed):
    said, judged, groups = WORLDS["clustered"]._replace(rows=400).drawn(seed)
    order = np.random.default_rng(seed).permutation(said.size)
    moved = corrected_mean(said[order], judged[order], 7 * groups[order] + 3, LEVELS)
    found = corrected_mean(said, judged, groups, LEVELS)
    assert (moved.estimate, moved.low) == pytest.approx((found.estimate, found.low))


def test_groups_that_go_together_widen_the_bounds():
    said, judged, groups = WORLDS["clustered"].drawn(3)
    apart = corrected_mean(said, judged, np.arange(said.size), LEVELS)
    together = corrected_mean(said, judged, groups, LEVELS)
    assert together.estimate == apart.estimate
    assert together.error > 1.1 * apart.error


def test_people_and_judge_who_never_differ_are_not_certainty():
    said = np.where(np.arange(300) < 50, 1.0, np.nan)
    found = corrected_mean(said, np.ones(300), np.arange(300), LEVELS)
    assert found.estimate == 1.0
    assert found.low < 0.97


def test_all_rows_labelled_is_the_plain_mean():
    said = (np.arange(100) % 3 == 0).astype(float)
    found = corrected_mean(said, said, np.arange(100), LEVELS)
    assert (found.trust, found.estimate) == (0.0, pytest.approx(said.mean()))


@pytest.mark.parametrize(("labels", "a_group", "told"), [(49, 1, "49 rows"), (60, 4, "15 groups")])
def test_too_few_labels_or_groups_cannot_tell(labels, a_group, told):
    said = np.where(np.arange(300) < labels, 1.0, np.nan)
    with pytest.raises(CannotTell, match=told):
        corrected_mean(said, np.ones(300), np.arange(300) // a_group, LEVELS)


def test_a_row_without_the_judges_word_is_refused():
    judged = np.ones(300)
    judged[7] = np.nan
    with pytest.raises(BadInput, match="surpass rate judge"):
        corrected_mean(np.ones(300), judged, np.arange(300), LEVELS)
