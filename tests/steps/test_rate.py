"""From two files of answers to what raters think of them."""

import json

import msgspec
import numpy as np
import pytest

import surpass
from rated_projects import rated
from small_projects import make_project
from surpass.core import columns
from surpass.core.account import Standing
from surpass.core.errors import BadInput, BadMachine, CannotTell, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.core.records.rating import Pairwise, Preferred, Scaled, Skipped
from surpass.core.records.results import DATA_OF
from surpass.steps.desk import NoEntry
from surpass.steps.evaluate import evaluate
from surpass.steps.project import open_project
from surpass.steps.rating.desk import Desk
from surpass.steps.rating.exchange import export_to, import_from
from surpass.steps.rating.report import rating_chapters
from surpass.steps.rating.start import (
    Wanted,
    adjudicate,
    only_desk,
    rating_results,
    start,
    withdraw,
)
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.train import train
from surpass.store.tasks import TaskStore

BETTER, WORSE = "model-two.jsonl", "model-one.jsonl"


@pytest.fixture
def project(tmp_path):
    return rated(tmp_path / "project", [f"question {n}" for n in range(40)], scaled=24)


def let_rate(project, prefers) -> None:
    """Everybody answers everything; `prefers` says how sure each rater finds the better model."""
    rng = np.random.default_rng(0)
    desk = Desk(project.folder)
    for rater, secret in enumerate(project.secrets):
        while (task := desk.screen(secret).task) is not None:
            sees = rng.random() < prefers[rater]
            if isinstance(task.payload, Pairwise):
                good = task.behind.known or ("left" if task.behind.left == BETTER else "right")
                other = "right" if good == "left" else "left"
                said = Preferred(choice=good if sees else other)
            else:
                score = 4 if (task.behind.left == BETTER) == sees else 2
                said = Scaled(scores={one.name: score for one in task.payload.scales})
            desk.say(secret, task.id, said, seconds=3.0, comment="")


def cells(account, chapter: str) -> dict[str, tuple[str, ...]]:
    found = next(one for one in account.chapters if one.title == chapter)
    return {row[0]: row for table in found.tables for row in table.rows}


def test_careful_raters_find_the_better_model(project):
    let_rate(project, (0.95, 0.95, 0.95))
    account = rating_results(open_project(project.folder))
    assert account.standing == Standing.HOLDS
    assert account.headline.startswith(f"{BETTER} is preferred to {WORSE} in")
    assert "these 3 raters" in account.headline
    assert "agreement" in account.facts[0].label  # before any result
    assert account.chapters[0].title == "Do raters agree?"
    scales = cells(account, "Scales")
    assert set(scales) == {"coherence", "factual accuracy", "conciseness"}
    assert all(float(row[3]) > 1 for row in scales.values())


def test_a_program_reads_what_people_read(project):
    let_rate(project, (0.95, 0.95, 0.95))
    account = rating_results(open_project(project.folder))
    data = msgspec.json.decode(msgspec.json.encode(account.data), type=DATA_OF["rate results"])
    assert data == account.data
    assert (data.first, data.second, data.judge) == (WORSE, BETTER, None)
    assert data.preferred.low < data.preferred.estimate < data.preferred.high
    assert data.votes.won + data.votes.lost + data.votes.tied == data.preferred.rows == 40
    assert [rater.rater for rater in data.raters] == ["rater-1", "rater-2", "rater-3"]
    said = surpass.Project(project.folder).rate_results()
    assert said.data == data


def test_the_report_has_chapters_of_the_model_that_was_rated_only(project):
    opened = open_project(project.folder)
    assert rating_chapters(opened, BETTER) == ()
    let_rate(project, (0.95, 0.95, 0.95))
    titles = [one.title for one in rating_chapters(opened, BETTER)]
    assert titles[:3] == [
        "What people say",
        "People: do raters agree?",
        "People: who is preferred?",
    ]
    assert rating_chapters(opened, "tuned") == ()


def test_raters_who_guess_agree_on_nothing_and_prove_nothing(project):
    let_rate(project, (0.5, 0.5, 0.5))
    account = rating_results(open_project(project.folder))
    assert account.standing == Standing.CANNOT_TELL
    assert any("the criteria are unclear" in warning for warning in account.warnings)


def test_a_rater_who_reads_nothing_is_found_by_gold(project):
    let_rate(project, (1.0, 1.0, 0.0))
    raters = cells(rating_results(open_project(project.folder)), "Raters")
    assert [raters[f"rater-{n}"][5] for n in (1, 2, 3)] == ["1 of 1", "1 of 1", "0 of 1"]


def test_answers_hold_no_text_of_any_row(project):
    let_rate(project, (1.0, 1.0, 1.0))
    assert b"question" not in (project.folder / "answers" / "ratings.jsonl").read_bytes()


def test_results_need_no_tasks_once_the_answers_are_there(project):
    let_rate(project, (0.9, 0.9, 0.9))
    before = rating_results(open_project(project.folder))
    TaskStore(project.folder).home.joinpath("queue.json").unlink()
    after = rating_results(open_project(project.folder))
    assert (after.headline, after.chapters) == (before.headline, before.chapters)


def test_without_answers_nothing_can_be_told(project):
    with pytest.raises(CannotTell, match="Nobody has rated"):
        rating_results(open_project(project.folder))
    desk, secret = Desk(project.folder), project.secrets[0]
    desk.say(secret, desk.screen(secret).task.id, Skipped(reason="x"), seconds=None, comment="")
    with pytest.raises(CannotTell, match="Nobody has judged"):
        rating_results(open_project(project.folder))


