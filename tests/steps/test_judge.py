"""A judge beside raters: asked over a real connection, once, and believed as far as people go."""

import re

import numpy as np
import pytest

from endpoints import served
from rated_projects import rated
from small_projects import add_settings
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.judging import JudgeStarted
from surpass.core.records.rating import Pairwise, Preferred
from surpass.steps.judging.start import judge, judge_account
from surpass.steps.project import open_project
from surpass.steps.rating.desk import Desk
from surpass.steps.rating.start import Wanted, rating_results, start
from surpass.store.judged import JudgedStore
from surpass.store.tasks import TaskStore

BETTER, WORSE = "model-two.jsonl", "model-one.jsonl"
SETTINGS = """
[ladder.endpoints.judge]
url = "{url}"
model = "m"
input_price = 1.0
output_price = 2.0
[judge]
endpoint = "judge"
people = "crowd"
"""
SHOWN = re.compile(r"^\[answer A (\w+)\]\n(.*?)\n\[end", re.MULTILINE | re.DOTALL)


def sees(prompt: str, right: float) -> str:
    """A judge that finds the better model's answer in this share of the rows, by their texts."""
    shown = SHOWN.search(prompt)
    row = int(re.search(r"question (\d+)", prompt).group(1))
    found = np.random.default_rng(row).random() < right
    return "A" if shown.group(2).endswith("two") == found else "B"


@pytest.fixture
def server(socket_enabled):
    with served(lambda prompt: sees(prompt, 0.9)) as state:
        yield state


def dealt(folder, server, *, rows: int, items: int):
    """People were dealt some of the rows, all of them three times; nobody has answered yet."""
    found = rated(folder, [f"question {n}" for n in range(rows)], scaled=0)
    toml = found.folder / "surpass.toml"
    text = toml.read_text(encoding="utf-8").replace(
        f"items = {rows}", f"items = {items}\noverlap = 0.99"
    )
    toml.write_text(text + SETTINGS.format(url=server.url), encoding="utf-8")
    started = start(open_project(found.folder), Wanted(files=files_of(found), anew=True))
    return found._replace(secrets=list(started.secrets.values()))


@pytest.fixture
def project(tmp_path, server):
    """52 of 90 rows are dealt: enough labels."""
    return dealt(tmp_path / "p", server, rows=90, items=52)


@pytest.fixture
def small(tmp_path, server):
    """8 of 12 rows are dealt: not enough labels for anything."""
    return dealt(tmp_path / "s", server, rows=12, items=8)


def files_of(project):
    return project.folder / WORSE, project.folder / BETTER


def let_rate(project, right: float) -> None:
    desk = Desk(project.folder)
    for number, secret in enumerate(project.secrets):
        rng = np.random.default_rng(number)
        while (task := desk.screen(secret).task) is not None:
            assert isinstance(task.payload, Pairwise)
            good = task.behind.known or ("left" if task.behind.left == BETTER else "right")
            other = "right" if good == "left" else "left"
            said = Preferred(choice=good if rng.random() < right else other)
            desk.say(secret, task.id, said, seconds=1.0, comment="")


def test_it_is_asked_about_every_row_in_both_orders_and_never_again(small, server):
    opened = open_project(small.folder)
    first = judge(opened, files_of(small), Silent())
    assert len(first.verdicts) == 12
    assert len(server.bodies) == 24
    assert {one.straight for one in first.verdicts} <= {"first", "second"}
    assert all(one.straight == one.swapped for one in first.verdicts)
    assert first.tokens == 24 * 110
    assert first.cost == pytest.approx(24 * 120e-6)
    assert judge(opened, files_of(small), Silent()) == first
    assert len(server.bodies) == 24


def test_a_stopped_judge_goes_on_where_it_was(small, server):
    server.failures += [400]
    opened = open_project(small.folder)
    with pytest.raises(BadInput, match="refuses the request"):
        judge(opened, files_of(small), Silent())
    asked = len(server.bodies)
    judge(opened, files_of(small), Silent())
    assert len(server.bodies) <= 24 + 3  # those under way when it was stopped may be lost
    assert asked < len(server.bodies)
    started = [one for one in JudgedStore(small.folder).lines() if isinstance(one, JudgeStarted)]
    assert len(started) == 1


def test_with_peoples_rows_drawn_first_it_may_decide_and_narrows_the_interval(project):
    opened = open_project(project.folder)
    account = judge_account(opened, files_of(project), Silent())
    assert account.warnings == ()
    let_rate(project, 0.9)
    found = rating_results(opened).data.judge
    assert found.only_reported is None
    assert found.corrected.labels == 52
    assert found.corrected.low < found.corrected.estimate < found.corrected.high
    assert found.naive == pytest.approx(0.9, abs=0.06)
    assert found.agrees.of == 156
    assert found.people_agree.of == 156  # three pairs of three people
    assert found.order.consistent.hits == 90
    assert found.order.first_shown.hits == pytest.approx(90)
    assert found.alt_test.people == 3


