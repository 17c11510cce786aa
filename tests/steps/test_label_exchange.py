"""surpass label export, import, push and pull on a project, against a stand-in of Label Studio."""

import json

import pytest

from label_studio_server import LEGACY, as_file, chosen, label_studio
from small_projects import make_project, rows, write_rows
from surpass.core import columns
from surpass.core.errors import BadInput, BadMachine
from surpass.steps.dataset import current_dataset
from surpass.steps.labelling.exchange import export_to, import_from, pull, push
from surpass.steps.labelling.rows import Wanted
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.store.annotations import Annotations

ALL = Wanted()


@pytest.fixture
def project(tmp_path, tiny_base):
    return make_project(tmp_path / "project", tiny_base, count=30)


@pytest.fixture
def server(socket_enabled, monkeypatch):
    with label_studio() as running:
        monkeypatch.setenv("LABEL_STUDIO_URL", running.url)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
        yield running


def exported(project, file, wanted=ALL) -> list[dict]:
    export_to(project, file, "label-studio", wanted)
    return json.loads(file.read_text())


def kept(project):
    return Annotations(project.folder).all()


def test_rows_go_to_a_server_once_and_answers_come_back_once(project, server):
    assert "30 rows put into project 1" in push(project, None, None, ALL, people=2).headline
    again = push(project, server.url, 1, ALL, people=2)
    assert again.headline.startswith("0 rows put")
    assert again.text == ("30 rows were there already.",)
    for place in range(30):
        for person in (1, 2):
            server.say(1, place, person, chosen(["bill", "move"][place % 2]))
    assert pull(project, None, 1).headline.startswith("60 new answers of 2 annotators")
    assert pull(project, None, 1).headline.startswith("0 new answers of 2 annotators")
    assert len(kept(project)) == 60


def test_an_edit_there_replaces_the_answer_and_an_older_export_does_not_bring_it_back(
    project, server, tmp_path
):
    push(project, None, None, ALL, people=1)
    server.say(1, 0, 1, chosen("bill"))
    older = tmp_path / "older.json"
    older.write_text(as_file(server.tasks[1]))
    said = server.tasks[1][0]["annotations"][0]
    said |= {"result": chosen("move"), "updated_at": "2026-04-01T00:00:00.000000Z"}
    pull(project, None, 1)
    assert import_from(project, older).headline.startswith("0 new answers")
    assert [one.value for one in kept(project)] == ["move"]


def test_an_answer_to_a_row_that_changed_since_is_kept_and_called_stale(project, server):
    push(project, None, None, ALL, people=1)
    server.say(1, 0, 1, chosen("bill"))
    changed = rows(30)
    changed[0]["text"] = "quite another text"
    write_rows(project.folder / "rows.csv", changed)
    account = pull(open_project(project.folder), None, 1)
    assert any("1 answer is stale" in line for line in account.text)
    assert len(kept(project)) == 1
    again = push(open_project(project.folder), None, 1, ALL, people=1)
    assert again.headline.startswith("1 row put")


def test_a_project_there_with_another_interface_is_refused(project, server):
    push(project, None, None, ALL, people=1)
    server.configurations[1] = server.configurations[1].replace('"move"', '"sell"')
    with pytest.raises(BadInput, match="project 1 lacks 'move'"):
        push(project, None, 1, ALL, people=1)


def test_a_push_that_broke_off_says_with_which_project_to_go_on(project, server):
    server.refusals = [0, 500]
    with pytest.raises(BadMachine, match="database is locked") as told:
        push(project, None, None, ALL, people=1)
    assert "--project 1" in told.value.fix
    assert push(project, None, 1, ALL, people=1).headline.startswith("30 rows put")


def test_nobody_cannot_label(project, server):
    with pytest.raises(BadInput, match="0 people"):
        push(project, None, None, ALL, people=0)
    assert server.keys == []


@pytest.mark.parametrize("missing", ["LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"])
def test_address_and_token_are_the_operators_to_give(project, monkeypatch, missing):
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    monkeypatch.delenv(missing)
    with pytest.raises(BadInput, match=missing):
        pull(project, None, 1)


def test_prodigy_and_back(project, tmp_path):
    file = tmp_path / "tasks.jsonl"
    export_to(project, file, "prodigy", ALL)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    answered = [
        line | {"accept": ["bill"], "answer": "accept", "_timestamp": 1772323200, "_task_hash": n}
        for n, line in enumerate(lines)
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in answered))
    assert import_from(project, file).headline.startswith("30 new answers of 1 annotator")
    assert import_from(project, file).headline.startswith("0 new answers")


