"""Steps tell trackers what happened, wait for none of them, and lose nothing by a kill."""

import os
import shutil
import subprocess
import sys
import time

import msgspec
import pytest

from released_projects import copied, judged_model
from small_projects import add_settings
from surpass.core.account import Standing
from surpass.core.errors import BadInput
from surpass.core.progress import Named, Silent, measure
from surpass.core.records.tracking import AnyEvent, Points
from surpass.release.tracker import Undelivered
from surpass.steps.project import open_project
from surpass.steps.releasing.release import Wish, release
from surpass.steps.score import valid_account
from surpass.steps.tracking.along import sent_along
from surpass.steps.tracking.champions import tell_champions
from surpass.steps.tracking.deliver import mlflow_uri, require_allowed, track_account
from surpass.steps.tracking.events import outboxes
from surpass.steps.tracking.watch import watched
from surpass.steps.train import train
from surpass.steps.verdict import verdict
from tiny_models import save_tiny_base

DOWN = '\n[track]\nto = ["mlflow"]\nuri = "http://127.0.0.1:9"\nevery = 3\n'
GIVE_UP_SECONDS = 120


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    base = save_tiny_base(tmp_path_factory.mktemp("base")).folder
    return judged_model(tmp_path_factory.mktemp("template") / "small", base, more=DOWN)


@pytest.fixture
def project(template, tmp_path):
    return copied(template, tmp_path / "small")


def waiting(project):
    files = outboxes(project)["mlflow"].waiting()
    return [msgspec.json.decode(path.read_bytes(), type=AnyEvent) for path in files]


def kinds(project):
    return [event.__struct_config__.tag for event in waiting(project)]


def test_a_run_tells_its_start_its_curves_its_end_and_its_verdict(project):
    told = waiting(project)
    assert kinds(project) == ["started", "points", "ended", "judged"]
    steps = [point.step for point in told[1].points]
    assert steps[0] == 1
    assert all(step % 3 == 0 for step in steps[1:-1])  # the last one has the loss on valid
    assert {"train/loss", "train/tokens", "train/learning_rate"} <= set(told[1].points[0].values)
    assert "train/valid_loss" in told[1].points[-1].values
    assert "gate/primary/accuracy/low" in told[-1].values
    assert len({event.run for event in told}) == 1


def test_the_same_commands_again_tell_nothing_new(project):
    before = kinds(project)
    train(project, Silent())
    verdict(project, Silent())
    assert kinds(project) == before
    valid_account(project, Silent())
    valid_account(project, Silent())
    assert kinds(project) == [*before, "scored"]


def test_an_end_that_a_kill_kept_back_is_told_by_the_same_command(project):
    (ended,) = (p for p in outboxes(project)["mlflow"].waiting() if "-ended-" in p.name)
    ended.unlink()
    train(project, Silent())
    assert sorted(kinds(project)) == ["ended", "judged", "points", "started"]


def test_releases_are_read_from_the_ledger(project):
    release(project, Wish(by="Ann"), Silent())
    tell_champions(project)
    tell_champions(project)
    assert kinds(project)[-1] == "released"
    assert kinds(project).count("released") == 1
    assert waiting(project)[-1].run == waiting(project)[0].run
    shutil.rmtree(project.folder / ".surpass" / "outbox")
    tell_champions(project)
    assert kinds(project) == ["released"]


def test_a_tracker_that_is_down_is_said_and_nothing_is_lost(project, socket_enabled):
    account = track_account(project)
    (told,) = account.data.trackers
    assert account.standing is Standing.CANNOT_TELL
    assert (told.sent, told.waiting) == (0, 4)
    assert "did not take" in told.why_not


def test_without_a_tracker_nothing_is_kept_and_progress_is_the_same(tmp_path, template):
    bare = copied(template, tmp_path / "bare")
    path = bare.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").partition("\n[track]")[0]
    path.write_text(text, encoding="utf-8")
    shutil.rmtree(bare.folder / ".surpass" / "outbox")
    bare, silent = open_project(bare.folder), Silent()
    assert watched(bare, "run", silent) is silent
    with sent_along(bare):
        verdict(bare, silent)
    assert not (bare.folder / ".surpass" / "outbox").exists()
    with pytest.raises(BadInput, match="names no tracker"):
        track_account(bare)


@pytest.mark.parametrize(
    "line",
    ['to = ["other"]', 'uri = "http://me:secret@host"', 'uri = "file:///etc"', "every = 0"],
)
def test_settings_that_cannot_be_are_refused(project, line):
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").partition("\n[track]")[0]
    path.write_text(f"{text}\n[track]\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput):
        open_project(project.folder)


def test_a_run_that_goes_on_repeats_no_step(project):
    box = outboxes(project)["mlflow"]
    before = len(box.waiting())
    again = Named(watched(project, waiting(project)[0].run, Silent()), "training, seed 0")
    last = max(p.step for event in waiting(project) if isinstance(event, Points)
               for p in event.points)  # fmt: skip
    for step in range(1, last + 1):
        measure(again, step, {"loss": 1.0})
    again.finish()
    assert len(box.waiting()) == before
    measure(again, last + 3 - last % 3, {"loss": 1.0})
    again.finish()
    assert len(box.waiting()) == before + 1


def test_a_database_lies_where_the_project_is(project):
    assert mlflow_uri(project) == "http://127.0.0.1:9"
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").replace("http://127.0.0.1:9", "sqlite:///m.db")
    path.write_text(text, encoding="utf-8")
    found = mlflow_uri(open_project(project.folder))
    assert found == f"sqlite:///{project.folder.resolve()}/m.db"


@pytest.mark.slow
def test_another_process_sends_while_a_command_works_and_after_it(project):
    """With the real command: wandb offline, which needs no network."""
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").partition("\n[track]")[0]
    path.write_text(text, encoding="utf-8")
    shutil.rmtree(project.folder / ".surpass" / "outbox")
    again = add_settings(project.folder, '\n[track]\nto = ["wandb"]\n')
    command = [sys.executable, "-m", "surpass", "verdict", str(project.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    box, give_up = outboxes(again)["wandb"], time.monotonic() + GIVE_UP_SECONDS
    sent = project.folder / ".surpass" / "outbox" / "wandb" / "sent"
    while not list(sent.glob("*-judged-*.json")):
        assert time.monotonic() < give_up, (project.folder / ".surpass/outbox/log.txt").read_text()
        time.sleep(0.1)  # the condition is polled
    assert not box.waiting()
    log = project.folder / ".surpass" / "outbox" / "log.txt"
    while "Nothing waits" not in log.read_text(encoding="utf-8"):  # the sender has ended
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_a_projects_file_alone_calls_no_other_machine(monkeypatch):
    elsewhere = "https://tracker.invalid"
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(Undelivered, match=r"names tracker\.invalid, and a project's file alone"):
        require_allowed(elsewhere)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", elsewhere)
    require_allowed(elsewhere)
    require_allowed("http://127.0.0.1:9")
