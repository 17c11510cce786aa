import msgspec
import numpy as np
import polars as pl
import pytest

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Outcome, Verdict
from surpass.core.settings import Criteria, Floor, Guard, Primary
from surpass.prove.bench import Answers
from surpass.prove.sentences import groups_to_decide, points_at_least, points_at_most
from surpass.prove.verdict import judge

LABELS = ("a", "b")
ROWS = 200


def model(right, rows=ROWS, groups=None, channel=None):
    """A model that is right on this share of the rows, the first ones."""
    expected = ["a", "b"] * (rows // 2)
    wrong = {"a": "b", "b": "a"}
    cut = round(right * rows)
    answered = [e if place < cut else wrong[e] for place, e in enumerate(expected)]
    frame = answers(expected, answered, groups=groups)
    return frame if channel is None else frame.with_columns(pl.Series("@channel", channel))


def criteria(margin=0.05, guard=(), floor=(), metric="accuracy"):
    primary = Primary(metric=metric, margin=margin)
    return Criteria(primary=(primary,), guard=guard, floor=floor, draws=2_000)


def judged(tuned, rungs, opponent="few-shot", number=1, declared=None):
    return judge(
        declared or criteria(),
        Answers(tuned, rungs, opponent, LABELS),
        candidate_number=number,
    )


def test_a_clear_gain_passes_in_words_a_manager_understands():
    found = judged(model(0.86), {"few-shot": model(0.65)})
    assert found.outcome is Outcome.PASS
    assert found.headline == (
        "PASS: the tuned model surpasses few-shot by 21 points of accuracy "
        "(at least 15.1, margin 5)."
    )
    assert found.surpassed_by == ()
    assert found.gates[0].name == "primary: accuracy against few-shot"
    assert found.gates[0].remedy == ""


def test_a_better_baseline_says_do_not_fine_tune():
    found = judged(model(0.85), {"linear": model(0.97), "few-shot": model(0.8)}, "linear")
    assert found.outcome is Outcome.FAIL
    assert found.headline == (
        "FAIL: do not fine-tune: the linear model on words scores 97 % accuracy against the tuned "
        "model's 85 %."
    )
    assert found.surpassed_by == ("linear",)
    assert found.gates[0].remedy


def test_a_rung_that_is_ahead_on_the_test_forbids_the_word_surpasses():
    found = judged(model(0.9), {"few-shot": model(0.6), "linear": model(0.95)})
    assert found.outcome is Outcome.PASS
    assert "surpasses" not in found.headline
    assert "do not fine-tune: the linear model on words scores 95 %" in found.headline


def test_a_rung_that_is_level_is_not_surpassed():
    found = judged(model(0.9), {"few-shot": model(0.6), "linear": model(0.9)})
    assert found.surpassed_by == ("linear",)


def test_an_unsure_gain_is_inconclusive_and_says_how_many_groups_would_decide():
    found = judged(model(0.75), {"few-shot": model(0.67)})
    gate = found.gates[0]
    assert found.outcome is Outcome.INCONCLUSIVE
    more = groups_to_decide(gate)
    assert more > 0
    assert gate.remedy.startswith(f"About {more} more groups of test rows would decide it")


def test_more_groups_as_advised_do_decide():
    gate = judged(model(0.75), {"few-shot": model(0.67)}).gates[0]
    rows = 2 * ((ROWS + groups_to_decide(gate)) // 2 + 1)
    again = judged(model(0.75, rows), {"few-shot": model(0.67, rows)}).gates[0]
    assert again.bounds.low == pytest.approx(again.margin, abs=0.01)


def test_no_number_of_rows_proves_what_the_estimate_denies():
    found = judged(model(0.7), {"few-shot": model(0.66)}, declared=criteria(margin=0.06))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "there is no number of rows" in found.gates[0].remedy


def test_a_gain_that_is_surely_below_the_margin_fails():
    found = judged(model(0.72), {"few-shot": model(0.7)}, declared=criteria(margin=0.3))
    assert found.outcome is Outcome.FAIL
    assert found.headline.startswith("FAIL: the tuned model gains too little: 2 points of accuracy")


def test_fewer_than_twenty_groups_cannot_tell_however_many_rows():
    groups = [f"g{i % 19}" for i in range(ROWS)]
    found = judged(model(1, groups=groups), {"few-shot": model(0, groups=groups)})
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "19 groups" in found.headline
    assert found.gates[0].bounds.low is None


def test_each_candidate_on_a_test_is_judged_more_strictly():
    rungs = {"few-shot": model(0.65)}
    first, fifth = (judged(model(0.755), rungs, number=k) for k in (1, 5))
    assert (first.alpha, fifth.alpha) == (0.05 / 2, 0.05 / 30)
    assert (first.outcome, fifth.outcome) == (Outcome.PASS, Outcome.INCONCLUSIVE)
    assert "Candidate 5" in fifth.notes[0]


def test_all_gates_must_pass_and_failure_needs_alpha_over_their_number():
    declared = criteria(floor=(Floor(metric="accuracy", at_least=0.9),))
    found = judged(model(0.86), {"few-shot": model(0.5)}, declared=declared)
    assert [gate.outcome for gate in found.gates] == [Outcome.PASS, Outcome.INCONCLUSIVE]
    assert found.outcome is Outcome.INCONCLUSIVE
    assert {gate.bounds.high_level for gate in found.gates} == {0.05 / 2}
    assert found.gates[1].bounds.method == "exact"


def test_a_floor_that_is_surely_missed_fails():
    declared = criteria(floor=(Floor(metric="accuracy", at_least=0.95),))
    found = judged(model(0.8), {"few-shot": model(0.5)}, declared=declared)
    assert found.headline.startswith("FAIL: the tuned model scores 80 % accuracy, at most")


CHANNELS = ["mail"] * 100 + ["phone"] * 90 + [None] * 10


def guarded(level, phone_right, margin=-0.05, channels=CHANNELS):
    """The tuned model gains on mail; on the phone it is right on this share, the base on half."""
    expected = ["a", "b"] * 100
    wrong = {"a": "b", "b": "a"}
    lost = {100 + i for i in range(round(90 * (1 - phone_right)))}
    tuned = [wrong[e] if place in lost else e for place, e in enumerate(expected)]
    base = [e if 100 <= place < 190 and place % 2 else wrong[e] for place, e in enumerate(expected)]
    frames = [
        answers(expected, answered).with_columns(pl.Series("@channel", channels))
        for answered in (tuned, base)
    ]
    guard = Guard(metric="accuracy", by="channel", margin=margin, level=level)
    return judged(frames[0], {"few-shot": frames[1]}, declared=criteria(guard=(guard,)))


def test_a_guard_by_slice_stops_on_a_sure_loss_and_names_the_slice():
    found = guarded("no harm shown", phone_right=0.1)
    assert [gate.slice for gate in found.gates] == [None, "channel = mail", "channel = phone"]
    assert found.gates[2].outcome is Outcome.FAIL
    assert found.headline.startswith("FAIL: the tuned model loses too much")
    assert "where channel = phone" in found.headline


def test_no_harm_shown_passes_what_proved_does_not():
    loose, strict = (guarded(level, phone_right=0.5) for level in ("no harm shown", "proved"))
    assert (loose.gates[2].outcome, strict.gates[2].outcome) == (
        Outcome.PASS,
        Outcome.INCONCLUSIVE,
    )
    assert loose.gates[2].level == "no harm shown"
    assert strict.outcome is Outcome.INCONCLUSIVE


def test_a_slice_too_small_to_tell_shows_no_harm_and_says_so():
    channels = ["mail"] * 195 + ["fax"] * 5
    found = guarded("no harm shown", phone_right=0.9, channels=channels)
    assert found.outcome is Outcome.PASS
    assert any("Too few groups to see harm in: channel = fax" in note for note in found.notes)


def test_unread_answers_are_counted_aloud():
    tuned = model(0.9).with_columns(status=pl.Series(["ok"] * 190 + ["truncated"] * 10))
    assert any(
        note.startswith("10 answers") for note in judged(tuned, {"few-shot": model(0.5)}).notes
    )


def test_several_primaries_must_all_pass():
    declared = Criteria(
        primary=(Primary(metric="accuracy"), Primary(metric="accuracy", against="linear")),
        draws=1_000,
    )
    found = judged(model(0.9), {"few-shot": model(0.5), "linear": model(0.89)}, declared=declared)
    assert [gate.outcome for gate in found.gates] == [Outcome.PASS, Outcome.INCONCLUSIVE]
    assert found.gates[1].name == "primary: accuracy against linear"


def test_what_is_missing_is_said_by_name():
    with pytest.raises(BadInput, match="`few-shot`"):
        judged(model(0.9), {"linear": model(0.5)})
    with pytest.raises(BadInput, match="different rows"):
        judged(model(0.9), {"few-shot": model(0.5).reverse()})
    by_region = criteria(guard=(Guard(metric="accuracy", by="region"),))
    with pytest.raises(BadInput, match="`region`"):
        judged(model(0.9), {"few-shot": model(0.5)}, declared=by_region)
    with pytest.raises(CannotTell, match="probabilities"):
        judged(model(0.9), {"few-shot": model(0.5)}, declared=criteria(metric="auc"))


def test_a_verdict_is_repeatable_and_survives_json():
    found = [judged(model(0.8), {"few-shot": model(0.7)}) for _ in range(2)]
    assert found[0] == found[1]
    assert msgspec.json.decode(msgspec.json.encode(found[0]), type=Verdict) == found[0]


def test_bounds_never_read_better_than_they_are():
    for value in np.linspace(-0.2, 0.2, 41) + 1e-5:
        assert float(points_at_least(value)) <= 100 * value <= float(points_at_most(value))
    assert points_at_least(-0.0312) == "-3.2"
    assert points_at_most(-0.0312) == "-3.1"
