"""Keys, feedback and forgetting, against a running server."""

import httpx
import pytest

from gateways import in_a_thread
from small_projects import add_settings
from surpass.core.errors import BadInput, BadMachine, Refused
from surpass.steps.serving.forget import forget
from surpass.steps.serving.keys import KeyWish, add_key, list_keys, revoke_key
from surpass.steps.serving.start import opened
from upstreams import chunk

ADMIN = "0123456789abcdefghijklmnopqrstuvwxyz"
CHAT = {"model": "base", "messages": [{"role": "user", "content": "hello"}]}


def key(project, name="shop", **wish):
    made = add_key(project, KeyWish(name, **wish)).data
    return made.id, {"Authorization": f"Bearer {made.key}"}


def asked(http, headers, body=CHAT, path="/chat/completions"):
    return http.post(path, json=body, headers=headers)


@pytest.fixture
def http(gateway):
    with httpx.Client(base_url=gateway.url) as client:
        yield client


def test_a_key_is_needed_as_soon_as_there_is_one_and_dies_at_once(http, project, gateway):
    assert asked(http, {}).status_code == 200
    identity, headers = key(project)
    assert asked(http, {}).status_code == 401
    assert asked(http, headers).status_code == 200
    assert gateway.gateway.journal.requests()["key"].to_list() == [None, identity]
    revoke_key(project, identity)
    assert asked(http, headers).status_code == 401
    assert "withdrawn" in list_keys(project).chapters[0].tables[0].rows[0][-1]


def test_limits_are_told_and_kept(http, project):
    _, headers = key(project, requests_per_minute=2, tokens_per_minute=1_000_000)
    first = asked(http, headers)
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert asked(http, headers).status_code == 200
    third = asked(http, headers)
    assert third.status_code == 429
    assert third.json()["error"]["type"] == "rate_limit_error"
    assert 0 < float(third.headers["retry-after"]) <= 31


def test_feedback_is_taken_from_the_key_that_asked_once_a_unit(http, project, gateway):
    _, mine = key(project)
    _, another = key(project, "another")
    request = asked(http, mine | {"X-Surpass-Unit": "u1", "X-Surpass-Session": "s1"})
    identity = request.headers["x-request-id"]
    vote = {"request": identity, "name": "helpful", "value": True, "comment": "ask a@example.org"}

    def voted(body, headers):
        return asked(http, headers, body, "/feedback").status_code

    assert voted(vote, another) == voted(vote | {"request": "none"}, mine) == 404
    assert voted(vote | {"unit": "u2"}, mine) == 409
    assert voted(vote | {"unit": "u1"}, mine) == voted(vote, mine) == 200
    (row,) = gateway.gateway.journal.feedback("small").rows(named=True)
    assert (row["unit"], row["value"], row["comment"]) == ("u1", 1.0, "ask <EMAIL_1>")
    assert voted(vote | {"value": 0}, mine) == 200
    assert voted({"session": "s1", "name": "solved", "correction": "the bill"}, mine) == 200
    found = gateway.gateway.journal.feedback("small").rows(named=True)
    assert [(one["name"], one["value"]) for one in found] == [("helpful", 0.0), ("solved", None)]
    for wrong in ({"name": "helpful"}, {"request": identity}, vote | {"name": "Not A Name"},
                  {"request": identity, "name": "x"}, vote | {"session": "s1"}):  # fmt: skip
        assert voted(wrong, mine) == 400


def test_an_operator_forgets_while_the_server_runs(project, monkeypatch):
    monkeypatch.setenv("SURPASS_ADMIN_KEY", ADMIN)
    with in_a_thread(project) as running, httpx.Client(base_url=running.url) as http:
        named = CHAT | {"user": "zz-top-secret-unit"}
        assert asked(http, {}, named).status_code == 200
        assert asked(http, {}, {"unit": "x"}, "/forget").status_code == 401
        with pytest.raises(BadMachine, match="process"):
            forget(project, "zz-top-secret-unit", None)
        headers = {"Authorization": f"Bearer {ADMIN}"}
        deleted = asked(http, headers, {"unit": "zz-top-secret-unit"}, "/forget").json()
        assert deleted == {"feedback": 0, "exposures": 0, "requests": 1}
        files = (project.folder / ".surpass").glob("journal.db*")
        assert not any(b"zz-top-secret-unit" in path.read_bytes() for path in files)
        assert asked(http, {}).status_code == 200
    assert "1 rows are gone" in forget(project, None, 0).headline


@pytest.mark.parametrize(
    ("level", "row"),
    [
        ("none", (None, None, None)),
        ("metadata", ("u1", None, None)),
        ("redacted", ("u1", "I am <EMAIL_1>", "The ")),
        ("full", ("u1", "I am a@example.org", "The ")),
    ],
)
def test_no_more_is_kept_than_the_task_says(level, row, upstream, project):
    upstream.events = [chunk("The "), b"data: [DONE]\n\n"]
    project = add_settings(project.folder, f'[serving]\ncapture = "{level}"\n')
    with in_a_thread(project) as running, httpx.Client(base_url=running.url) as http:
        message = {"role": "user", "content": "I am a@example.org"}
        asked(http, {}, CHAT | {"messages": [message], "user": "u1", "stream": True})
        (kept,) = running.gateway.journal.requests().rows(named=True)
    unit = None if kept["unit"] == kept["request"] else kept["unit"]
    assert (unit, kept["input"], kept["output"]) == row
    assert kept["status"] == "finished"


def test_other_machines_need_a_key_and_a_weak_admin_key_is_refused(project, monkeypatch):
    with pytest.raises(Refused, match="no key"), opened(project, "0.0.0.0"):
        pass
    monkeypatch.setenv("SURPASS_ADMIN_KEY", "sk-1234")
    with pytest.raises(BadInput, match="weak"), opened(project, "127.0.0.1"):
        pass


def test_requests_that_are_too_long_or_from_elsewhere_are_refused(http):
    assert asked(http, {}, CHAT | {"user": "u" * 2_000_000}).status_code == 413
    assert asked(http, {"Host": "evil.example.org"}).status_code == 421
    assert asked(http, {"Origin": "https://evil.example.org"}).status_code == 403
    assert http.post("/chat/completions", content=b"{}").status_code == 415
    assert http.get("/chat/completions").status_code == 405
    assert http.get("/nowhere").json()["error"]["code"] == "not_found"
