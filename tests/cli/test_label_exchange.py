"""surpass label export, import, push and pull from the command line."""

import json

import pytest

from label_studio_server import LEGACY, PERSONAL, chosen, label_studio
from small_projects import make_project


@pytest.fixture
def folder(tmp_path, tiny_base):
    return make_project(tmp_path / "project", tiny_base, count=30).folder


@pytest.fixture
def server(socket_enabled, monkeypatch):
    with label_studio() as running:
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", PERSONAL)
        yield running


def test_rows_go_to_a_file_and_come_back_labelled(surpass, folder, tmp_path):
    file = tmp_path / "tasks.json"
    status, said, _ = surpass("label", "export", file, folder, "--to", "label-studio", "--json")
    assert status == 0
    assert json.loads(said)["headline"].startswith("30 rows written")
    assert (tmp_path / "tasks.xml").read_text().startswith("<View>")
    tasks = json.loads(file.read_text())
    tasks[0]["annotations"] = [{"id": 1, "completed_by": 1, "result": chosen("bill")}]
    file.write_text(json.dumps(tasks))
    status, said, _ = surpass("label", "import", file, folder)
    assert status == 0
    assert "1 new answer of 1 annotator taken in: 1 answered." in said
    assert len((folder / "answers" / "annotations.jsonl").read_text().splitlines()) == 1


def test_rows_go_to_a_server_and_come_back_labelled(surpass, folder, server):
    status, said, _ = surpass("label", "push", folder, "--url", server.url, "--people", "2")
    assert status == 0
    assert "surpass label pull" in said
    server.say(1, 3, 1, chosen("move"))
    status, said, _ = surpass("label", "pull", folder, "--url", server.url, "--project", "1")
    assert status == 0
    assert "1 new answer" in said
    assert {key for path, key in server.keys if path != "/api/token/refresh"} == {
        "Bearer access-1",
        "Bearer access-2",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("push", "--url", "http://127.0.0.1:1"),
        ("pull", "--url", "http://127.0.0.1:1", "--project", "1"),
        ("pull", "--url", "file:///etc", "--project", "1"),
        ("pull", "--project", "1"),
        ("export", "tasks.json", "--to", "excel"),
        ("export", "tasks.json"),
        ("import", "nowhere.json"),
    ],
)
def test_what_is_in_the_way_is_said_without_the_token(
    surpass, folder, socket_enabled, monkeypatch, words
):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
    monkeypatch.chdir(folder)
    status, out, err = surpass("label", *words)
    assert status == 3
    assert LEGACY not in out + err
    assert not (folder / ".surpass" / "crash.txt").exists()
