"""The rating pages, request by request."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import msgspec
import pytest
from hostile import HOSTILE

from rated_projects import rated
from surpass.core.records.rating import Behind, Label, Labelled, Pairwise, Scales, Task
from surpass.people.standing import in_force
from surpass.steps.project import open_project
from surpass.steps.rating.desk import Desk
from surpass.steps.rating.start import withdraw
from surpass.store.tasks import TaskStore
from surpass.web.exchange import Request, local_address, with_public
from surpass.web.rating import respond

PORT = 8414
ADDRESS = with_public(local_address(PORT), "https://rate.example.org")
HOST = {"host": f"127.0.0.1:{PORT}"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def get(desk, secret, headers=HOST):
    return respond(desk, ADDRESS, Request("GET", f"/r/{secret}", headers))


def post(desk, secret, fields, headers=HOST):
    body = urlencode(fields).encode()
    return respond(desk, ADDRESS, Request("POST", f"/r/{secret}", headers | FORM, body))


def task_of(page) -> str:
    return re.search(rb'name="task" value="([^"]*)"', page.body)[1].decode()


def answer(desk, secret, choice="left", **more):
    return post(
        desk, secret, {"do": "answer", "task": task_of(get(desk, secret)), "choice": choice} | more
    )


def full(desk, secret):
    """Answer what is on the screen, whatever it asks."""
    task = desk.screen(secret).task
    if isinstance(task.payload, Pairwise):
        return answer(desk, secret)
    scores = {f"scale-{n}": "4" for n, _ in enumerate(task.payload.scales)}
    return post(desk, secret, {"do": "answer", "task": task.id} | scores)


def said(project):
    return [rating.said for rating in in_force(TaskStore(project.folder).ratings()).values()]


def test_a_person_comes_to_the_end_and_every_answer_is_kept(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    total = desk.screen(secret).total
    assert any(
        isinstance(t.payload, Scales) for t in TaskStore(project.folder).queue().tasks["rater-1"]
    )
    for _ in range(total):
        response = full(desk, secret)
        assert (response.status, response.location) == (303, f"/r/{secret}")
    assert b"Thank you" in get(desk, secret).body
    assert len(said(project)) == total


def test_an_answer_is_on_disk_before_it_is_acknowledged(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    for count in (1, 2, 3):
        assert answer(desk, secret).status == 303
        assert len(TaskStore(project.folder).ratings()) == count
        assert Desk(project.folder).screen(secret).done == count  # another process would see it


def test_what_is_sent_twice_is_kept_once(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    fields = {"do": "answer", "task": task_of(get(desk, secret)), "choice": "tie"}
    assert [post(desk, secret, fields).status for _ in range(3)] == [303] * 3
    assert len(TaskStore(project.folder).ratings()) == 1


def test_undo_sent_twice_takes_back_one_answer(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    answer(desk, secret)
    task = task_of(get(desk, secret))
    answer(desk, secret)
    for _ in range(2):
        assert post(desk, secret, {"do": "undo", "task": task}).status == 303
    assert desk.screen(secret).done == 1
    assert desk.screen(secret).task.id == task


def test_a_torn_last_line_is_left_behind_and_cut_off(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    answer(desk, secret)
    path = project.folder / "answers" / "ratings.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    again = Desk(project.folder)
    assert again.screen(secret).done == 1
    answer(again, secret)
    assert len(TaskStore(project.folder).ratings()) == 2


def test_skipping_needs_a_task_and_keeps_the_reason(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    task = task_of(get(desk, secret))
    assert (
        post(desk, secret, {"do": "skip", "task": task, "reason": "", "other": "odd"}).status == 303
    )
    assert [one.reason for one in said(project)] == ["odd"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "answer"},
        {"do": "answer", "task": "TASK"},
        {"do": "answer", "task": "TASK", "choice": "middle"},
        {"do": "answer", "task": "TASK", "label": "x"},
        {"do": "answer", "task": "r2-001", "choice": "left"},  # somebody else's
        {"do": "answer", "task": "../../etc/passwd", "choice": "left"},
        {"do": "drop", "task": "TASK"},
        {str(n): "" for n in range(200)},
    ],
)
def test_what_is_no_answer_changes_nothing(project, fields):
    desk, secret = Desk(project.folder), project.secrets[0]
    task = task_of(get(desk, secret))
    fields = {name: task if value == "TASK" else value for name, value in fields.items()}
    assert post(desk, secret, fields).status == 400
    assert TaskStore(project.folder).ratings() == []


@pytest.mark.parametrize("body", [b"do=answer&task=%ff&choice=left", "do=ä".encode(), b"\x00" * 9])
def test_a_body_that_is_no_text_is_refused(project, body):
    desk, secret = Desk(project.folder), project.secrets[0]
    request = Request("POST", f"/r/{secret}", HOST | FORM, body)
    assert respond(desk, ADDRESS, request).status == 400


def test_json_from_a_foreign_page_is_no_form(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    request = Request("POST", f"/r/{secret}", HOST | {"content-type": "text/plain"}, b"do=undo")
    assert respond(desk, ADDRESS, request).status == 400


@pytest.mark.parametrize("secret", ["", "x", "../queue.json", "rater-1", "%00"])
def test_a_wrong_secret_opens_nothing_and_says_not_why(project, secret):
    desk = Desk(project.folder)
    assert get(desk, secret).status == post(desk, secret, {"do": "undo"}).status == 404
    assert b"question" not in get(desk, secret).body


def test_a_withdrawn_link_is_shut_while_the_server_runs(project):
    desk = Desk(project.folder)
    assert get(desk, project.secrets[0]).status == 200
    assert withdraw(open_project(project.folder), "rater-1") == 1
    assert get(desk, project.secrets[0]).status == 404
    assert get(desk, project.secrets[1]).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "", "localhost.evil.example:8414"]
)
def test_another_host_name_is_turned_away(project, host):
    assert get(Desk(project.folder), project.secrets[0], {"host": host}).status == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": f"http://127.0.0.1:{PORT}"}, 303),
        ({"origin": f"http://localhost:{PORT}"}, 303),
        ({"host": "rate.example.org", "origin": "https://rate.example.org"}, 303),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 303),  # a form without script
        ({}, 303),  # no browser: whoever has the secret
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://rate.example.org"}, 403),
    ],
)
def test_only_our_own_page_may_change_anything(project, headers, status):
    desk, secret = Desk(project.folder), project.secrets[0]
    fields = {"do": "answer", "task": task_of(get(desk, secret)), "choice": "left"}
    assert post(desk, secret, fields, HOST | headers).status == status
    assert len(said(project)) == (status == 303)


def test_the_page_never_names_a_model_nor_the_kind_of_task(project):
    desk = Desk(project.folder)
    for secret in project.secrets:
        for _ in range(desk.screen(secret).total):
            page = get(desk, secret).body.decode().lower()
            for telling in ("model-one", "model-two", "gold", "rater", "purpose", "known"):
                assert telling not in page
            full(desk, secret)


def test_no_comparison_is_told_from_another_by_its_parts(tmp_path):
    """What is asked again and what has a known answer look like all others."""
    project = rated(tmp_path, [f"question {n}" for n in range(12)], raters=1)
    desk, secret = Desk(project.folder), project.secrets[0]
    answer(desk, secret)  # the first page has no undo
    parts = set()
    for purpose in [task.purpose for task in TaskStore(project.folder).queue().tasks["rater-1"]][
        1:
    ]:
        if not isinstance(desk.screen(secret).task.payload, Pairwise):
            break
        parts.add((purpose, tuple(sorted(elements(get(desk, secret))))))
        full(desk, secret)
    assert len({purpose for purpose, _ in parts}) > 1
    assert len({one for _, one in parts}) == 1


class Elements(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, tuple(sorted(name for name, _ in attributes))))


def elements(page) -> set[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(page.body.decode())
    return set(parser.found)


def test_hostile_rows_make_no_elements_and_stay_readable(tmp_path):
    plain = rated(tmp_path / "plain", [f"question {n}" for n in range(len(HOSTILE))])
    hostile = rated(tmp_path / "hostile", [text.replace("\ud800", "?") for text in HOSTILE])
    ours: set[tuple[str, tuple[str, ...]]] = set()
    theirs: set[tuple[str, tuple[str, ...]]] = set()
    for project, seen in ((plain, ours), (hostile, theirs)):
        desk = Desk(project.folder)
        for secret in project.secrets:
            for _ in range(desk.screen(secret).total):
                page = get(desk, secret)
                seen.update(elements(page))
                assert not re.search("[\u202e\u200b\x00-\x08\x1b]", page.body.decode())
                full(desk, secret)
    assert theirs == ours


def test_labels_are_chosen_by_the_same_pages(project):
    store = TaskStore(project.folder)
    label = Task(
        id="r1-001",
        item="row0",
        purpose="rate",
        payload=Label(asked="It is dead.", labels=("bill", "two\r\nlines", "</button>")),
        behind=Behind(),
    )
    store.put_queue(msgspec.structs.replace(store.queue(), tasks={"rater-1": (label,)}))
    desk, secret = Desk(project.folder), project.secrets[0]
    assert b"Which label fits" in get(desk, secret).body
    for number, status in (("3", 400), ("", 400), ("-1", 400), ("1", 303)):
        fields = {"do": "answer", "task": "r1-001", "label": number}
        assert post(desk, secret, fields).status == status
    assert said(project) == [Labelled(label="two\r\nlines")]
    assert b"Thank you" in get(desk, secret).body


def test_a_hostile_comment_is_kept_as_text(project):
    desk, secret = Desk(project.folder), project.secrets[0]
    answer(desk, secret, comment="</script>\x1b[31m " + "x" * 5000, seconds="nan")
    kept = TaskStore(project.folder).ratings()[0]
    assert kept.comment.startswith("</script>\x1b[31m x")
    assert len(kept.comment) == 2000
    assert kept.seconds is None