def test_a_judge_asked_before_people_were_dealt_their_rows_is_only_reported(small):
    opened = open_project(small.folder)
    judge(opened, files_of(small), Silent())
    toml = small.folder / "surpass.toml"
    toml.write_text(toml.read_text().replace("[rating]", "[rating]\nseed = 1"))
    opened = open_project(small.folder)  # deal again, until the rows for people suit the judge
    again = start(opened, Wanted(files=files_of(small), anew=True))
    account = judge_account(opened, files_of(small), Silent())
    assert "decides nothing" in account.warnings[0]
    let_rate(small._replace(secrets=list(again.secrets.values())), 0.9)
    results = rating_results(opened)
    assert "drawn before" in results.data.judge.only_reported
    chapter = next(one for one in results.chapters if one.title == "What does the judge say?")
    assert "decides nothing" in chapter.text[0]


def test_without_tasks_it_is_asked_and_only_reported(small, server):
    TaskStore(small.folder).home.joinpath("queue.json").unlink()
    account = judge_account(open_project(small.folder), files_of(small), Silent())
    assert "decides nothing" in account.warnings[0]
    assert len(server.bodies) == 24


def test_a_judge_that_takes_what_is_shown_first_prefers_nobody(project, server):
    server.answer = lambda _: "A"
    let_rate(project, 1.0)
    opened = open_project(project.folder)
    judge(opened, files_of(project), Silent())
    found = rating_results(opened).data.judge
    assert (found.naive, found.order.consistent.hits) == (0.5, 0)
    assert found.order.first_shown.hits == found.order.first_shown.of == 180
    assert found.corrected.trust == 0
    assert found.corrected.estimate == 1.0  # what people say, who are all sure
    assert not found.alt_test.omega


def test_what_cannot_be_read_is_counted_and_is_a_tie(small, server):
    server.answer = lambda _: "Both have their merits."
    let_rate(small, 0.9)
    opened = open_project(small.folder)
    account = judge_account(opened, files_of(small), Silent())
    assert "24 replies could not be read" in account.warnings[0]
    found = rating_results(opened).data.judge
    assert (found.order.unreadable, found.naive, found.order.consistent.hits) == (24, 0.5, 0)


def test_fewer_than_fifty_labels_are_too_few(small):
    opened = open_project(small.folder)
    judge(opened, files_of(small), Silent())
    let_rate(small, 0.9)
    found = rating_results(opened).data.judge
    assert found.corrected is None
    assert "8 rows" in found.only_reported


def test_other_answers_than_raters_were_dealt_are_refused(small):
    path = small.folder / BETTER
    path.write_text(path.read_text().replace('two"', 'two!"'))
    with pytest.raises(Refused, match="otherwise than when raters were dealt"):
        judge(open_project(small.folder), files_of(small), Silent())


def test_other_models_than_the_raters_are_refused(small):
    with pytest.raises(BadInput, match="the judge would compare"):
        judge(open_project(small.folder), files_of(small)[::-1], Silent())


def test_another_rubric_is_another_judge(small, server):
    opened = open_project(small.folder)
    before = judge(opened, files_of(small), Silent())
    (small.folder / "RUBRIC.md").write_text("Prefer the one with the number.")
    opened = add_settings(small.folder, 'rubric = "RUBRIC.md"\n')
    after = judge(opened, files_of(small), Silent())
    assert before.rubric != after.rubric
    assert before.judge != after.judge
    assert server.bodies[-1]["messages"][0]["content"].startswith("Prefer the one")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('rubric = "none.md"\n', "cannot be read"),
        ('rubric = "empty.md"\n', "is empty"),
    ],
)
def test_a_rubric_that_is_not_there_or_empty_is_named(small, more, told):
    (small.folder / "empty.md").write_text(" \n")
    with pytest.raises(BadInput, match=told):
        judge(add_settings(small.folder, more), files_of(small), Silent())


def test_without_a_judge_or_its_endpoint_it_says_what_to_write(small):
    toml = small.folder / "surpass.toml"
    text = toml.read_text()
    toml.write_text(text.replace('endpoint = "judge"', 'endpoint = "nobody"'))
    with pytest.raises(BadInput, match="no endpoint `nobody`"):
        judge(open_project(small.folder), files_of(small), Silent())
    toml.write_text(text[: text.index("[judge]")])
    with pytest.raises(BadInput, match="No judge is named"):
        judge(open_project(small.folder), files_of(small), Silent())


def test_what_is_kept_holds_no_text_of_any_row(small):
    judge(open_project(small.folder), files_of(small), Silent())
    assert b"question" not in (small.folder / "answers" / "judged.jsonl").read_bytes()


def test_a_line_that_is_none_of_ours_is_named(small):
    path = small.folder / "answers" / "judged.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"line": "said"}\n')
    with pytest.raises(BadInput, match=r"judged\.jsonl:1"):
        judge(open_project(small.folder), files_of(small), Silent())
