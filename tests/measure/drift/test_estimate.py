"""Estimated accuracy: close and covered under covariate shift, wrong under concept drift."""

import numpy as np
import pytest

from surpass.core.errors import CannotTell
from surpass.measure.drift.estimate import Known, calibrated, calibration, estimated_accuracy


def answers(rng, count, hard):
    """Confidence is a bent version of the chance to be right; hard questions lower both."""
    chance = np.where(rng.random(count) < hard, rng.beta(3, 3, count), rng.beta(9, 1, count))
    return chance**2, (rng.random(count) < chance).astype(float)


def known(seed=0, count=1500):
    rng = np.random.default_rng(seed)
    confidence, right = answers(rng, count, 0.2)
    return calibration(Known(confidence, right, np.arange(count)), draws=60)


def test_under_covariate_shift_the_estimate_is_close_and_the_interval_covers():
    rng = np.random.default_rng(1)
    errors, covered = [], []
    for run in range(15):
        confidence, right = answers(rng, 1000, rng.uniform(0, 0.7))
        found = estimated_accuracy(known(run), confidence, np.arange(1000))
        errors.append(abs(found.share - right.mean()))
        covered.append(found.low <= right.mean() <= found.high)
    assert np.mean(errors) <= 0.03
    assert np.mean(covered) >= 0.85


def test_when_words_change_their_meaning_the_estimate_is_wrong():
    rng = np.random.default_rng(2)
    confidence, right = answers(rng, 1000, 0.2)
    right[rng.random(1000) < 0.3] = 0.0
    found = estimated_accuracy(known(), confidence, np.arange(1000))
    assert found.low > right.mean()


def test_answers_that_stand_together_widen_the_interval():
    rng = np.random.default_rng(3)
    confidence, _ = answers(rng, 1000, 0.2)
    alone = estimated_accuracy(known(), confidence, np.arange(1000))
    together = estimated_accuracy(known(), confidence, np.arange(1000) // 20)
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_a_surer_answer_is_never_thought_to_be_worse():
    grid = np.linspace(0, 1, 101)
    assert (np.diff(calibrated(known().steps, grid)) >= 0).all()


def test_too_few_labels_are_no_estimate():
    with pytest.raises(CannotTell, match="200 are needed"):
        known(count=199)
