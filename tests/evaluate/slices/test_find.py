"""A planted gap is found first, asked for, and seen to close; without a gap nothing is claimed."""

import json

import numpy as np
import polars as pl
import pytest

from planted import LABELS, PRODUCTS, WORDS, answered, chance, examples, gap
from surpass.core.errors import CannotTell
from surpass.core.records.explanation import Alike, Explanation, Field, Stated, Value
from surpass.evaluate.slices.find import CONFIRMED, find_gaps, halves
from surpass.evaluate.slices.follow import follow, known_gaps
from surpass.evaluate.slices.members import Looked
from surpass.evaluate.slices.request import Shown, from_pool
from surpass.evaluate.slices.samples import pair
from surpass.steps.explain import REVISION

GAP = Value(column="product", value="tv")
WITHOUT_TV = tuple(product for product in PRODUCTS if product != "tv")


def compared(frame, wrong, base_wrong, seed):
    tuned, base = answered(frame, wrong, seed), answered(frame, base_wrong, seed + 1)
    return pair("classify", tuned, base, LABELS)


def planted(seed, rows=300):
    """A model that never saw tv, a base that is middling everywhere, and its training rows."""
    frame, train = examples(rows, seed), examples(600, 10_000 + seed, WITHOUT_TV)
    wrong, base = gap(frame, "tv", 0.6, 0.1, seed + 1), chance(frame, 0.5, seed + 2)
    return frame, train, compared(frame, wrong, base, seed + 3)


def false_claims(runs, rows, rate, within):
    """Share of runs that confirm a slice where no slice matters."""
    claims = 0
    for seed in range(runs):
        frame, train = examples(rows, seed), examples(100, 50_000 + seed)
        wrong, base = chance(frame, rate, seed + 1, within), chance(frame, rate, seed + 2, within)
        both = compared(frame, wrong, base, seed + 3)
        claims += find_gaps(both, train, "classify", seed).confirmed > 0
    return claims / runs


@pytest.mark.parametrize("seed", range(5))
def test_the_planted_gap_is_named_first_with_honest_numbers(seed):
    frame, train, both = planted(seed)
    first = find_gaps(both, train, "classify", seed).gaps[0]
    inside = frame["@product"].to_numpy() == "tv"
    assert (first.predicate, first.against) == (GAP, "rest")
    assert first.rows == inside.sum()
    assert first.low > 0.1
    assert first.low <= first.difference <= first.high
    assert first.recoverable == pytest.approx(first.rows * first.difference)
    assert first.error_share == pytest.approx(both.wrong[inside].sum() / both.wrong.sum())
    assert first.request.training_rows == 0
    share = first.rows / frame.height
    brought = first.request.collect
    assert brought / (train.height + brought) == pytest.approx(share, abs=0.02)


def test_the_statement_about_the_same_answers():
    """Raise steps/explain.py's REVISION when these numbers change."""
    _, train, both = planted(0)
    first = find_gaps(both, train, "classify", 0).gaps[0]
    numbers = (first.wrong, first.compared, first.low, first.high)
    assert (REVISION, first.rows, first.groups, first.request.collect) == (3, 72, 51, 190)
    assert numbers == pytest.approx((0.58824, 0.08333, 0.32723, 0.65767), abs=1e-5)


def test_examples_are_wrong_rows_of_the_slice_and_one_right_one():
    frame, train, both = planted(0)
    shown = find_gaps(both, train, "classify", 0).gaps[0].examples
    wrong = dict(zip(frame["row"], both.wrong, strict=True))
    inside = set(frame.filter(pl.col("@product") == "tv")["row"])
    bad = {*shown.typical, shown.worst}
    assert len(bad) == 4
    assert all(wrong[row] == 1 for row in bad)
    assert wrong[shown.contrast] == 0
    assert bad | {shown.contrast} <= inside


def test_the_request_takes_the_missing_rows_from_a_pool_and_nothing_known_or_twice():
    frame, train, both = planted(1)
    first = find_gaps(both, train, "classify", 1).gaps[0]
    pool = pl.concat([examples(80, 77), examples(80, 77).with_columns(row="again" + pl.col("row"))])
    pool = pl.concat([pool.drop("target"), frame.head(20).drop("target")])
    inside = (frame["@product"] == "tv").to_numpy()
    shown = Shown(frame["input"], inside & (both.wrong > 0))
    known = pl.concat([train["input"], frame["input"]])
    chosen = from_pool(first.predicate, Looked(pool), shown, known, set())
    taken = pool[chosen.places]
    assert chosen.told
    assert set(taken["@product"]) == {"tv"}
    assert taken["input"].n_unique() == taken.height
    assert not set(taken["input"]) & set(known)
    assert taken.height == examples(80, 77).filter(pl.col("@product") == "tv")["input"].n_unique()

    bare = Looked(pool.select("row", "input"))
    likest = from_pool(first.predicate, bare, shown, known, set())
    assert not likest.told
    first_ten = pool[likest.places[:10]]["@product"].to_list()
    assert first_ten.count("tv") >= 8


