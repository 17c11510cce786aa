"""Krippendorff's alpha."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import CannotTell
from surpass.measure.agreement import Numbers, krippendorff_alpha

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four people, twelve
# units, some not judged by all.
PUBLISHED = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
ORDER = ("1", "2", "3", "4", "5")
INTERVAL, RATIO = Numbers(), Numbers(ratio=True)

SCALES = {"nominal": (), "ordinal": ORDER, "interval": INTERVAL, "ratio": RATIO}

table = st.lists(
    st.lists(st.sampled_from(["1", "2", "3", "."]), min_size=3, max_size=3), min_size=2, max_size=9
)


def judged(rows) -> pl.DataFrame:
    said = [
        (f"u{unit}", f"p{person}", value)
        for person, values in enumerate(rows)
        for unit, value in enumerate(values)
        if value != "."
    ]
    return pl.DataFrame(said, schema=["item", "rater", "value"], orient="row")


@pytest.mark.parametrize(
    ("order", "alpha"), [((), 0.743), (ORDER, 0.815), (INTERVAL, 0.849), (RATIO, 0.797)]
)
def test_alpha_is_the_published_one(order, alpha):
    found = krippendorff_alpha(judged(row.split() for row in PUBLISHED), "value", order=order)
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert (found.units, found.people, found.judgements) == (11, 4, 40)
    assert found.low is None  # 11 units are too few for bounds


@given(table, st.sampled_from(list(SCALES)))
def test_evalica_finds_the_same_alpha(rows, scale):
    """An independent writing of it; where nothing varies it says 1, which shows nothing."""
    evalica = pytest.importorskip("evalica", reason="evalica is not installed")
    ours = alpha_or_none(rows, SCALES[scale])
    if np.isnan(ours):
        return
    theirs = pd.DataFrame([[np.nan if v == "." else float(v) for v in row] for row in rows])
    assert ours == pytest.approx(evalica.alpha(theirs, distance=scale).alpha, abs=1e-9)


@given(table)
def test_names_of_values_do_not_matter_to_nominal_alpha(rows):
    renamed = [[{"1": "3", "3": "1"}.get(value, value) for value in row] for row in rows]
    assert alpha_or_none(rows) == pytest.approx(alpha_or_none(renamed), nan_ok=True)


def test_everybody_saying_the_same_everywhere_shows_nothing():
    assert krippendorff_alpha(judged([["1"] * 30, ["1"] * 30]), "value").alpha is None


def test_full_agreement_on_things_that_differ_is_one():
    rows = [["1", "2", "3"] * 10] * 3
    found = krippendorff_alpha(judged(rows), "value")
    assert (found.alpha, found.low, found.high) == (1.0, 1.0, 1.0)


def test_two_on_different_things_cannot_tell():
    with pytest.raises(CannotTell):
        krippendorff_alpha(judged([["1", "."], [".", "2"]]), "value")


def test_near_misses_count_less_on_an_ordinal_scale():
    rng = np.random.default_rng(0)
    first = rng.integers(1, 5, 60)
    rows = [first.astype(str), (first + rng.integers(0, 2, 60)).astype(str)]
    ordinal = krippendorff_alpha(judged(rows), "value", order=ORDER)
    assert ordinal.alpha > krippendorff_alpha(judged(rows), "value").alpha


def test_bounds_cover_the_truth_of_raters_who_guess():
    """Two guessers have a true alpha of 0; 95 % bounds miss it in 5 %, and 4 errors more."""
    misses = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        rows = rng.integers(1, 4, (2, 60)).astype(str)
        found = krippendorff_alpha(judged(rows), "value", draws=300, seed=seed)
        misses += not found.low <= 0 <= found.high
    assert misses / 200 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


def alpha_or_none(rows, order=()) -> float:
    try:
        alpha = krippendorff_alpha(judged(rows), "value", order=order).alpha
    except CannotTell:
        return float("nan")
    return float("nan") if alpha is None else alpha
