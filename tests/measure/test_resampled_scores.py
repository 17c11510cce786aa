import numpy as np
import pytest

from surpass.measure.one_more import Grouped
from surpass.measure.resampled_scores import resampled_scores
from surpass.measure.statistics import Weighted, mean_of

RIGHT = np.random.default_rng(0).random(300) < 0.7
ALONE = Grouped(np.arange(300), 300)


def share(right):
    return mean_of(right.astype(float))


def test_models_meet_the_same_rows():
    drawn = resampled_scores([share(RIGHT), share(~RIGHT)], ALONE, draws=50, seed=1)
    assert drawn.shape == (50, 2)
    assert drawn.sum(axis=1) == pytest.approx(1.0)


def test_draws_vary_as_a_share_of_so_many_rows():
    drawn = resampled_scores([share(RIGHT)], ALONE, draws=4000, seed=1)
    expected = np.sqrt(RIGHT.mean() * (1 - RIGHT.mean()) / 300)
    assert drawn.std() == pytest.approx(expected, rel=0.06)
    assert drawn.mean() == pytest.approx(RIGHT.mean(), abs=0.005)


def test_rows_of_one_group_come_together():
    pairs = Grouped(np.repeat(np.arange(150), 2), 150)
    same = share(np.repeat(RIGHT[:150], 2))
    alone = resampled_scores([same], ALONE, draws=3000, seed=2).std()
    together = resampled_scores([same], pairs, draws=3000, seed=2).std()
    assert together == pytest.approx(alone * np.sqrt(2), rel=0.08)


def test_a_metric_that_needs_all_rows_is_weighted_alike():
    values = RIGHT.astype(float)
    whole = Weighted(300, lambda weights: (weights @ values) / weights.sum(axis=1))
    drawn = resampled_scores([share(RIGHT), whole], ALONE, draws=40, seed=3)
    assert drawn[:, 0] == pytest.approx(drawn[:, 1])
