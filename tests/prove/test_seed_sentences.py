"""Verdicts on several training seeds, and what they say."""

import numpy as np
import polars as pl
import pytest

from answers import answers
from surpass.core.errors import BadInput
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Ceiling, Criteria, Floor, Guard, Primary
from surpass.prove.bench import Answers
from surpass.prove.power import chance_of_pass
from surpass.prove.sentences import groups_to_decide
from surpass.prove.verdict import judge

LABELS = ("a", "b")
ROWS = 400


def model(right, seed=0):
    """A model that is right on this share of the rows, those that a seed chooses."""
    expected = ["a", "b"] * (ROWS // 2)
    chosen = set(np.random.default_rng(seed).permutation(ROWS)[: round(right * ROWS)].tolist())
    wrong = {"a": "b", "b": "a"}
    answered = [e if place in chosen else wrong[e] for place, e in enumerate(expected)]
    sure = [[float(label == one) for label in LABELS] for one in answered]
    frame = answers(expected, answered, probabilities=sure)
    return frame.with_columns(pl.Series("@channel", ["mail", "phone"] * (ROWS // 2)))


BASE = {"few-shot": model(0.6, seed=99)}


def judged(shares, *, margin=0.05, **more):
    """The verdict on runs with these shares of right answers."""
    runs = [model(share, seed) for seed, share in enumerate(shares)]
    criteria = Criteria(
        primary=(Primary(metric="accuracy", margin=margin),),
        seeds=len(shares),
        draws=2_000,
        **more,
    )
    return judge(
        criteria,
        Answers(runs[0], BASE, "few-shot", LABELS, tuple(runs[1:])),
        candidate_number=1,
    )


def test_a_gain_of_all_seeds_passes_and_says_whose_mean_it_is():
    found = judged([0.9, 0.91, 0.905])
    assert found.outcome is Outcome.PASS
    assert found.headline.startswith("PASS: the tuned model surpasses few-shot by 30.5 points")
    assert "mean of 3 seeds" in found.headline
    assert found.gates[0].bounds.method == "bootstrap by group, t by seed"


def test_one_lucky_seed_among_three_does_not_pass():
    alone = judged([0.95])
    found = judged([0.95, 0.61, 0.6])
    assert alone.outcome is Outcome.PASS
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.gates[0].bounds.estimate == pytest.approx(0.12)
    assert found.gates[0].bounds.of_runs[0] > 0.05  # the rows alone would have passed it
    assert "seeds differ too much" in found.gates[0].remedy
    assert groups_to_decide(found.gates[0]) is None


def test_more_rows_are_advised_only_for_what_rows_can_decide():
    gate = judged([0.70, 0.70, 0.70, 0.71, 0.70]).gates[0]
    assert gate.outcome is Outcome.INCONCLUSIVE
    more = groups_to_decide(gate)
    room = gate.bounds.estimate - gate.margin
    of_rows = gate.bounds.estimate - gate.bounds.of_runs[0]
    assert more > ROWS * (of_rows / room) ** 2 - ROWS


def test_two_seeds_cannot_tell_but_keep_what_holds_of_themselves():
    found = judged([0.9, 0.91])
    gate = found.gates[0]
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.headline.startswith("INCONCLUSIVE: the runs are too few to tell: 2 seeds")
    assert (gate.bounds.low, gate.bounds.high) == (None, None)
    assert gate.bounds.of_runs[0] > 0.2
    assert "of these runs alone it is at least 2" in gate.sentence
    assert "seeds = 3" in gate.remedy


@pytest.mark.parametrize(("seeds", "few"), [(1, None), (4, True), (5, False)])
def test_fewer_than_five_seeds_are_told_as_a_conclusion_about_these_runs(seeds, few):
    notes = " ".join(judged([0.9] * seeds).notes)
    assert ("training seeds" in notes) == (few is not None)
    assert ("as one about these runs" in notes) == bool(few)


def test_every_kind_of_gate_judges_the_mean():
    found = judged(
        [0.9, 0.8, 0.85],
        guard=(Guard(metric="accuracy", by="channel"),),
        floor=(Floor(metric="accuracy", at_least=0.1),),
        ceiling=(Ceiling(metric="brier", at_most=0.9),),
    )
    assert {gate.bounds.seeds for gate in found.gates} == {3}
    assert all("mean of 3 seeds" in gate.sentence for gate in found.gates)
    floor = next(gate for gate in found.gates if gate.role == "floor")
    assert floor.bounds.estimate == pytest.approx(0.85)
    assert floor.bounds.low < floor.bounds.of_runs[0] < 0.85 < floor.bounds.of_runs[1]


def test_where_lower_is_better_the_bounds_over_seeds_are_mirrored():
    found = judged([0.9, 0.8, 0.85], guard=(Guard(metric="brier", margin=-0.3),))
    bounds = next(gate for gate in found.gates if gate.role == "guard").bounds
    assert bounds.low < bounds.of_runs[0] < bounds.estimate < bounds.of_runs[1] < bounds.high
    assert bounds.estimate > 0.1


def test_a_rung_above_the_mean_is_not_surpassed_even_if_one_seed_beats_it():
    runs = [model(0.95, 0), model(0.7, 1), model(0.7, 2)]
    rungs = {**BASE, "linear": model(0.85, 3)}
    criteria = Criteria(primary=(Primary(metric="accuracy"),), seeds=3, draws=1_000)
    found = judge(
        criteria, Answers(runs[0], rungs, "few-shot", LABELS, tuple(runs[1:])), candidate_number=1
    )
    assert found.surpassed_by == ("linear",)


def test_runs_on_other_rows_or_of_another_number_are_refused():
    runs = [model(0.9, seed) for seed in range(3)]
    criteria = Criteria(primary=(Primary(metric="accuracy"),), seeds=3)
    mixed = Answers(runs[0], BASE, "few-shot", LABELS, (runs[1], runs[2].reverse()))
    with pytest.raises(BadInput, match="different rows"):
        judge(criteria, mixed, candidate_number=1)
    with pytest.raises(ValueError, match="1 runs for 3"):
        judge(criteria, Answers(runs[0], BASE, "few-shot", LABELS), candidate_number=1)


def test_seeds_cost_power_and_more_seeds_cost_less():
    chance, said = {}, {}
    for seeds in (1, 2, 3, 5, 10):
        primary = Primary(metric="accuracy", margin=0.05, expect=0.2)
        power = chance_of_pass(
            Criteria(primary=(primary,), seeds=seeds), groups=200, rows=200, labels=LABELS
        )
        chance[seeds], said[seeds] = power.chance, power.sentence
    assert chance[2] == 0 < chance[3] < chance[5] < chance[10] < chance[1]
    assert "needs 3 seeds, or 1" in said[2]
    assert "5 seeds" in said[5]
    assert "seeds" not in said[1]
