"""A cycle takes new rows to a verdict on champion and base, once, wherever it was stopped."""

import re

import pytest

from released_projects import copied, judged_model
from small_projects import make_project, rows, write_rows
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.decisions import Extension, Judgement, Promotion
from surpass.cycle import retrain as module
from surpass.cycle.retrain import Wanted, retrain, stop_cycle
from surpass.steps.go import Ears
from surpass.steps.project import open_project
from surpass.steps.releasing.read import champion
from surpass.steps.releasing.release import Wish, release
from surpass.steps.split import current_split
from tiny_models import save_tiny_base

EARS = Ears(Silent(), lambda _: None, lambda _: True)
BO = {"by": "Bo", "reason": "two new products"}


def fresh(path, count, seed):
    """Rows of customers that nobody saw before."""
    new = [{**row, "customer": f"{seed}-{row['customer']}"} for row in rows(count, seed=seed)]
    path.parent.mkdir(exist_ok=True)
    write_rows(path, new)
    return path


@pytest.fixture(scope="module")
def template(tmp_path_factory, tiny_base):
    """A project whose first model is in use and stands on the ladder; any next one passes."""
    project = judged_model(tmp_path_factory.mktemp("template") / "project", tiny_base)
    release(project, Wish(by="Ada"), Silent())
    return with_settings(project)


@pytest.fixture
def released(template, tmp_path):
    """A copy of it, to be changed."""
    return copied(template, tmp_path / "project")


def with_settings(project):
    """What a cycle needs in surpass.toml: a pattern for new rows, and the champion as a rung."""
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"rows.csv"', '"rows.csv", "cycles/*.csv"')
    text = text.replace('["zero-shot"]', '["zero-shot", "adopted:champion"]')
    path.write_text(text, encoding="utf-8")
    return open_project(project.folder)


def bodies(project, kind):
    return [body for _, body in project.ledger.bodies(kind)]


def test_new_rows_are_trained_on_and_the_champion_is_an_opponent(released, tmp_path):
    before = current_split(released).sides
    wanted = Wanted(fresh(tmp_path / "new.csv", 60, 7), fresh(tmp_path / "dated.csv", 90, 8), **BO)
    said = retrain(released, wanted, EARS)
    project = open_project(released.folder)
    sides = current_split(project).sides
    assert sides.train_rows > before.train_rows
    assert sides.block != before.block
    assert "adopted:champion" in {row[0] for table in said.chapters[1].tables for row in table.rows}
    (start,), (end,) = bodies(project, CycleStarted), bodies(project, CycleEnded)
    assert (start.number, start.rows, start.test) == (
        1,
        "cycles/cycle-1.csv",
        "dated/cycle-1-test.csv",
    )
    assert (said.data.how, end.how) == ("to approve", "to approve")
    assert champion(project).name == start.champion
    assert end.verdict == bodies(project, Judgement)[-1].verdict
    assert "dead line" not in (project.folder / "ledger.jsonl").read_text(encoding="utf-8")


def test_a_cycle_that_was_stopped_goes_on_and_nothing_happens_twice(
    released, tmp_path, monkeypatch
):
    wanted = Wanted(fresh(tmp_path / "new.csv", 60, 7), fresh(tmp_path / "dated.csv", 90, 8), **BO)

    def cut(*_):
        raise KeyboardInterrupt

    for stage in ("adopt", "extend_test", "fix", "_seal", "go"):
        monkeypatch.setattr(module, stage, cut)
        with pytest.raises(KeyboardInterrupt):
            retrain(open_project(released.folder), wanted, EARS)
        monkeypatch.undo()
    monkeypatch.setattr(module, "_ended", cut)
    with pytest.raises(KeyboardInterrupt):
        retrain(open_project(released.folder), wanted, EARS)
    monkeypatch.undo()
    retrain(open_project(released.folder), Wanted(), EARS)
    project = open_project(released.folder)
    counts = [
        len(bodies(project, kind)) for kind in (CycleStarted, CycleEnded, Extension, Judgement)
    ]
    assert counts == [1, 1, 1, 2]  # the first model's verdict is there already


def test_other_rows_wait_until_the_running_cycle_has_ended(released, tmp_path, monkeypatch):
    def cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "adopt", cut)
    with pytest.raises(KeyboardInterrupt):
        retrain(released, Wanted(fresh(tmp_path / "new.csv", 60, 7), **BO), EARS)
    monkeypatch.undo()
    with pytest.raises(Refused, match=r"Cycle 1 .* is running with other rows"):
        retrain(released, Wanted(fresh(tmp_path / "other.csv", 60, 9), **BO), EARS)
    said = stop_cycle(released, "the labels were wrong")
    assert said.data.how == "stopped"
    with pytest.raises(Refused, match="No cycle is running"):
        stop_cycle(released, "again")


