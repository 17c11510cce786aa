"""A round trip with the real Label Studio: two people, thirty rows, there and back."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from peers import peer
from small_projects import make_project, rows, write_rows
from surpass.core import columns
from surpass.steps.dataset import current_dataset
from surpass.steps.labelling.exchange import pull, push
from surpass.steps.labelling.rows import Wanted
from surpass.steps.project import open_project
from surpass.store.annotations import Annotations, in_force

LEGACY = "0123456789abcdef0123456789abcdef01234567"
START_SECONDS = 900  # its first start makes a database: 49 s on an idle machine
LABELS = ("bill", "move", "outage")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


class Server(NamedTuple):
    """A running Label Studio with its owner's token."""

    url: str

    def call(self, method: str, path: str, body: object = None, key: str = f"Token {LEGACY}"):
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def personal_token(self, email: str) -> str:
        """Sign a new person up through the owner's invitation; their personal access token."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar := CookieJar()))
        page = self.url + self.call("GET", "/api/invite")["invite_url"]
        with opener.open(page, timeout=120) as answer:
            mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        form = {"email": email, "password": "pass-word-12", "allow_newsletters": "false"}
        filled = urlencode(form | {"csrfmiddlewaretoken": mark[1]}).encode()
        with opener.open(urllib.request.Request(page, filled, {"Referer": page}), timeout=120):
            cookies = {cookie.name: cookie.value for cookie in jar}
        headers = {"Content-Type": "application/json", "Referer": self.url}
        headers |= {"X-CSRFToken": cookies["csrftoken"]}
        asked = urllib.request.Request(self.url + "/api/token/", b"{}", headers)
        with opener.open(asked, timeout=120) as answer:
            return json.load(answer)["token"]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    program, home = peer("label-studio") / "label-studio", tmp_path_factory.mktemp("label-studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"HOME": str(home), "LABEL_STUDIO_BASE_DATA_DIR": str(home), "SENTRY_DSN": ""}
    environment |= {"COLLECT_ANALYTICS": "False", "LATEST_VERSION_CHECK": "False"}
    with (home / "log.txt").open("wb") as log:
        running = subprocess.Popen(
            [
                *(str(program), "start", "--no-browser", "--internal-host", "127.0.0.1"),
                *("-p", str(port), "--data-dir", str(home), "--enable-legacy-api-token"),
                *("--username", "owner@example.com", "--password", "owner-pass-word"),
                *("--user-token", LEGACY),
            ],
            env=os.environ | environment | {"FRONTEND_SENTRY_DSN": ""},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        found = Server(f"http://127.0.0.1:{port}")
        wait_until_up(found.url, running, home / "log.txt")
        yield found
    finally:
        running.terminate()
        running.wait(60)


def wait_until_up(url: str, running: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert running.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with urllib.request.urlopen(url + "/health", timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.5)  # the condition is polled
    pytest.fail(log.read_text(errors="replace")[-2000:])


@pytest.fixture
def project(socket_enabled, tmp_path, tiny_base, server, monkeypatch):
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    return make_project(tmp_path, tiny_base, count=30)


def label_all(server: Server, number: int, key: str, shift: int) -> list[dict]:
    """One person's work: labels by turns, the first row skipped, the second rejected."""
    made = []
    asked = server.call("GET", f"/api/tasks?project={number}&page_size=100&fields=all")
    for place, task in enumerate(asked["tasks"]):
        label = {"choices": [LABELS[(place + shift) % 3]]}
        result = [{"from_name": "label", "to_name": "text", "type": "choices", "value": label}]
        body: dict[str, object] = {"result": result, "lead_time": 3.5}
        if place == 0:
            body = {"result": [], "was_cancelled": True}
        if place == 1:
            said = {"from_name": "verdict", "value": {"choices": ["reject"]}}
            body = {"result": [said | {"to_name": "text", "type": "choices"}]}
        made.append(server.call("POST", f"/api/tasks/{task['id']}/annotations/", body, key))
    return made


