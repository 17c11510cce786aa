"""The floor's detector: rare false alarms, quick true ones, whatever the weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.drift.e_detector import evenly_drawn, evidence_path, first_alarm


def streams(runs, labels, share, seed):
    rng = np.random.default_rng(seed)
    return (rng.random((runs, labels)) < share).astype(float)


def test_at_the_floor_itself_alarms_are_rarer_than_declared():
    alarms = [first_alarm(one, 0.1, 1000) for one in streams(100, 3000, 0.1, 0)]
    # One in 1,000 on average would let nearly all streams alarm; e-values are far safer.
    assert np.mean([one is not None for one in alarms]) <= 0.25


def test_twice_the_errors_are_found_within_200_labels():
    delays = []
    for calm, bad in zip(streams(40, 500, 0.1, 1), streams(40, 2000, 0.2, 2), strict=True):
        alarm = first_alarm(np.concatenate([calm, bad]), 0.1, 5000)
        if alarm is not None and alarm.at >= 500:
            delays.append(alarm.at - 500)
    assert len(delays) >= 38
    assert np.median(delays) <= 200


def test_the_alarm_says_since_when():
    errors = np.concatenate([np.zeros(300), np.tile([1.0, 0.0], 200)])
    alarm = first_alarm(errors, 0.1, 5000)
    assert alarm is not None
    assert alarm.since == pytest.approx(300, abs=2)
    assert alarm.evidence >= 5000


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60), st.floats(0.01, 0.9))
def test_the_evidence_is_the_recursion_of_the_paper(errors, most):
    errors = np.array(errors)
    value, last = {}, 0.0
    lifts = (1.2, 1.4, 1.8, 2.4, 3.2, 4.2)
    for error in errors:
        for lift in lifts:
            worse = (odds := lift * most / (1 - most)) / (1 + odds)
            gain = worse / most if error else (1 - worse) / (1 - most)
            value[lift] = gain * max(value.get(lift, 1.0), 1.0)
        last = np.mean(list(value.values()))
    assert np.exp(evidence_path(errors, most)[-1]) == pytest.approx(last)


def test_no_labels_are_no_alarm():
    assert first_alarm(np.zeros(0), 0.1, 100) is None


def test_thinning_by_weight_undoes_a_biased_choice_of_labels():
    rng = np.random.default_rng(3)
    wrong = rng.random(200_000) < 0.1
    chance = np.where(wrong, 0.5, 0.1)
    seen = rng.random(wrong.size) < chance
    kept = evenly_drawn(1 / chance[seen], rng.random(seen.sum()))
    assert wrong[seen].mean() > 0.3
    assert wrong[seen][kept].mean() == pytest.approx(0.1, abs=0.01)