def test_no_test_row_leaves_once_it_is_sealed(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=120)
    seal(project)
    split = current_split(project)
    open_rows = set(split.train[columns.ROW]) | set(split.valid[columns.ROW])
    assert {task["data"]["row"] for task in exported(project, tmp_path / "t.json")} == open_rows
    hidden = next(r for r in current_dataset(project).train[columns.ROW] if r not in open_rows)
    (tmp_path / "ids.txt").write_text(hidden)
    with pytest.raises(BadInput, match="cannot be labelled"):
        exported(project, tmp_path / "t.json", Wanted(rows=tmp_path / "ids.txt"))
    around = Wanted(rows=project.folder / "rows.csv")
    said = export_to(project, tmp_path / "t.json", "label-studio", around).text
    assert f"{split.sides.test_rows} rows are sealed as test and stay here." in said
    closed = set(current_dataset(project).train[columns.INPUT]) - {
        *split.train[columns.INPUT],
        *split.valid[columns.INPUT],
    }
    assert not {t["data"]["text"] for t in exported(project, tmp_path / "t.json", around)} & closed


def test_a_queue_is_no_way_around_for_a_models_answer(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=120)
    train = set(current_split(project).train[columns.INPUT])
    queue = tmp_path / "queue.jsonl"
    every = [
        {"id": f"n{n}", "text": row["text"].upper() + " ", "answer": "bill"}
        for n, row in enumerate(rows(120))
    ]
    queue.write_text("".join(json.dumps(line) + "\n" for line in every))
    tasks = exported(project, tmp_path / "t.json", Wanted(rows=queue, predictions=queue))
    shown = {t["data"]["text"].strip().lower() for t in tasks if t["predictions"]}
    assert 0 < len(shown) < 120
    assert shown <= train


def test_a_models_answer_is_proposed_for_training_rows_only(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=120)
    every = current_dataset(project).train[columns.ROW].to_list()
    answers = tmp_path / "answers.jsonl"
    answers.write_text("".join(json.dumps({"id": r, "answer": "bill"}) + "\n" for r in every))
    wanted = Wanted(predictions=answers)
    before = export_to(project, tmp_path / "t.json", "label-studio", wanted)
    assert "For 120 rows that may judge a model" in " ".join(before.text)
    train = set(current_split(project).train[columns.ROW])
    tasks = exported(project, tmp_path / "t.json", wanted)
    assert {t["data"]["row"] for t in tasks if t["predictions"]} == train


def test_a_proposal_that_the_form_cannot_show_is_left_out_and_said(project, tmp_path):
    queue = tmp_path / "queue.jsonl"
    lines = [{"id": f"n{n}", "text": f"t {n}", "answer": a} for n, a in enumerate(["move", "sell"])]
    queue.write_text("".join(json.dumps(line) + "\n" for line in lines))
    wanted = Wanted(rows=queue, predictions=queue)
    account = export_to(project, tmp_path / "t.json", "label-studio", wanted)
    assert "1 proposed answer does not fit the form and cannot be shown." in account.text
    tasks = json.loads((tmp_path / "t.json").read_text())
    assert [bool(task["predictions"]) for task in tasks] == [True, False]


def test_a_queue_of_new_rows_is_labelled_under_its_own_names(project, tmp_path):
    queue = tmp_path / "queue.jsonl"
    lines = [{"id": f"pool:{n}", "text": f"new text {n}", "answer": "move"} for n in range(3)]
    queue.write_text("".join(json.dumps(line) + "\n" for line in lines))
    tasks = exported(project, tmp_path / "t.json", Wanted(rows=queue, predictions=queue))
    assert [task["data"]["row"] for task in tasks] == ["pool:0", "pool:1", "pool:2"]
    assert all(task["predictions"] for task in tasks)
    for task in tasks:
        task["annotations"] = [{"id": 1, "completed_by": 1, "result": chosen("bill")}]
    (tmp_path / "export.json").write_text(as_file(tasks))
    account = import_from(project, tmp_path / "export.json")
    assert account.headline.startswith("3 new answers")
    assert "3 answers are about rows that [data] does not have" in " ".join(account.text)


def test_the_rows_of_a_finding_are_sent(project, tmp_path):
    twice = [*rows(30), rows(30)[0] | {"label": "other"}]
    write_rows(project.folder / "rows.csv", twice)
    opened = open_project(project.folder)
    tasks = exported(opened, tmp_path / "t.json", Wanted(check="contradictions"))
    assert {task["data"]["row"] for task in tasks} == {"rows:2", "rows:32"}
    with pytest.raises(BadInput, match="No check 'contradiction' ran"):
        exported(opened, tmp_path / "t.json", Wanted(check="contradiction"))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("q.txt", b"", "no row to label"),
        ("q.txt", b"rows:999", "cannot be labelled"),
        ("q.txt", b"\xff\xfe\x00", "cannot be read"),
        ("q.csv", b"words\nhello\n", "no column 'text'"),
        ("q.csv", b"id,text\na,x\na,y\n", "without an id of their own"),
        ("missing.csv", None, "missing.csv"),
    ],
)
def test_what_names_no_rows_is_refused(project, tmp_path, name, content, match):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=match):
        exported(project, tmp_path / "t.json", Wanted(rows=tmp_path / name))


@pytest.mark.parametrize("content", [b"", b" \n", b"[", b"[{}]", b"{}", b"\x00"])
def test_what_is_no_export_is_refused(project, tmp_path, content):
    file = tmp_path / "export.json"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"export\.json"):
        import_from(project, file)
    assert kept(project) == []
