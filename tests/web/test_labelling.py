"""The labelling pages, request by request."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from hostile import HOSTILE

from labelled_projects import answer_all, labelling, some_answer
from surpass.core.digest import digest_text
from surpass.show.rating_page import place_in, readable
from surpass.store.annotations import Annotations, in_force
from surpass.web.exchange import Request, local_address
from surpass.web.rating import respond

PORT = 8415
ADDRESS = local_address(PORT)
HOST = {"host": f"127.0.0.1:{PORT}"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TEXTS = [f"Mara of Fenn & Moor wrote {number} times" for number in range(6)]
FORMS = ("label", "record", "spans", "draft")
ANSWERS = {
    "label": {"label": "1"},
    "record": {"field-0": "0", "field-1": "the attic"},
    "spans": {"words-0": "Fenn & Moor", "kind-0": "0", "words-2": "Mara", "kind-2": "1"},
    "draft": {"text": "We are on our way.\r\nFenn", "act": "save"},
}
KEPT = {
    "label": "move",
    "record": '{"topic":"bill","place":"the attic"}',
    "spans": '[{"type":"PER","start":0,"end":4,"text":"Mara"},'
    '{"type":"ORG","start":8,"end":19,"text":"Fenn & Moor"}]',
    "draft": "We are on our way.\nFenn",
}


def get(desk, secret):
    return respond(desk, ADDRESS, Request("GET", f"/r/{secret}", HOST))


def post(desk, secret, fields):
    body = urlencode(fields).encode()
    return respond(desk, ADDRESS, Request("POST", f"/r/{secret}", HOST | FORM, body))


def task_of(page) -> str:
    return re.search(rb'name="task" value="([^"]*)"', page.body)[1].decode()


def answer(desk, secret, fields):
    """What a form with these fields is answered with."""
    task = task_of(get(desk, secret))
    return post(desk, secret, {"do": "answer", "task": task} | fields)


def kept(labelled) -> list:
    return Annotations(labelled.folder).all()


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_is_kept_as_the_data_hold_it_with_the_digest_of_what_was_read(tmp_path, form):
    labelled = labelling(tmp_path, TEXTS, form)
    desk, secret = labelled.desk, labelled.secrets[0]
    seen = desk.screen(secret).task
    assert answer(desk, secret, ANSWERS[form]).status == 303
    (one,) = kept(labelled)
    assert (one.value, one.verdict, one.by, one.saw) == (
        KEPT[form],
        "answered",
        "annotator-1",
        False,
    )
    assert (one.row, one.digest) == (seen.item, digest_text(seen.payload.asked))
    assert labelled.desk.screen(secret).done == 1  # another process would see it


@pytest.mark.parametrize("form", FORMS)
def test_an_annotator_comes_to_the_end_by_the_page_alone(tmp_path, form):
    labelled = labelling(tmp_path, TEXTS, form, overlap=1.0)
    desk, secret = labelled.desk, labelled.secrets[0]
    for count in range(1, 7):
        answer(desk, secret, ANSWERS[form])
        assert len(kept(labelled)) == count
    assert b"Thank you" in get(desk, secret).body
    assert post(desk, secret, {"do": "undo", "task": last_task(get(desk, secret))}).status == 303
    assert b"5 of 6" in get(desk, secret).body


def last_task(page) -> str:
    return re.findall(rb'name="task" value="([^"]*)"', page.body)[-1].decode()


def test_what_is_sent_twice_is_kept_once_and_undo_takes_back_one(tmp_path):
    labelled = labelling(tmp_path, TEXTS, overlap=1.0)
    desk, secret = labelled.desk, labelled.secrets[0]
    fields = {"do": "answer", "task": task_of(get(desk, secret)), "label": "2"}
    assert [post(desk, secret, fields).status for _ in range(3)] == [303] * 3
    assert len(kept(labelled)) == 1
    answer(desk, secret, {"label": "0"})
    undo = {"do": "undo", "task": last_task(get(desk, secret))}
    for _ in range(2):
        assert post(desk, secret, undo).status == 303
    assert desk.screen(secret).done == 1
    assert [one.verdict for one in in_force(kept(labelled))] == ["answered"]
    assert labelled.desk.screen(secret).task.id == undo["task"]


def test_annotators_never_see_what_another_said_nor_what_the_data_say(tmp_path):
    labelled = labelling(tmp_path, TEXTS, overlap=1.0)
    blank = get(labelled.desk, labelled.secrets[1]).body
    answer_all(labelled, 0, some_answer)
    assert get(labelled.desk, labelled.secrets[1]).body == blank
    for telling in (b"annotator", b"random", b"stratum", b"row0"):
        assert telling not in blank


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("label", {}),
        ("label", {"label": "9"}),
        ("label", {"label": "bill"}),
        ("record", {"field-0": "7"}),
        ("record", {"field-0": "bill"}),
        ("spans", {"words-0": "Mara"}),
        ("spans", {"words-0": "Mara", "kind-0": "PER"}),
        ("spans", {"words-0": "nobody wrote this", "kind-0": "0"}),
        ("spans", {"words-0": "Mara", "kind-0": "0", "words-1": "Mara", "kind-1": "0"}),
        ("draft", {"text": " \r\n", "act": "save"}),
        ("draft", {"text": "", "act": "else"}),
    ],
)
def test_what_is_no_answer_changes_nothing_and_says_why(tmp_path, form, fields):
    labelled = labelling(tmp_path, TEXTS, form)
    response = answer(labelled.desk, labelled.secrets[0], fields)
    assert response.status == 400
    assert b"Not saved" in response.body
    assert kept(labelled) == []


def test_an_answer_that_is_there_is_accepted_mended_or_rejected(tmp_path):
    labelled = labelling(tmp_path, TEXTS, "draft", annotators=1)
    desk, secret = labelled.desk, labelled.secrets[0]
    before = desk.screen(secret).task.payload.text
    for fields in ({"act": "accept", "text": "ignored"}, {"act": "save", "text": "mine"}):
        answer(desk, secret, fields)
    answer(desk, secret, {"act": "reject"})
    assert [one.verdict for one in kept(labelled)] == ["accepted", "answered", "rejected"]
    assert [one.value for one in kept(labelled)] == [before, "mine", None]


def test_a_text_of_hidden_characters_that_was_not_touched_stays_as_it_was(tmp_path):
    labelled = labelling(tmp_path, ["a\u202eb\r\nc\td"], "draft")
    desk, secret = labelled.desk, labelled.secrets[0]
    before = desk.screen(secret).task.payload.text
    shown = readable(before).replace("\n", "\r\n")  # as a browser sends it
    answer(desk, secret, {"act": "save", "text": shown})
    assert kept(labelled)[0].value == before


def test_words_are_marked_where_the_page_says_else_where_they_first_stand(tmp_path):
    labelled = labelling(tmp_path, ["on \u200b and on and on"], "spans")
    desk, secret = labelled.desk, labelled.secrets[0]
    shown = readable(desk.screen(secret).task.payload.asked)
    last = shown.rindex("on")
    named = {"words-0": "on", "kind-0": "0", "start-0": str(last), "end-0": str(last + 2)}
    answer(desk, secret, named | {"words-1": "on", "kind-1": "0"})
    spans = json.loads(kept(labelled)[0].value)
    assert [(one["start"], one["text"]) for one in spans] == [(0, "on"), (16, "on")]


@pytest.mark.parametrize("text", [*HOSTILE, "a\r", "\r\n", "\u200d", "x\u200cy", ""])
def test_every_place_of_a_shown_text_leads_back(text):
    shown = readable(text)
    places = [place_in(text, place) for place in range(len(shown) + 1)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(text))


class Elements(HTMLParser):
    """Every element with the names of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, tuple[str, ...]]] = set()

    def handle_starttag(self, tag, attributes):
        self.found.add((tag, tuple(sorted(name for name, _ in attributes))))