def test_a_challenger_that_passes_becomes_champion_when_that_was_asked(released, tmp_path):
    wanted = Wanted(fresh(tmp_path / "new.csv", 60, 7), **BO, release=True)
    said = retrain(released, wanted, EARS)
    assert said.data.how == "released"
    assert champion(released).name == said.data.released != said.data.champion


def test_killed_after_the_release_it_ends_without_another(released, tmp_path, monkeypatch):
    def cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_close", cut)
    wanted = Wanted(fresh(tmp_path / "new.csv", 60, 7), **BO, release=True)
    with pytest.raises(KeyboardInterrupt):
        retrain(released, wanted, EARS)
    monkeypatch.undo()
    said = retrain(open_project(released.folder), Wanted(release=True), EARS)
    assert said.data.how == "released"
    assert len(bodies(released, Promotion)) == 2
    assert len(bodies(released, Judgement)) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"rows.csv", "cycles/*.csv"', '"rows.csv"'), r"does not read cycles/cycle-1\.csv"),
        ((', "adopted:champion"', ""), "does not name the champion"),
        (('metric = "accuracy"', 'metric = "accuracy"\nagainst = "zero-shot"'), "names another"),
        (("cycles/*.csv", "cycles/*/*.csv"), r"does not read cycles/cycle-1\.csv"),
    ],
)
def test_what_the_settings_lack_is_said_before_anything_is_written(
    released, tmp_path, change, message
):
    path = released.folder / "surpass.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    project = open_project(released.folder)
    with pytest.raises(BadInput, match=message):
        retrain(project, Wanted(fresh(tmp_path / "new.csv", 60, 7), **BO), EARS)
    assert not bodies(project, CycleStarted)
    assert not (project.folder / "cycles").exists()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "begins with new rows"),
        ({"rows": "new.csv"}, "--by is empty"),
        ({"rows": "new.csv", "by": "Bo"}, "--reason is empty"),
        ({"rows": "nowhere.csv", **BO}, "There is no file"),
        ({"rows": "bad.csv", **BO}, "has no column .text"),
    ],
)
def test_a_cycle_needs_rows_a_name_and_a_reason(released, tmp_path, wanted, message):
    fresh(tmp_path / "new.csv", 10, 7)
    (tmp_path / "bad.csv").write_text("one,two\n1,2\n", encoding="utf-8")
    if "rows" in wanted:
        wanted = {**wanted, "rows": tmp_path / wanted["rows"]}
    with pytest.raises(BadInput, match=message):
        retrain(released, Wanted(**wanted), EARS)
    assert not bodies(released, CycleStarted)


def test_before_a_release_there_is_nothing_to_retrain(tmp_path, tiny_base):
    project = make_project(tmp_path / "project", tiny_base)
    with pytest.raises(Refused, match="No model was released yet"):
        retrain(project, Wanted(fresh(tmp_path / "new.csv", 10, 7), **BO), EARS)


def test_an_adapter_is_no_champion_on_another_base(released, tmp_path):
    other = save_tiny_base(tmp_path / "other", "qwen3").folder
    path = released.folder / "surpass.toml"
    text = re.sub(r'base = ".*"', f'base = "{other}"', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="was tuned on"):
        retrain(
            open_project(released.folder), Wanted(fresh(tmp_path / "new.csv", 9, 7), **BO), EARS
        )


def test_rows_that_were_picked_for_training_are_no_test(released, tmp_path):
    picked = tmp_path / "gathered.csv"
    write_rows(picked, [{**row, "why": "a user corrected the answer"} for row in rows(60, seed=8)])
    with pytest.raises(BadInput, match="picked for training"):
        retrain(released, Wanted(test=picked, **BO), EARS)
    assert not bodies(released, CycleStarted)


def test_another_file_in_the_place_of_the_slice_is_not_taken_for_it(released, tmp_path):
    dated = released.folder / "dated" / "cycle-1-test.csv"
    fresh(dated, 60, 9)
    wanted = Wanted(test=fresh(tmp_path / "slice.csv", 60, 8), **BO)
    with pytest.raises(BadInput, match="is there already, with other rows"):
        retrain(released, wanted, EARS)