def test_starting_again_keeps_tasks_and_links_and_anew_replaces_them(project):
    opened = open_project(project.folder)
    again = start(opened, Wanted())
    assert (again.made, again.secrets) == (False, {})
    assert Desk(project.folder).screen(project.secrets[0])
    fresh = start(opened, Wanted(new_links=True))
    with pytest.raises(NoEntry):
        Desk(project.folder).screen(project.secrets[0])
    assert Desk(project.folder).screen(fresh.secrets["rater-1"]).done == 0


def test_tasks_are_not_silently_used_for_something_else(project):
    opened = open_project(project.folder)
    with pytest.raises(BadInput, match="--anew"):
        start(opened, Wanted(raters=5))
    files = (project.folder / BETTER, project.folder / WORSE)
    made = start(opened, Wanted(files=files, raters=5, anew=True))
    assert len(made.queue.tasks) == 5
    assert made.queue.models == (BETTER, WORSE)


def test_disputed_items_are_settled_by_one_more_person(project):
    opened = open_project(project.folder)
    with pytest.raises(CannotTell):
        adjudicate(opened)
    let_rate(project, (1.0, 1.0, 0.0))
    started = adjudicate(opened)
    assert list(started.secrets) == ["adjudicator"]
    desk, secret = Desk(project.folder), started.secrets["adjudicator"]
    total = desk.screen(secret).total
    assert total == 8  # a fifth of 40 rows was seen by all three
    while (task := desk.screen(secret).task) is not None:
        good = "left" if task.behind.left == BETTER else "right"
        desk.say(secret, task.id, Preferred(choice=good), seconds=1, comment="")
    account = rating_results(opened)
    text = " ".join(next(c for c in account.chapters if c.title == "Who is preferred?").text)
    assert f"8 settled: {BETTER} 8" in text
    assert account.next_command == "surpass report"


def test_only_one_process_serves_and_the_project_stays_free(project):
    opened = open_project(project.folder)
    with only_desk(opened), pytest.raises(BadMachine), only_desk(opened):
        pass


def test_an_unknown_rater_cannot_be_withdrawn(project):
    with pytest.raises(BadInput, match="rater-1, rater-2, rater-3"):
        withdraw(open_project(project.folder), "rater-9")


def test_label_studio_and_back(project, tmp_path):
    opened, file = open_project(project.folder), tmp_path / "tasks.json"
    export_to(opened, file)
    assert (tmp_path / "tasks.xml").read_text().startswith("<View>")
    tasks = json.loads(file.read_text())
    assert all(name not in file.read_text() for name in (BETTER, WORSE))
    behind = {
        t.id: t.behind for hand in TaskStore(project.folder).queue().tasks.values() for t in hand
    }
    for task in tasks:
        side = "left" if behind[task["data"]["task"]].left == BETTER else "right"
        result = [{"from_name": "comparison", "value": {"selected": side}}]
        task["annotations"] = [{"result": result, "completed_by": 1, "created_at": "2026-03-01"}]
    answers = tmp_path / "export.json"
    answers.write_text(json.dumps(tasks))
    assert import_from(opened, answers).headline.startswith(f"{len(tasks)} new answers")
    assert import_from(opened, answers).headline.startswith("0 new answers")
    assert rating_results(opened).standing == Standing.HOLDS


def test_base_and_tuned_model_are_compared_on_valid_rows_and_no_test_row_is_shown(
    tmp_path, tiny_base
):
    opened = make_project(tmp_path, tiny_base, kind="extract", output="record", count=120)
    seal(opened)
    train(opened, Silent())
    for name in ("zero-shot", "few-shot", "tuned"):
        evaluate(opened, name, "valid", Silent())
    queue = start(opened, Wanted()).queue
    assert queue.models[0] in {"zero-shot", "few-shot"}
    assert queue.models[1] == "tuned"
    valid = set(current_split(opened).valid[columns.ROW])
    tasks = [task for hand in queue.tasks.values() for task in hand]
    assert {task.item for task in tasks if task.purpose == "rate"} <= valid
    assert {task.behind.stratum for task in tasks if task.purpose == "rate"} <= {"chat", "phone"}
    assert opened.ledger.bodies(Opening) == []


def test_two_scales_of_one_name_are_refused(project):
    path = project.folder / "surpass.toml"
    scale = '[[rating.scales]]\nname = "tone"\nquestion = "?"\none = "a"\nthree = "b"\nfive = "c"\n'
    path.write_text(path.read_text() + scale + scale)
    with pytest.raises(BadInput, match="two scales named 'tone'"):
        start(open_project(project.folder), Wanted(anew=True))


def test_a_file_that_answers_a_row_twice_is_refused(project):
    path = project.folder / BETTER
    path.write_text(path.read_text() + "\n" + path.read_text().splitlines()[0])
    wanted = Wanted(files=(path, project.folder / WORSE), anew=True)
    with pytest.raises(BadInput, match="'row0' more than once"):
        start(open_project(project.folder), wanted)


def test_without_answers_on_valid_it_says_what_to_run(tmp_path):
    numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    rows = [f"{one} {other},{other} {one}" for one in numbers for other in numbers]
    (tmp_path / "rows.csv").write_text("text,answer\n" + "\n".join(rows))
    settings = '[task]\nname = "t"\nkind = "generate"\n[data]\ntrain = ["rows.csv"]\n'
    (tmp_path / "surpass.toml").write_text(settings)
    with pytest.raises(Refused, match="surpass evaluate"):
        start(open_project(tmp_path), Wanted())


def test_the_queue_can_be_read_again(project):
    queue = TaskStore(project.folder).queue()
    assert msgspec.json.decode(msgspec.json.encode(queue), type=type(queue)) == queue