class Labelled(NamedTuple):
    """A project there with all that two people said."""

    number: int
    names: list[str]  # of the rows, in the order of the tasks
    first: list[dict]  # the owner's annotations


def test_thirty_rows_by_two_people_there_and_back(project, server, monkeypatch):
    done = labelled(project, server, monkeypatch)
    taken = pull(project, None, done.number)
    assert taken.headline.startswith("60 new answers of 2 annotators")
    assert "56 answered" in taken.headline
    assert pull(project, None, done.number).headline.startswith("0 new answers")
    kept = Annotations(project.folder).all()
    assert {one.row for one in kept} == set(done.names)
    assert {one.verdict for one in kept if one.row == done.names[0]} == {"skipped"}
    assert {one.verdict for one in kept if one.row == done.names[1]} == {"rejected"}
    assert owners(kept, done)[2:] == [LABELS[place % 3] for place in range(2, 30)]

    result = done.first[2]["result"]
    result[0]["value"] = {"choices": [LABELS[0]]}  # it was LABELS[2]
    server.call("PATCH", f"/api/annotations/{done.first[2]['id']}/", {"result": result})
    assert pull(project, None, done.number).headline.startswith("1 new answer of 2 annotators")
    assert owners(in_force(Annotations(project.folder).all()), done)[2] == LABELS[0]

    changed = rows(30)
    changed[5]["text"] = "this row was written anew"
    write_rows(project.folder / "rows.csv", changed)
    opened = open_project(project.folder)
    assert any("2 answers are stale" in line for line in pull(opened, None, done.number).text)
    again = push(opened, None, done.number, Wanted(), people=2)
    assert again.headline.startswith("1 row put")


def labelled(project, server: Server, monkeypatch) -> Labelled:
    """Push with the owner's legacy token, label as two people, leave with a personal token."""
    personal = server.personal_token("ann@example.com")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    number = number_in(push(project, None, None, Wanted(), people=2).headline)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", personal)
    assert push(project, None, number, Wanted(), people=2).headline.startswith("0 rows put")
    access = server.call("POST", "/api/token/refresh", {"refresh": personal})["access"]
    first = label_all(server, number, f"Token {LEGACY}", 0)
    label_all(server, number, f"Bearer {access}", 1)
    return Labelled(number, current_dataset(project).train[columns.ROW].to_list(), first)


def owners(annotations: list, done: Labelled) -> list[str | None]:
    """What the owner said, in the order of the rows."""
    by = f"label-studio-{done.first[0]['completed_by']}"
    said = {one.row: one.value for one in annotations if one.by == by}
    return [said[name] for name in done.names]


def number_in(headline: str) -> int:
    return int(re.search(r"project (\d+)", headline)[1])


@pytest.mark.parametrize(("kind", "output"), [("extract", "record"), ("generate", "record")])
def test_it_takes_every_interface_and_proposal(project, server, monkeypatch, kind, output):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    queue = project.folder / "queue.jsonl"
    queue.write_text(
        '{"id": "n1", "text": "<b>hello</b>", "answer": "{\\"topic\\": \\"bill\\"}"}\n'
    )
    settings = (project.folder / "surpass.toml").read_text()
    settings = settings.replace('"classify"', f'"{kind}"').replace('"label"', f'"{output}"')
    (project.folder / "surpass.toml").write_text(settings)
    opened, wanted = open_project(project.folder), Wanted(rows=queue, predictions=queue)
    number = int(
        re.search(r"project (\d+)", push(opened, None, None, wanted, people=1).headline)[1]
    )
    [task] = server.call("GET", f"/api/tasks?project={number}&page_size=100&fields=all")["tasks"]
    result = task["predictions"][0]["result"] if kind == "extract" else [
        {"from_name": "verdict", "to_name": "text", "type": "choices",
         "value": {"choices": ["accept"]}}
    ]  # fmt: skip
    server.call("POST", f"/api/tasks/{task['id']}/annotations/", {"result": result})
    assert pull(opened, None, number).headline.endswith("1 accepted.")
    [one] = Annotations(opened.folder).all()
    assert json.loads(one.value) == {"topic": "bill"}