def elements(page) -> set[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(page.body.decode())
    return parser.found


@pytest.mark.parametrize("form", FORMS)
def test_hostile_rows_make_no_elements_and_stay_readable(tmp_path, form):
    seen = {}
    texts = [text.replace("\ud800", "?") for text in HOSTILE]
    for name, lines in (("plain", [f"plain {n}" for n in range(len(texts))]), ("hostile", texts)):
        labelled = with_guideline(tmp_path / name, lines, form)
        desk, secret = labelled.desk, labelled.secrets[0]
        seen[name] = set()
        while (task := desk.screen(secret).task) is not None:
            page = get(desk, secret)
            seen[name] |= elements(page)
            assert not re.search("[\u202e\u200b\x00-\x08\x1b]", page.body.decode())
            desk.say(secret, task.id, some_answer(task), seconds=None, comment="")
    assert seen["hostile"] == seen["plain"]


def with_guideline(folder, texts, form):
    """A project whose rows, labels and guideline are these texts."""
    folder.mkdir()
    (folder / "GUIDE.md").write_text("\n".join(texts), encoding="utf-8")
    labels = tuple(texts) if form == "label" else ()
    more = 'guideline = "GUIDE.md"'
    return labelling(folder, texts, form, annotators=1, labels=labels, more=more)