def test_after_training_with_such_rows_the_gap_is_said_to_be_closed():
    frame, train, both = planted(2)
    found = find_gaps(both, train, "classify", 2)
    mended = compared(frame, chance(frame, 0.1, 40), chance(frame, 0.5, 41), 42)
    worse = compared(frame, gap(frame, "tv", 0.8, 0.1, 43), chance(frame, 0.5, 41), 42)
    half = compared(frame, gap(frame, "tv", 0.35, 0.1, 44), chance(frame, 0.5, 41), 42)
    known = known_gaps(_explanation(found.gaps))[0]
    told = [follow(known, after).standing for after in (mended, half, worse)]
    assert told == ["closed", "narrowed", "open"]
    elsewhere = compared(frame.filter(pl.col("@product") != "tv"), *_right(frame), 45)
    assert follow(known, elsewhere).standing == "cannot tell"


def test_where_no_column_tells_the_gap_is_named_by_its_words():
    frame, train, _ = planted(3)
    wrong = gap(frame, "tv", 0.7, 0.1, 9)
    hidden = frame.drop("@product")
    both = compared(hidden, wrong, chance(frame, 0.5, 10), 11)
    first = find_gaps(both, train.drop("@product"), "classify", 3).gaps[0]
    assert isinstance(first.predicate, Alike)
    assert set(first.predicate.terms) <= set(WORDS["tv"].split())


def test_of_records_the_kind_of_rows_comes_before_the_field_that_goes_wrong_there():
    frame = examples(300, 5)
    records = [{"product": p, "wants": t} for p, t in frame.select("@product", "target").rows()]
    frame = frame.drop("@product").with_columns(target=pl.Series(map(json.dumps, records)))
    wrong = gap(examples(300, 5), "tv", 0.7, 0.05, 6)
    given = [r | {"product": "fibre"} if w else r for r, w in zip(records, wrong, strict=True)]
    told = frame.with_columns(
        pl.Series("answer", map(json.dumps, given)), pl.lit("ok").alias("status")
    )
    both = pair("extract", told, told, ())
    named = [item.predicate for item in find_gaps(both, frame, "extract", 0).gaps]
    assert named == [Stated(field="product", value="tv"), Field(field="product", event="wrong")]


def test_halves_are_of_whole_groups_and_about_equal():
    frame, _, both = planted(4)
    first = halves(both.groups, 0)
    per_group = frame.with_columns(first=pl.Series(first)).group_by("group")
    assert per_group.agg(pl.col("first").n_unique())["first"].to_list() == [1] * (
        frame["group"].n_unique()
    )
    assert 0.4 < first.mean() < 0.6


def test_too_few_rows_are_said_to_be_too_few():
    frame = examples(30, 0)
    both = compared(frame, chance(frame, 0.5, 1), chance(frame, 0.5, 2), 3)
    with pytest.raises(CannotTell, match="30 validation rows"):
        find_gaps(both, frame, "classify", 0)


def test_without_an_effect_runs_that_claim_one_are_as_rare_as_declared():
    runs = 60
    error = 4 * np.sqrt(CONFIRMED * (1 - CONFIRMED) / runs)
    assert false_claims(runs, 160, 0.2, within=0.3) <= CONFIRMED + error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "rate", "within"), [(160, 0.05, 0), (300, 0.3, 0.6), (300, 0.9, 0)]
)
def test_without_an_effect_claims_stay_rare_at_the_least_favourable_rates(rows, rate, within):
    runs = 500
    error = 4 * np.sqrt(CONFIRMED * (1 - CONFIRMED) / runs)
    assert false_claims(runs, rows, rate, within) <= CONFIRMED + error


def _right(frame):
    """Nothing wrong, by either model, on the rows that are not tv."""
    count = frame.filter(pl.col("@product") != "tv").height
    return np.zeros(count, bool), np.zeros(count, bool)


def _explanation(gaps):
    return Explanation(
        model="tuned", evaluation="", base="zero-shot", rows=1, groups=1, wrong=None,
        candidates=1, discovered=1, confirmed=1, gaps=gaps,
    )  # fmt: skip
