"""Floors, ceilings, slices, relative margins, and metrics where lower is better."""

import numpy as np
import polars as pl
import pytest

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Ceiling, Criteria, Floor, Guard, Primary
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.measure.statistics import mean_of
from surpass.prove.bench import Answers, Bench
from surpass.prove.bounds import gain, relative_gain
from surpass.prove.gates import answer_all, open_criteria

LABELS = ("a", "b")
LEVELS = Levels(low=0.025, high=0.025, draws=2_000)


class Wrong:
    """The share of wrong answers: lower is better."""

    name = "wrong"
    title = "wrong answers"
    higher_is_better = False
    by_label = False
    bounded = True

    def statistics(self, predictions, labels):
        del labels
        return mean_of((predictions["answer"] != predictions["target"]).to_numpy().astype(float))


def model(right, rows=300, **attributes):
    """A model that is right on this share of the rows, spread evenly."""
    expected = ["a", "b"] * (rows // 2)
    wrong = {"a": "b", "b": "a"}
    ok = np.random.default_rng(3).permutation(rows) < round(right * rows)
    frame = answers(expected, [e if k else wrong[e] for e, k in zip(expected, ok, strict=True)])
    named = [pl.Series(f"@{name}", values) for name, values in attributes.items()]
    return frame.with_columns(named)


def gated(criteria, tuned, base):
    bench = Bench(Answers(tuned, {"base": base}, "base", LABELS), LEVELS, criteria.metrics)
    return answer_all(open_criteria(criteria, tuned), bench)


def test_a_ceiling_needs_its_upper_bound_below():
    criteria = Criteria(
        primary=(Primary(metric="accuracy"),),
        ceiling=tuple(Ceiling(metric="accuracy", at_most=limit) for limit in (0.5, 0.72, 0.8)),
    )
    found, _ = gated(criteria, model(0.7), model(0.5))
    outcomes = [gate.outcome for gate in found[1:]]
    assert outcomes == [Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS]
    assert "more group" in found[2].remedy
    assert found[3].sentence.endswith("80 % is allowed.")


def test_no_wrong_answer_in_59_rows_proves_an_error_rate_under_5_percent_and_58_do_not():
    """Clopper-Pearson: 0.95 to the 59th is just under 0.05."""
    criteria = Criteria(
        primary=(Primary(metric="accuracy"),), floor=(Floor(metric="accuracy", at_least=0.95),)
    )
    for rows, outcome in ((118, Outcome.PASS), (116, Outcome.INCONCLUSIVE)):
        tuned = model(1.0, rows=rows)[: rows // 2]
        bench = Bench(
            Answers(tuned, {"base": tuned}, "base", LABELS),
            Levels(low=0.05, high=0.05),
            criteria.metrics,
        )
        assert answer_all(open_criteria(criteria, tuned), bench)[0][1].outcome is outcome


def test_floors_hold_for_each_slice():
    part = ["x"] * 150 + ["y"] * 150
    tuned = model(0.9, part=part)
    criteria = Criteria(
        primary=(Primary(metric="accuracy"),),
        floor=(Floor(metric="accuracy", at_least=0.7, by="part"),),
    )
    found, _ = gated(criteria, tuned, model(0.5, part=part))
    assert [gate.slice for gate in found] == [None, "part = x", "part = y"]
    assert all(gate.outcome is Outcome.PASS for gate in found[1:])


def test_a_slice_that_cannot_be_scored_stops_a_floor_but_not_a_watching_guard():
    part = ["x"] * 299 + ["y"]
    probabilities = [[1.0, 0.0]] * 300
    tuned, base = (
        model(r, part=part).with_columns(pl.Series("probabilities", probabilities))
        for r in (0.9, 0.5)
    )
    watched = Criteria(
        primary=(Primary(metric="accuracy"),), guard=(Guard(metric="auc", by="part"),)
    )
    found, notes = gated(watched, tuned, base)
    assert "part = y" not in [gate.slice for gate in found]
    assert notes
    proved = Criteria(
        primary=(Primary(metric="accuracy"),),
        floor=(Floor(metric="auc", at_least=0.1, by="part"),),
    )
    found, notes = gated(proved, tuned, base)
    unknown = next(gate for gate in found if gate.slice == "part = y")
    assert unknown.outcome is Outcome.INCONCLUSIVE


def test_where_lower_is_better_a_gain_is_how_much_lower():
    tuned, base = model(0.9), model(0.6)
    lower = gain(Wrong(), tuned, base, LABELS, LEVELS)
    higher = gain(metric("accuracy"), tuned, base, LABELS, LEVELS)
    assert lower.estimate == pytest.approx(higher.estimate)
    assert lower.low == pytest.approx(higher.low, abs=0.01)
    assert lower.high == pytest.approx(higher.high, abs=0.01)


def test_a_relative_margin_is_a_contrast_of_both_scores():
    tuned, base = model(0.9), model(0.6)
    found = relative_gain(metric("accuracy"), tuned, base, LEVELS, labels=LABELS, share=0.2)
    assert found.estimate == pytest.approx(0.9 - 1.2 * 0.6)
    assert found.low < found.estimate < found.high
    criteria = Criteria(primary=(Primary(metric="accuracy", margin_relative=0.2),))
    gate = gated(criteria, tuned, base)[0][0]
    assert gate.outcome is Outcome.PASS
    assert "120 % of the score of the base model" in gate.sentence
    hard = Criteria(primary=(Primary(metric="accuracy", margin_relative=0.7),))
    assert gated(hard, tuned, base)[0][0].outcome is Outcome.FAIL


def test_a_relative_margin_says_nothing_where_the_base_is_near_zero():
    with pytest.raises(CannotTell, match="near 0"):
        relative_gain(metric("accuracy"), model(0.9), model(0.02), LEVELS, labels=LABELS, share=0.1)


def test_a_metric_without_a_sound_bound_gates_nothing():
    criteria = Criteria(primary=(Primary(metric="mcc"),))
    with pytest.raises(BadInput, match="No sound bound"):
        gated(criteria, model(0.9), model(0.5))


def test_a_floor_by_a_column_without_values_is_not_passed_in_silence():
    tuned = model(0.99, channel=[None] * 300)
    criteria = Criteria(
        primary=(Primary(metric="accuracy"),),
        floor=(Floor(metric="accuracy", at_least=0.9, by="channel"),),
    )
    bench = Bench(Answers(tuned, {"base": model(0.2)}, "base", LABELS), LEVELS, {})
    gates, notes = answer_all(open_criteria(criteria, tuned), bench)
    assert [gate.outcome for gate in gates] == [Outcome.PASS, Outcome.INCONCLUSIVE]
    assert any("channel is empty" in note for note in notes)
