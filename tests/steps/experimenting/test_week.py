"""A simulated week on a real journal: each of the five answers, in the ledger and in words."""

from datetime import timedelta

import numpy as np
import pytest
from msgspec import structs

from simulated_experiments import (
    CHALLENGER,
    CHAMPION,
    NOW,
    Model,
    Visit,
    asked,
    begun,
    fair,
    loses_some,
    met,
    project_with,
    ramped,
    traffic,
    written,
)
from surpass.core.account import Standing
from surpass.core.errors import Refused
from surpass.core.records.experiment import Conclusion, ExperimentEnd
from surpass.steps.experimenting.verbs import experiment_status, stop_experiment

SAME = {CHAMPION: Model(), CHALLENGER: Model()}
BETTER = {CHAMPION: Model(), CHALLENGER: Model(solved=0.75)}
FAILING = {CHAMPION: Model(), CHALLENGER: Model(solved=0.62, fails=0.12)}
HOURS_AGO = NOW - timedelta(hours=30)
BAND = "[experiment]\nequal = 0.12\n"


def week(folder, models, *, settings="", split=fair, units=1_500, primary="solved"):
    project = project_with(folder, settings)
    begun(project, primary=primary)
    traffic(project, models, split=split, units=units)
    return project, experiment_status(project, None)


def test_two_alike_are_undecided_and_say_how_long_it_may_take(tmp_path):
    _, said = week(tmp_path, SAME)
    assert said.data.decision is Conclusion.KEEP_GOING
    assert said.standing is Standing.CANNOT_TELL
    assert "days more at this pace" in said.headline
    assert said.data.primary.low < 0 < said.data.primary.high


def test_two_alike_are_equal_where_a_band_says_what_that_is(tmp_path):
    _, said = week(tmp_path, SAME, settings=BAND, units=2_500)
    assert said.data.decision is Conclusion.EQUAL
    assert said.standing is Standing.DOES_NOT_HOLD


def test_a_better_challenger_wins_and_the_ledger_has_it(tmp_path):
    project, said = week(tmp_path, BETTER)
    assert said.data.decision is Conclusion.WINS
    assert said.standing is Standing.HOLDS
    stop_experiment(project, None, None, promote=False)
    ((_, ended),) = project.ledger.bodies(ExperimentEnd)
    assert ended.decision is Conclusion.WINS
    assert ended.low > 0
    after = experiment_status(project, None)
    assert after.data.running is False
    assert after.data.primary.low == pytest.approx(ended.low, abs=0.02)


def test_a_challenger_that_fails_more_often_is_stopped_by_its_guard(tmp_path):
    project, said = week(tmp_path, FAILING)
    assert said.data.decision is Conclusion.LOSES
    assert "errors" in said.text[0]
    assert said.standing is Standing.DOES_NOT_HOLD
    with pytest.raises(Refused, match="Only a challenger that wins"):
        stop_experiment(project, None, None, promote=True)
    ended = stop_experiment(project, None, None, promote=False)
    assert "loses" in ended.headline


def test_a_split_that_loses_units_is_broken_however_good_it_looks(tmp_path):
    _, said = week(tmp_path, BETTER, split=loses_some)
    assert said.data.primary.low > 0
    assert said.data.decision is Conclusion.BROKEN
    assert "shares" in said.text[0]
    assert said.standing is Standing.CANNOT_TELL


def test_units_that_meet_both_models_break_it_too(tmp_path):
    project = project_with(tmp_path)
    one = begun(project)
    visits = [Visit(one.started, f"user-{n}", CHAMPION, 0.5, HOURS_AGO) for n in range(60)]
    again = [structs.replace(visit, arm=CHALLENGER) for visit in visits[:20]]
    rng = np.random.default_rng(0)
    written(project, [met(visit) for visit in visits])
    written(project, [e for v in visits for e in asked(v, 0, "finished", rng)])
    written(project, [e for v in again for e in asked(v, 1, "finished", rng)])
    said = experiment_status(project, None)
    assert said.data.decision is Conclusion.BROKEN
    assert "20 of 60 units met both models" in said.text[0]


def test_a_ramp_keeps_both_periods(tmp_path):
    project = project_with(tmp_path)
    begun(project, share=0.1)
    ramped(project, 0.5, days=4)
    traffic(project, BETTER, units=2_000)
    said = experiment_status(project, None)
    assert said.data.share == 0.5
    assert said.data.decision is Conclusion.WINS
    assert said.data.mismatch.challenger_expected == pytest.approx(2_000 * (0.3 + 2) / 7, rel=0.1)


STARS = """
[experiment.metrics.stars]
source = "feedback mean"
feedback = "stars"
"""


def test_unequal_answering_is_a_warning_with_the_worst_case(tmp_path):
    models = {CHAMPION: Model(answers=0.6), CHALLENGER: Model(answers=0.3, stars=0.75)}
    _, said = week(tmp_path, models, settings=STARS, primary="stars")
    assert said.data.decision is Conclusion.WINS
    (warning,) = [one for one in said.warnings if "do not answer alike" in one]
    assert "may be anything from -" in warning


def test_slices_are_shown_and_decide_nothing(tmp_path):
    _, said = week(tmp_path, SAME, settings='[experiment]\nslices = ["key"]\n')
    assert set(said.data.slices) == {"key = app", "key = web"}
    assert any(chapter.title == "Slices" for chapter in said.chapters)
