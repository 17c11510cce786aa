"""The gate on what was forgotten: paired losses to PASS, FAIL or INCONCLUSIVE."""

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from surpass.core.records.verdict import Gate, Outcome
from surpass.core.settings import Criteria, Forgetting, Primary
from surpass.measure.bootstrap import Levels
from surpass.prove.bench import Answers
from surpass.prove.evidence import Evidence, Unknown
from surpass.prove.forgetting import forgetting_gate, unknown_forgetting
from surpass.prove.verdict import judge

LEVELS = Levels(low=0.025, high=0.05, draws=1_000)
WATCHED = Forgetting()
PROVED = Forgetting(level="proved")
OUTCOMES = {-0.5: "PASS", 0.0: "PASS", 0.045: "INCONCLUSIVE", 0.5: "FAIL"}


def losses(rise, texts=120, spread=0.1, groups=None):
    """Losses of a base model, and of one whose loss is higher by this much on average."""
    draw = np.random.default_rng(7)
    base = draw.normal(3.5, 1.0, texts)
    noise = draw.normal(0, spread, texts)
    names = [f"t{number}" for number in range(texts)]
    return pl.DataFrame(
        {
            "row": names,
            "group": groups or names,
            "base_loss": base,
            "tuned_loss": base + rise + noise - noise.mean(),
        }
    )


@pytest.mark.parametrize(("rise", "outcome"), OUTCOMES.items())
def test_proved_needs_the_upper_bound_below_the_margin(rise, outcome):
    assert forgetting_gate(PROVED, losses(rise), LEVELS).outcome == outcome


@pytest.mark.parametrize(("rise", "outcome"), OUTCOMES.items())
def test_no_harm_shown_stops_only_on_a_sure_rise(rise, outcome):
    found = forgetting_gate(WATCHED, losses(rise), LEVELS).outcome
    assert found == ("PASS" if outcome == "INCONCLUSIVE" else outcome)


@given(st.floats(-1, 1), st.floats(0.01, 0.5))
def test_the_bounds_move_with_the_losses_and_hold_the_estimate(rise, spread):
    bounds = forgetting_gate(PROVED, losses(rise, spread=spread), LEVELS).bounds
    assert bounds.low < bounds.estimate < bounds.high
    assert bounds.estimate == pytest.approx(rise, abs=1e-9)


def test_each_text_counts_alike_and_groups_count_together():
    alone = forgetting_gate(PROVED, losses(0.02), LEVELS).bounds
    frame = losses(0.02)
    thrice = pl.concat([frame] * 3)
    together = forgetting_gate(PROVED, thrice, LEVELS).bounds
    assert together.groups == alone.groups
    assert (together.low, together.high) == pytest.approx((alone.low, alone.high), abs=5e-3)


def test_under_twenty_groups_neither_level_passes_and_says_why():
    few = losses(-1.0, groups=[f"g{number % 19}" for number in range(120)])
    for wanted in (WATCHED, PROVED):
        gate = forgetting_gate(wanted, few, LEVELS)
        assert gate.outcome is Outcome.INCONCLUSIVE
        assert "19 groups; a bound needs 20" in gate.sentence
        assert gate.remedy == "Add 1 group."


def test_a_model_whose_numbers_broke_has_forgotten():
    frame = losses(0.0).with_columns(tuned_loss=pl.lit(float("nan")))
    gate = forgetting_gate(WATCHED, frame, LEVELS)
    assert gate.outcome is Outcome.FAIL
    assert gate.bounds.estimate > 90


def test_a_base_without_numbers_cannot_tell():
    frame = losses(0.0).with_columns(base_loss=pl.lit(float("nan")))
    assert forgetting_gate(WATCHED, frame, LEVELS).outcome is Outcome.INCONCLUSIVE


def test_sentences_name_the_sample_the_unit_and_what_to_do():
    failed = forgetting_gate(Forgetting(on="old.jsonl"), losses(0.4), LEVELS)
    assert failed.sentence.startswith(
        "The loss on old.jsonl rose by 0.400 nats per token over 120 texts; a rise of at least 0.3"
    )
    assert failed.sentence.endswith("0.05 is tolerated.")
    assert "learning rate" in failed.remedy
    passed = forgetting_gate(PROVED, losses(-0.2), LEVELS)
    assert "The loss on the general sample fell by 0.200" in passed.sentence
    assert passed.remedy == ""


@pytest.mark.parametrize(
    "gate",
    [
        forgetting_gate(WATCHED, losses(0.1), LEVELS),
        unknown_forgetting(WATCHED, "nothing is known", LEVELS),
    ],
)
def test_a_gate_survives_json(gate):
    assert msgspec.json.decode(msgspec.json.encode(gate), type=Gate) == gate


def judged(forgetting, *evidence):
    expected = ["a", "b"] * 100
    right = answers(expected, expected)
    wrong = answers(expected, expected[::-1])
    criteria = Criteria(primary=(Primary(metric="accuracy"),), forgetting=forgetting, draws=1_000)
    given_ = Answers(right, {"zero-shot": wrong}, "zero-shot", ("a", "b"))
    return judge(criteria, given_, Evidence(forgetting=evidence), candidate_number=1)


def test_a_verdict_fails_for_what_was_forgotten_however_large_the_gain():
    found = judged((WATCHED,), losses(0.5))
    assert [gate.outcome for gate in found.gates] == [Outcome.PASS, Outcome.FAIL]
    assert found.headline.startswith("FAIL: the loss on the general sample rose by 0.5")
    assert {gate.bounds.high_level for gate in found.gates[:1]} == {0.05 / 2}
    assert found.gates[1].bounds.low_level == 0.05 / 2


def test_a_verdict_passes_where_nothing_was_forgotten():
    assert judged((WATCHED, PROVED), losses(0.0), losses(0.0)).outcome is Outcome.PASS


def test_evidence_that_cannot_be_had_is_inconclusive_with_its_reason():
    found = judged((WATCHED,), Unknown("only answers are known", fix="Adopt the model."))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "only answers are known" in found.headline
    assert found.gates[1].remedy == "Adopt the model."
    assert judged((WATCHED,)).outcome is Outcome.INCONCLUSIVE


def test_evidence_for_other_criteria_is_a_mistake():
    with pytest.raises(ValueError, match="argument"):
        judged((WATCHED,), losses(0.0), losses(0.0))
