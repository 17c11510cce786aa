"""Several training seeds, one verdict: trained, killed, resumed, judged as one candidate."""

import shutil

import polars as pl
import pytest

from small_projects import make_project
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement, Opening
from surpass.steps.answer_recipe import tuned_run
from surpass.steps.candidates import next_candidate_number
from surpass.steps.evaluate import evaluate, stored_evaluation
from surpass.steps.ladder import tuned_names
from surpass.steps.planning.plan import plan
from surpass.steps.project import open_project
from surpass.steps.report import report
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.status import status_account
from surpass.steps.train import finished_run, train, train_recipes
from surpass.steps.verdict import said_verdict, verdict

CRITERIA = """
[ladder]
rungs = ["zero-shot", "few-shot"]
[criteria]
draws = 1000
seeds = {seeds}
[[criteria.primary]]
metric = "accuracy"
margin = {margin}
"""


def project_of(folder, base, *, seeds=3, margin=0.05):
    more = CRITERIA.format(seeds=seeds, margin=margin)
    return make_project(folder, base, count=240, epochs=0.2, more=more)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, tiny_base):
    """Three seeds, sealed and trained; a copy is judged by each test that judges."""
    project = project_of(tmp_path_factory.mktemp("seeds"), tiny_base)
    seal(project)
    train(project, Silent())
    return project


class Killed(Exception):
    """As by kill -9, at the first step of the second run."""


class DiesInTheSecondRun(Silent):
    """Progress that does not come back."""

    def __init__(self):
        self.begun = 0

    def start(self, what, total):
        self.begun += 1

    def advance(self, done, note=""):
        if self.begun == 2:
            raise Killed


def test_one_seed_is_the_run_that_it_always_was(tmp_path, tiny_base):
    project = project_of(tmp_path, tiny_base, seeds=1)
    (recipe,) = train_recipes(project, current_split(project))
    assert recipe.training == project.settings.training
    assert tuned_names(project) == ("tuned",)


def test_each_seed_is_a_run_of_its_own(trained):
    recipes = train_recipes(trained, current_split(trained))
    assert [recipe.training.seed for recipe in recipes] == [0, 1, 2]
    runs = finished_run(trained).all_seeds
    assert [run.digest for run in runs] == [recipe.digest for recipe in recipes]
    assert len({run.run.last_loss for run in runs}) == 3
    assert tuned_run(trained, "tuned:3") == runs[2]
    with pytest.raises(BadInput, match="tuned:4"):
        tuned_run(trained, "tuned:4")


def test_a_kill_between_runs_resumes_with_the_next_seed(tmp_path, tiny_base):
    project = project_of(tmp_path, tiny_base)
    seal(project)
    recipes = train_recipes(project, current_split(project))
    with pytest.raises(Killed):
        train(project, DiesInTheSecondRun())
    assert [project.objects.find(recipe) is not None for recipe in recipes] == [True, False, False]
    assert finished_run(project) is None
    assert stored_evaluation(project, "tuned", "test") is None
    with pytest.raises(Refused, match="not trained"):
        evaluate(project, "tuned", "valid", Silent())
    first = project.objects.find(recipes[0])
    before = first.stat().st_mtime_ns
    again = open_project(project.folder)
    assert len(train(again, Silent()).all_seeds) == 3
    assert first.stat().st_mtime_ns == before


def with_seeds(project, seeds):
    """The project with another number of seeds declared."""
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    assert "seeds = 3" in text
    path.write_text(text.replace("seeds = 3", f"seeds = {seeds}"), encoding="utf-8")
    return open_project(project.folder)


def copied(project, folder):
    shutil.copytree(project.folder, folder)
    return open_project(folder)


def with_right_answers(project, names):
    """Score all models on the test, then make every answer of these runs right."""
    for name in ("zero-shot", "few-shot", *tuned_names(project)):
        found = evaluate(project, name, "test", Silent())
        if name in names:
            right = found.predictions.with_columns(pl.col("target").alias("answer"))
            right.write_parquet(found.folder / "predictions.parquet")
    return project


def test_three_seeds_are_judged_by_their_mean_as_one_look(trained, tmp_path):
    project = copied(trained, tmp_path / "project")
    account = said_verdict(project, Silent())
    judged = verdict(project, Silent())
    (gate,) = judged.verdict.gates
    frames = [judged.tuned, *judged.further]
    scores = [one.record.scores["accuracy"] for one in frames]
    base = judged.rungs[judged.verdict.opponent].record.scores["accuracy"]
    assert gate.bounds.estimate == pytest.approx(sum(scores) / 3 - base)
    assert gate.bounds.seeds == 3
    assert "mean of 3 seeds" in gate.sentence
    assert any("fewer than 5" in warning for warning in account.warnings)
    assert {"tuned", "tuned:2", "tuned:3"} <= set(account.data.scores)
    opened = [body.candidate for _, body in project.ledger.bodies(Opening)]
    ours = [name for name in opened if name not in ("zero-shot", "few-shot")]
    assert len(ours) == 3
    assert set(ours) == {judged.tuned.candidate}
    assert judged.verdict.candidate_number == 1
    assert len(project.ledger.bodies(Judgement)) == 1
    assert next_candidate_number(project, judged.seal.block) == 2
    shows_each_seed(*report(project, Silent()))
    assert "verdict on this run" in status_account(project, check_ledger=True, head=None).headline


def shows_each_seed(path, account):
    (chapter,) = [one for one in account.chapters if one.title == "Training seeds"]
    assert [row[0] for row in chapter.tables[0].rows] == ["0", "1", "2"]
    assert [row[-1] for row in chapter.tables[0].rows] == ["served", *["judged with it"] * 2]
    assert "Standard deviation" in chapter.tables[0].note
    assert "Training seeds" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "outcome"),
    [(("tuned",), "INCONCLUSIVE"), (("tuned", "tuned:2", "tuned:3"), "PASS")],
    ids=["one lucky seed", "all seeds"],
)
def test_one_lucky_seed_does_not_pass(trained, tmp_path, right, outcome):
    project = with_right_answers(copied(trained, tmp_path / "project"), right)
    found = verdict(project, Silent()).verdict
    bounds = found.gates[0].bounds
    assert bounds.estimate > found.gates[0].margin
    assert found.outcome == outcome
    assert found.candidate_number == 1


def test_sealing_two_seeds_says_that_nothing_can_be_proved(tmp_path, tiny_base):
    power = seal(project_of(tmp_path, tiny_base, seeds=2))[2]
    assert power.chance == 0
    assert "needs 3 seeds, or 1" in power.sentence


def test_the_number_of_seeds_is_sealed_and_another_number_another_look(trained, tmp_path):
    project = copied(trained, tmp_path / "project")
    verdict(project, Silent())
    again = with_seeds(project, 1)
    with pytest.raises(Refused, match="criteria"):
        verdict(again, Silent())
    seal(again, amend="the first seed looked best")
    assert verdict(again, Silent()).verdict.candidate_number == 2


def test_one_model_from_elsewhere_is_not_the_mean_of_seeds(trained):
    with pytest.raises(BadInput, match="3 training seeds"):
        verdict(trained, Silent(), "file:other")


def test_the_plan_counts_every_seed(trained, tmp_path):
    three = plan(trained)
    single = plan(with_seeds(copied(trained, tmp_path / "project"), 1))
    assert three.seconds == pytest.approx(3 * single.seconds)
