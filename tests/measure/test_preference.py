"""Win rate, sign test, biases of side and length, strengths, raters."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from surpass.core.errors import CannotTell
from surpass.measure.preference import (
    length_bias,
    outcomes_for,
    position_bias,
    sign_test,
    win_rate,
)
from surpass.measure.preference_ranking import bradley_terry
from surpass.measure.raters import consistency, gold_hits, leniencies, rater_rows

CHOICES = ("left", "right", "tie", "both bad")
NO_SCORES = pl.DataFrame(
    schema={
        "item": pl.String,
        "rater": pl.String,
        "left": pl.String,
        "scale": pl.String,
        "score": pl.Int64,
    }
)
judgement = st.tuples(
    st.integers(0, 12), st.integers(0, 3), st.booleans(), st.sampled_from(CHOICES)
)


def comparisons(rows) -> pl.DataFrame:
    """Rows of (item, rater, whether "base" stands left, choice)."""
    return pl.DataFrame(
        [
            {
                "task": f"t{n}",
                "item": f"i{item}",
                "rater": f"r{rater}",
                "purpose": "rate",
                "left": "base" if base_left else "tuned",
                "right": "tuned" if base_left else "base",
                "choice": choice,
                "repeats": None,
                "known": None,
                "left_characters": 10,
                "right_characters": 10,
            }
            for n, (item, rater, base_left, choice) in enumerate(rows)
        ],
        schema_overrides={"repeats": pl.String, "known": pl.String},
    )


def simulated(items, raters, p, seed, *, spread=0.0) -> pl.DataFrame:
    """A third of the raters judges each item; `tuned` wins with chance p, which raters vary."""
    rng = np.random.default_rng(seed)
    own = np.clip(p + spread * rng.standard_normal(raters), 0, 1)
    rows = []
    for item in range(items):
        for rater in rng.permutation(raters)[: max(1, raters // 3)]:
            base_left, won = rng.random() < 0.5, rng.random() < own[rater]
            rows.append((item, rater, base_left, "right" if won == base_left else "left"))
    return comparisons(rows)


@given(st.lists(judgement, min_size=1, max_size=40))
def test_swapping_sides_and_choices_changes_nothing(rows):
    mirror = {"left": "right", "right": "left"}
    swapped = [(i, r, not side, mirror.get(choice, choice)) for i, r, side, choice in rows]
    one, other = (win_rate(comparisons(part), "tuned", draws=20) for part in (rows, swapped))
    assert one == other


@given(st.lists(judgement, min_size=1, max_size=40))
def test_the_win_rates_of_two_models_make_one(rows):
    frame = comparisons(rows)
    total = sum(win_rate(frame, name, draws=5).estimate for name in ("base", "tuned"))
    assert total == pytest.approx(1)
    tests = [sign_test(frame, name) for name in ("base", "tuned")]
    assert (tests[0].won, tests[0].lost, tests[0].p) == (tests[1].lost, tests[1].won, tests[1].p)


def test_both_bad_and_tie_are_half_a_win():
    frame = comparisons([(n, 0, True, choice) for n, choice in enumerate(CHOICES)])
    assert outcomes_for(frame, "tuned").tolist() == [0, 1, 0.5, 0.5]


def test_an_item_counts_once_however_many_judged_it():
    crowd = [(0, rater, True, "right") for rater in range(9)]
    frame = comparisons([*crowd, (1, 0, True, "left")])
    assert win_rate(frame, "tuned", draws=5).estimate == 0.5


def test_twenty_of_twenty_is_no_certainty():
    found = win_rate(comparisons([(n, 0, True, "right") for n in range(20)]), "tuned")
    assert found.estimate == 1
    assert found.high == 1
    assert 0.75 < found.low < 0.95


def test_few_items_have_no_bounds_and_none_no_rate():
    assert win_rate(comparisons([(0, 0, True, "left")]), "tuned").low is None
    with pytest.raises(CannotTell):
        win_rate(comparisons([(0, 0, True, "left")]).head(0), "tuned")


@pytest.mark.parametrize(("items", "raters", "spread"), [(60, 3, 0.0), (40, 12, 0.1)])
def test_the_bounds_cover_the_truth(items, raters, spread):
    misses, runs = 0, 150
    for seed in range(runs):
        frame = simulated(items, raters, 0.6, seed, spread=spread)
        found = win_rate(frame, "tuned", draws=300, seed=seed)
        misses += not found.low <= 0.6 <= found.high
    assert misses / runs <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / runs)


def test_a_rater_who_always_says_left_shows_as_position_bias():
    found = position_bias(comparisons([(n, 0, n % 2 == 0, "left") for n in range(40)]))
    assert found.low > 0.5
    assert (
        win_rate(comparisons([(n, 0, n % 2 == 0, "left") for n in range(40)]), "tuned").estimate
        == 0.5
    )


def test_position_bias_of_ties_alone_cannot_be_told():
    with pytest.raises(CannotTell):
        position_bias(comparisons([(n, 0, True, "tie") for n in range(40)]))


def with_lengths(seed: int, slope: float) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(10, 400, (300, 2))
    doublings = np.log2((lengths[:, 0] + 1) / (lengths[:, 1] + 1))
    left = rng.random(300) < 1 / (1 + np.exp(-slope * doublings))
    frame = comparisons(
        [(n, n % 4, n % 2 == 0, "left" if one else "right") for n, one in enumerate(left)]
    )
    return frame.with_columns(
        pl.Series("left_characters", lengths[:, 0]), pl.Series("right_characters", lengths[:, 1])
    )


def test_length_bias_is_the_slope_of_an_unpenalised_logistic_regression():
    frame = with_lengths(0, 0.7)
    lengths = frame.select("left_characters", "right_characters").to_numpy() + 1.0
    x = np.log2(lengths[:, :1] / lengths[:, 1:])
    peer = LogisticRegression(C=1e9, tol=1e-10).fit(x, frame["choice"] == "left")
    found = length_bias(frame)
    assert found.odds_ratio == pytest.approx(np.exp(peer.coef_[0, 0]), rel=1e-4)
    assert found.low > 1


def test_length_bias_covers_no_bias():
    runs = 200
    found = [length_bias(with_lengths(seed, 0.0)) for seed in range(runs)]
    misses = sum(not one.low <= 1 <= one.high for one in found)
    assert misses / runs <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / runs)


def test_lengths_that_decide_everything_or_nothing_cannot_be_told():
    frame = with_lengths(0, 0.0)
    longer = pl.when(pl.col("left_characters") > pl.col("right_characters"))
    decided = frame.with_columns(
        longer.then(pl.lit("left")).otherwise(pl.lit("right")).alias("choice")
    )
    for hopeless in (
        decided,
        frame.with_columns(pl.lit(5).alias("left_characters"), pl.lit(5).alias("right_characters")),
        frame.head(10),
    ):
        with pytest.raises(CannotTell):
            length_bias(hopeless)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 10))
def test_two_models_have_the_strength_of_their_wins(won, lost, tied):
    """In closed form, with the virtual ties: odds against each other are points over points."""
    rows = [(n, 0, True, "right") for n in range(won)]
    rows += [(n, 0, True, "left") for n in range(lost)] + [(n, 0, True, "tie") for n in range(tied)]
    found = {one.model: one for one in bradley_terry(comparisons(rows), draws=5)}
    odds = {name: one.share / (1 - one.share) for name, one in found.items()}
    assert odds["tuned"] * odds["base"] == pytest.approx(1, abs=1e-6)  # symmetric about average
    assert (odds["tuned"] > odds["base"]) == (won > lost) or won == lost
    if won == lost:
        assert odds["tuned"] == pytest.approx(1, abs=1e-6)


def test_strengths_are_found_again():
    rng = np.random.default_rng(0)
    true = {"a": 0.5, "b": 1.0, "c": 2.0, "d": 4.0}
    names = list(true)
    rows = []
    for n in range(6000):
        left, right = rng.permutation(names)[:2]
        won = rng.random() < true[left] / (true[left] + true[right])
        rows.append(
            {"item": f"i{n}", "left": left, "right": right, "choice": "left" if won else "right"}
        )
    found = bradley_terry(pl.DataFrame(rows), draws=50)
    assert [one.model for one in found] == ["d", "c", "b", "a"]
    odds = {one.model: one.share / (1 - one.share) for one in found}
    for name in names:
        assert odds[name] / odds["b"] == pytest.approx(true[name], rel=0.15)
    assert all(one.low < one.share < one.high for one in found)


@given(st.integers(2, 6), st.integers(5, 60), st.integers(0, 2**32 - 1))
def test_evalica_finds_the_same_strengths(models, games, seed):
    """An independent solver, given the average model as one more that ties once with each."""
    evalica = pytest.importorskip("evalica", reason="evalica is not installed")
    rng = np.random.default_rng(seed)
    pairs = [rng.choice(models, 2, replace=False) for _ in range(games)]
    choices = [str(rng.choice(["left", "right", "tie"])) for _ in pairs]
    left, right = ([f"m{pair[side]}" for pair in pairs] for side in (0, 1))
    items = [f"i{n}" for n in range(games)]
    frame = pl.DataFrame({"item": items, "left": left, "right": right, "choice": choices})
    winner = {"left": evalica.Winner.X, "right": evalica.Winner.Y, "tie": evalica.Winner.Draw}
    names = sorted({*left, *right})
    theirs = evalica.bradley_terry(
        left + names,
        right + ["average"] * len(names),
        [winner[choice] for choice in choices] + [evalica.Winner.Draw] * len(names),
        tolerance=1e-12,
        limit=100_000,
    ).scores
    for one in bradley_terry(frame, draws=2):
        share = theirs[one.model] / (theirs[one.model] + theirs["average"])
        assert one.share == pytest.approx(share, abs=1e-4)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_the_average_model_is_average(models, seed):
    """It ties with all, so the chances against it are a half in the mean, to the last digit."""
    rng = np.random.default_rng(seed)
    pairs = [rng.choice(models, 2, replace=False) for _ in range(400)]
    frame = pl.DataFrame(
        {
            "item": [f"i{n}" for n in range(400)],
            "left": [f"m{pair.max()}" for pair in pairs],
            "right": [f"m{pair.min()}" for pair in pairs],
            "choice": rng.choice(["left", "left", "right"], 400).tolist(),
        }
    )
    found = bradley_terry(frame, draws=2)
    assert np.mean([one.share for one in found]) == pytest.approx(0.5, abs=1e-6)


def test_a_repeated_comparison_is_consistent_if_the_model_is_the_same_not_the_side():
    frame = comparisons(
        [(0, 0, True, "left"), (0, 0, False, "right"), (1, 0, True, "left"), (1, 0, False, "left")]
    )
    frame = frame.with_columns(
        pl.Series("repeats", [None, "t0", None, "t2"]), pl.Series("purpose", ["rate", "repeat"] * 2)
    )
    assert (consistency(frame).hits, consistency(frame).of) == (1, 2)


def test_a_tie_misses_gold():
    frame = comparisons([(0, 0, True, "left"), (1, 0, True, "tie"), (2, 0, True, "right")])
    frame = frame.with_columns(pl.lit("left").alias("known"), pl.lit("gold").alias("purpose"))
    assert (gold_hits(frame).hits, gold_hits(frame).of) == (1, 3)
    row = rater_rows(frame, NO_SCORES)[0]
    assert (row.compared, row.consistent.share, row.leniency) == (0, None, None)


def test_leniency_is_found_though_raters_saw_different_answers():
    rng = np.random.default_rng(1)
    own = {"r0": -0.5, "r1": 0.0, "r2": 0.5}
    rows = []
    for item in range(120):
        quality = rng.normal(3, 1)
        rows += [
            (f"i{item}", str(name), "tuned", "coherence", quality + own[name])
            for name in rng.permutation(list(own))[:2]
        ]
    scores = pl.DataFrame(rows, schema=["item", "rater", "left", "scale", "score"], orient="row")
    assert leniencies(scores) == pytest.approx(own, abs=1e-9)
    alone = scores.unique("item", keep="first", maintain_order=True)
    assert leniencies(alone) == {}
