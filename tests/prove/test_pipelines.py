"""A wrong PASS of a whole project is as rare as declared, whatever was chosen on the way."""

import numpy as np
import pytest

from simulated_pipelines import Pipeline, share_of_passes

ALPHA = 0.05


def allowed(times, errors):
    return ALPHA + errors * np.sqrt(ALPHA * (1 - ALPHA) / times)


def test_a_project_whose_gain_is_just_the_margin_hardly_ever_passes():
    assert share_of_passes(Pipeline(), 150) <= allowed(150, 4)


def test_a_real_gain_passes():
    assert share_of_passes(Pipeline(gain=0.25), 20) >= 0.8


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("metric", ["accuracy", "macro_f1"])
def test_2000_projects_at_the_least_favourable_point(metric):
    """Rungs, checkpoints and three candidates are chosen; every true gain is just the margin."""
    assert share_of_passes(Pipeline(metric=metric), 2_000) <= allowed(2_000, 2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_without_groups_the_same_projects_pass_too_often():
    """The harness can fail: judged as if each row were its own group, one project in ten passes."""
    pipeline = Pipeline(candidates=1, alike=0.9, rows_a_group=8, test_groups=40)
    grouped, alone = (
        share_of_passes(pipeline, 300),
        share_of_passes(pipeline, 300, by_row=True),
    )
    assert grouped <= allowed(300, 4) < alone
