"""What moves traffic is sealed first, and refused where it cannot be undone honestly."""

import pytest

from simulated_experiments import MODELS, project_with
from surpass.core.assignment import CHALLENGER, CHAMPION
from surpass.core.errors import BadInput, Refused, SurpassError
from surpass.core.records.experiment import ExperimentRamp, ExperimentStart
from surpass.core.settings.experiment import FeedbackShare
from surpass.steps.experimenting.assign import Assigner
from surpass.steps.experimenting.running import last_experiment, running_experiment
from surpass.steps.experimenting.start import Wanted, ramp, start
from surpass.steps.experimenting.verbs import experiment_status, stop_experiment

WANTED = Wanted(MODELS[CHALLENGER], "solved", 0.1, champion=MODELS[CHAMPION])


def test_everything_that_decides_is_in_the_ledger_before_a_unit_is_assigned(project):
    start(project, WANTED)
    ((_, body),) = project.ledger.bodies(ExperimentStart)
    assert body.metrics["solved"] == FeedbackShare(feedback="solved")
    assert set(body.metrics) == {"solved", "errors", "refusals"}
    assert body.plan.guard is not None
    assert body.plan.bounds == "asymptotic"
    assert len(body.salt) == 32


def test_settings_that_change_later_change_nothing(project, tmp_path):
    start(project, WANTED)
    later = project_with(tmp_path, "[experiment]\nmargin = -0.5\nalpha = 0.4\n")
    assert last_experiment(later).started.plan.margin == 0
    assert last_experiment(later).started.plan.alpha == 0.05


def test_one_at_a_time(project):
    start(project, WANTED)
    with pytest.raises(Refused, match="runs since"):
        start(project, WANTED)


def test_a_project_without_a_release_needs_a_named_champion(project):
    with pytest.raises(Refused, match="no champion"):
        start(project, WANTED._replace(champion=None))


@pytest.mark.parametrize("share", [0, 1, -1, float("nan"), 2])
def test_a_share_is_between_0_and_1(project, share):
    with pytest.raises(BadInput, match="share"):
        start(project, WANTED._replace(share=share))


def test_a_model_is_not_tried_against_itself(project):
    with pytest.raises(BadInput, match="already"):
        start(project, WANTED._replace(challenger=MODELS[CHAMPION]))


@pytest.mark.parametrize(
    ("settings", "primary", "told"),
    [
        ('[[experiment.guard]]\nmetric = "speed"\n', "solved", "no metric"),
        ('[[experiment.guard]]\nmetric = "errors"\nlevel = "proved"\n', "solved", "margin 0"),
        ("", "slow", "nothing says what slow is"),
        ('[experiment]\nbounds = "exact"\n', "cost", "Exact bounds"),
        ('[experiment.metrics.x]\nsource = "kpi"\nvalue = "v"\nlow = 0.0\n', "x", "between"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(tmp_path, settings, primary, told):
    project = project_with(tmp_path, settings)
    with pytest.raises(BadInput, match=told):
        start(project, WANTED._replace(primary=primary))
    assert project.ledger.entries() == []


def test_few_planned_units_take_exact_bounds(tmp_path):
    project = project_with(tmp_path, "[experiment]\nunits = 300\n")
    assert start(project, WANTED).plan.bounds == "exact"


def test_whoever_says_what_slow_is_guards_it(tmp_path):
    project = project_with(tmp_path, "[experiment]\nslow_ms = 900\n")
    assert [guard.metric for guard in start(project, WANTED).plan.guards][-1] == "slow"


def test_a_ramp_only_grows(project):
    start(project, WANTED)
    assert ramp(project, 0.5).periods[-1].share == 0.5
    with pytest.raises(Refused, match="take it away"):
        ramp(project, 0.3)
    assert len(project.ledger.bodies(ExperimentRamp)) == 1


def test_nobody_is_ramped_or_stopped_where_nothing_runs(project):
    with pytest.raises(Refused, match="No experiment runs"):
        ramp(project, 0.5)
    with pytest.raises(Refused, match="No experiment runs"):
        stop_experiment(project, "x", None, promote=False)
    assert experiment_status(project, None).data.experiment is None


def test_a_server_follows_the_ledger_from_request_to_request(project):
    assign = Assigner(project.folder, "tickets")
    assert assign("user-1", "tickets") is None
    started = start(project, WANTED)
    before = {f"u{n}": assign(f"u{n}", "tickets") for n in range(500)}
    assert {one.release for one in before.values()} == set(MODELS.values())
    assert all(one.experiment == started.experiment for one in before.values())
    assert assign("u1", "another task") is None
    ramp(project, 0.6)
    after = {unit: assign(unit, "tickets") for unit in before}
    assert all(after[u].arm == CHALLENGER for u, one in before.items() if one.arm == CHALLENGER)
    assert sum(one.arm == CHALLENGER for one in after.values()) > 250
    assert {round(one.share, 9) for one in after.values()} == {0.6, 0.4}


def test_a_torn_ledger_leaves_in_force_what_was(project):
    assign = Assigner(project.folder, "tickets")
    start(project, WANTED)
    assert assign("u", "tickets") is not None
    with (project.folder / "ledger.jsonl").open("ab") as file:
        file.write(b'{"nonsense": true}\n')
    with pytest.raises(SurpassError):
        running_experiment(project)
    assert assign("u", "tickets") is not None
