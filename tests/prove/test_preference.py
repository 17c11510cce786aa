"""The gate of preference: what people, or a judge that they correct, prove and do not prove."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.verdict import Outcome
from surpass.core.settings.preference import Preference
from surpass.measure.bootstrap import Levels
from surpass.prove.preference import Judged, Preferences, preference_gate, unknown_preference

LEVELS = Levels(low=0.05, high=0.05, draws=1_000)
PEOPLE, JUDGE = Preference(), Preference(by="judge")
EMPTY = {"item": [], "rater": [], "left": [], "right": [], "choice": [], "group": []}


def said(items: int, raters: int, right: float, *, seed: int = 0, a_group: int = 1) -> pl.DataFrame:
    """Every rater judges every item; `tuned` stands left and is preferred at this rate."""
    rng = np.random.default_rng(seed)
    wins = np.repeat((rng.random(-(-items // a_group)) < right), a_group)[:items]
    rows = [
        (f"i{item}", f"r{rater}", "tuned", "few-shot", "left" if wins[item] else "right", item)
        for item in range(items)
        for rater in range(raters)
    ]
    schema = ["item", "rater", "left", "right", "choice", "group"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns((pl.col("group") // a_group).cast(pl.String))


def preferences(frame: pl.DataFrame, side: str = "test", judged: Judged | None = None):
    return Preferences(
        model="tuned", against="few-shot", comparisons=frame, side=side, judged=judged
    )


def with_judge(right: float, *, labels: int = 80, first: bool = True, seed: int = 0) -> Judged:
    """400 rows of which the judge sees the truth in 95 %."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(400) < right).astype(float)
    judged = np.where(rng.random(400) < 0.95, truth, 1 - truth)
    return Judged(np.where(np.arange(400) < labels, truth, np.nan), judged, np.arange(400), first)


@pytest.mark.parametrize(
    ("right", "outcome"),
    [(0.9, Outcome.PASS), (0.5, Outcome.INCONCLUSIVE), (0.1, Outcome.FAIL)],
)
def test_people_decide_only_what_is_sure(right, outcome):
    gate = preference_gate(PEOPLE, preferences(said(60, 5, right)), LEVELS)
    assert gate.outcome is outcome
    assert (gate.role, gate.metric, gate.margin) == ("preference", "win_rate", 0.5)
    assert gate.against == ""  # it is drawn among shares, not among gains
    assert "preferred to few-shot" in gate.sentence
    assert gate.bounds.low < gate.bounds.estimate < gate.bounds.high
    assert gate.remedy or outcome is Outcome.PASS


@given(st.integers(0, 2**32 - 1), st.floats(0.3, 0.9))
def test_the_other_model_is_judged_as_the_mirror_image(seed, right):
    frame = said(40, 4, right, seed=seed)
    one = preference_gate(PEOPLE, preferences(frame), LEVELS).bounds
    mirror = Preferences(model="few-shot", against="tuned", comparisons=frame, side="test")
    other = preference_gate(PEOPLE, mirror, LEVELS).bounds
    assert one.estimate == pytest.approx(1 - other.estimate)
    assert one.low == pytest.approx(1 - other.high)


def test_a_higher_demand_is_never_easier_to_meet():
    found = preferences(said(100, 5, 0.75))
    passed = [
        preference_gate(Preference(at_least=one / 20), found, LEVELS).outcome is Outcome.PASS
        for one in range(1, 20)
    ]
    assert passed == sorted(passed, reverse=True)
    assert passed[9]
    assert not passed[-1]


@pytest.mark.parametrize(("raters", "told"), [(1, "this rater"), (9, "these 9 raters"), (10, None)])
def test_fewer_than_ten_raters_speak_for_themselves(raters, told):
    criterion = Preference(raters=1)
    sentence = preference_gate(criterion, preferences(said(60, raters, 0.9)), LEVELS).sentence
    assert (" for th" in sentence) == (told is not None)
    assert told is None or f"for {told}" in sentence


def test_fewer_raters_than_declared_or_few_groups_cannot_tell():
    two = preference_gate(PEOPLE, preferences(said(60, 2, 1.0)), LEVELS)
    assert (two.outcome, two.bounds.estimate) == (Outcome.INCONCLUSIVE, None)
    assert "2 people have compared answers; the criterion asks for 3" in two.sentence
    few = preference_gate(PEOPLE, preferences(said(100, 3, 1.0, a_group=10)), LEVELS)
    assert "10 groups were compared; a bound needs 20" in few.sentence
    none = pl.DataFrame(EMPTY, schema=dict.fromkeys(EMPTY, pl.String))
    nobody = preference_gate(PEOPLE, preferences(none), LEVELS)
    assert "Nobody has compared" in nobody.sentence


def test_rows_of_one_group_and_people_of_one_mind_widen_the_bounds():
    apart = preference_gate(PEOPLE, preferences(said(200, 4, 0.7)), LEVELS).bounds
    together = preference_gate(PEOPLE, preferences(said(200, 4, 0.7, a_group=5)), LEVELS).bounds
    assert together.high - together.low > 1.3 * (apart.high - apart.low)
    assert (apart.groups, together.groups) == (200, 40)


def test_validation_rows_are_called_what_they_are():
    on_valid = preference_gate(PEOPLE, preferences(said(60, 5, 0.9), "valid"), LEVELS)
    assert "by which rung and checkpoint were chosen" in on_valid.sentence
    assert (
        "validation" not in preference_gate(PEOPLE, preferences(said(60, 5, 0.9)), LEVELS).sentence
    )


def test_a_judge_decides_as_far_as_people_correct_it():
    frame = said(80, 3, 0.8)
    found = preferences(frame, judged=with_judge(0.8))
    gate = preference_gate(JUDGE, found, LEVELS)
    assert gate.outcome is Outcome.PASS
    assert "80 labels" in gate.bounds.method
    assert "corrected by people" in gate.sentence
    many = preferences(said(80, 12, 0.8), judged=with_judge(0.8))
    assert "these 12 raters" in preference_gate(JUDGE, many, LEVELS).sentence


@pytest.mark.parametrize(
    ("judged", "told"),
    [
        (None, "has not been asked"),
        (with_judge(0.9, first=False), "only reported"),
        (with_judge(0.9, labels=49), "49 rows"),
    ],
)
def test_a_judge_without_peoples_labels_drawn_first_decides_nothing(judged, told):
    gate = preference_gate(JUDGE, preferences(said(80, 3, 0.9), judged=judged), LEVELS)
    assert gate.outcome is Outcome.INCONCLUSIVE
    assert told in gate.sentence


def test_what_cannot_be_had_is_inconclusive_and_says_what_to_do():
    gate = unknown_preference(PEOPLE, "nobody was asked", LEVELS)
    assert gate.outcome is Outcome.INCONCLUSIVE
    assert "surpass rate" in gate.remedy


@pytest.mark.parametrize("by", ["people", "judge"])
def test_where_nobody_is_preferred_a_pass_is_rare(by):
    """At the least favourable rate; 5 %, and 4 errors of 300 draws."""
    passed = 0
    for seed in range(300):
        frame = said(60, 3, 0.5, seed=seed)
        found = preferences(frame, judged=with_judge(0.5, seed=seed))
        levels = Levels(low=0.05, high=0.05, draws=300)
        passed += preference_gate(Preference(by=by), found, levels).outcome is Outcome.PASS
    assert passed / 300 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 300)
