"""Metrics of labels are scikit-learn's, and say what they cannot tell."""

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    brier_score_loss,
    f1_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.measure.metrics import metric
from surpass.measure.one_more import extended, grouped
from surpass.measure.scores import score, sure_score

LABELS = ("a", "b", "c", "d")
UNREAD = "unreadable"
pairs = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from((*LABELS, UNREAD))), min_size=1)
THEIRS = {"precision": precision_score, "recall": recall_score, "f1": f1_score}
each = pytest.mark.parametrize("name", THEIRS)


def sides(found):
    expected, answered = map(list, zip(*found, strict=True))
    status = [UNREAD if answer == UNREAD else "ok" for answer in answered]
    return expected, answered, answers(expected, answered, status=status)


def sure_of(probabilities, expected):
    probabilities = np.array(probabilities)
    answered = [LABELS[best] for best in probabilities.argmax(axis=1)]
    return answers(expected, answered, probabilities=probabilities.tolist())


def random_answers(seed, rows):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4), rows)
    return probabilities, rng.choice(LABELS, rows).tolist()


@each
@given(found=pairs, label=st.sampled_from(LABELS))
def test_of_one_label_they_are_scikit_learns(name, found, label):
    expected, answered, frame = sides(found)
    theirs = THEIRS[name](expected, answered, labels=[label], average="macro", zero_division=np.nan)
    ours = score(metric(name, {"label": label}), frame, LABELS)
    if (name == "f1" and label not in expected) or np.isnan(theirs):
        assert ours is None
    else:
        assert ours == pytest.approx(theirs, abs=1e-9)


@each
@given(found=pairs)
def test_over_all_rows_they_are_scikit_learns(name, found):
    expected, answered, frame = sides(found)
    assume(set(answered) != {UNREAD})
    theirs = THEIRS[name](expected, answered, labels=LABELS, average="micro")
    assert score(metric(name), frame, LABELS) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("name", ["precision", "recall"])
@given(found=pairs)
def test_over_labels_they_are_scikit_learns_of_the_labels_with_rows(name, found):
    expected, answered, frame = sides(found)
    theirs = THEIRS[name](
        expected, answered, labels=sorted(set(expected)), average="macro", zero_division=0
    )
    assert score(metric(f"macro_{name}"), frame, LABELS) == pytest.approx(theirs, abs=1e-9)


@given(pairs)
def test_mcc_is_scikit_learns_with_unreadable_answers_as_one_more_label(found):
    expected, answered, frame = sides(found)
    ours = score(metric("mcc"), frame, LABELS)
    if len(set(expected)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(matthews_corrcoef(expected, answered), abs=1e-9)


@given(st.integers(0, 999), st.integers(1, 50))
def test_the_brier_score_is_scikit_learns(seed, rows):
    probabilities, expected = random_answers(seed, rows)
    theirs = brier_score_loss(expected, probabilities, labels=LABELS, scale_by_half=True)
    ours = score(metric("brier"), sure_of(probabilities, expected), LABELS)
    assert ours == pytest.approx(theirs, abs=1e-9)


@given(st.integers(0, 999), st.integers(20, 200))
def test_the_calibration_error_is_that_of_scikit_learns_curve(seed, rows):
    probabilities, expected = random_answers(seed, rows)
    certainty = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == [LABELS.index(label) for label in expected]
    happened, said = calibration_curve(right, certainty, n_bins=15, strategy="quantile")
    edges = np.percentile(certainty, np.linspace(0, 1, 16) * 100)
    rows_of_bin = np.bincount(np.searchsorted(edges[1:-1], certainty), minlength=15)
    theirs = np.average(np.abs(happened - said), weights=rows_of_bin[rows_of_bin > 0])
    ours = score(metric("calibration_error"), sure_of(probabilities, expected), LABELS)
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_a_model_that_is_as_sure_as_it_is_right_is_calibrated():
    expected = ["a"] * 3 + ["b"]
    frame = answers(expected, ["a"] * 4, probabilities=[[0.75, 0.25]] * 4)
    assert score(metric("calibration_error"), frame, ("a", "b")) == pytest.approx(0)


@pytest.mark.parametrize(("rows", "shown"), [(100, 0.12), (400, 0.06)])
def test_few_rows_make_a_calibrated_model_look_uncalibrated_so_it_is_no_gate(rows, shown):
    rng = np.random.default_rng(0)
    found = []
    for _ in range(50):
        sure = rng.uniform(0.5, 1, rows)
        expected = np.where(rng.random(rows) < sure, "a", "b").tolist()
        frame = sure_of(np.column_stack([sure, 1 - sure]), expected)
        found.append(score(metric("calibration_error"), frame, ("a", "b")))
    assert np.mean(found) == pytest.approx(shown, abs=0.015)
    assert not metric("calibration_error").bounded


@pytest.mark.parametrize("name", ["brier", "calibration_error"])
def test_a_row_without_probabilities_counts_as_certain_and_wrong(name):
    sure = [[1.0, 0.0], None]
    frame = answers(["a", "b"], ["a", ""], status=["ok", UNREAD], probabilities=sure)
    assert score(metric(name), frame.head(1), ("a", "b")) == 0
    assert score(metric(name), frame, ("a", "b")) == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["brier", "calibration_error"])
def test_without_any_probabilities_they_cannot_be_told(name):
    frame = answers(["a", "b"], ["a", "b"])
    with pytest.raises(CannotTell, match="needs probabilities"):
        sure_score(metric(name), frame, ("a", "b"))
    with pytest.raises(CannotTell, match="needs probabilities"):
        sure_score(metric(name), frame.drop("probabilities"), ("a", "b"))


@pytest.mark.parametrize("name", ["brier", "calibration_error", "mcc", "macro_recall"])
def test_the_group_that_bounds_add_does_not_move_the_estimate(name):
    probabilities, expected = random_answers(0, 60)
    frame = sure_of(probabilities, expected)
    found = extended(metric(name), frame, LABELS, grouped(frame))
    assert found.estimate == pytest.approx(score(metric(name), frame, LABELS))


def test_a_label_beyond_the_closed_set_costs_the_brier_score():
    frame = answers(["new"], ["a"], probabilities=[[1.0, 0.0]])
    assert score(metric("brier"), frame, ("a", "b")) == 1


@each
def test_a_label_that_is_not_there_is_refused_with_those_that_are(name):
    frame = answers(["a", "b"], ["a", "b"])
    with pytest.raises(BadInput, match="'spam'") as caught:
        score(metric(name, {"label": "spam"}), frame, ("a", "b"))
    assert "'a', 'b'" in caught.value.fix


@each
def test_a_row_without_a_label_is_refused(name):
    frame = answers(["a", "b"], ["a", "b"]).with_columns(
        pl.when(pl.col("row") == "r00001").then(pl.col("target")).alias("target")
    )
    with pytest.raises(BadInput, match="no label"):
        score(metric(name), frame, ("a", "b"))
