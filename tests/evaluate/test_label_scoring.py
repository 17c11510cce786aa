import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from surpass.evaluate.label_scoring import ALL, Scoring, label_prior, label_probabilities, named

LENGTHS = np.array([2, 5, 3])
scores = hnp.arrays(float, st.tuples(st.integers(1, 8), st.just(3)), elements=st.floats(-60, -0.01))


@given(scores, st.sampled_from(ALL))
def test_probabilities_of_an_item_sum_to_one(sums, scoring):
    prior = label_prior(sums, LENGTHS, scoring)
    found = label_probabilities(sums, LENGTHS, scoring, prior)
    assert prior.sum() == pytest.approx(1)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(sums)))


@given(hnp.arrays(float, (1, 3), elements=st.floats(-15, -0.01)), st.integers(2, 9))
def test_where_inputs_say_nothing_calibration_leaves_all_labels_even(same, items):
    scoring = Scoring(per_token=False, calibrated=True)
    sums = np.tile(same, (items, 1))
    found = label_probabilities(sums, LENGTHS, scoring, label_prior(sums, LENGTHS, scoring))
    assert found == pytest.approx(np.full(sums.shape, 1 / 3), abs=1e-4)


def test_long_labels_no_longer_lose_for_their_length():
    sums = np.array([[-4.0, -8.0, -7.0]])  # a token costs 2.0, 1.6 and 2.3
    by_sum = label_probabilities(sums, LENGTHS, named("sum"), np.ones(3))
    by_token = label_probabilities(sums, LENGTHS, named("mean per token"), np.ones(3))
    assert by_sum.argmax() == 0
    assert by_token.argmax() == 1


def test_every_scoring_is_found_by_its_name():
    assert [named(scoring.name) for scoring in ALL] == list(ALL)
