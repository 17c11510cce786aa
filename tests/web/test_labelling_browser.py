"""People label in real browsers, by keys and by thumb; the server is killed and comes back."""

import json

import pytest
from hostile import HOSTILE

from browsers import DESK, OVERFLOW, PHONE, Serving, done, wait_for
from labelled_projects import labelling
from surpass.store.annotations import Annotations, in_force
from surpass.store.tasks import TaskStore

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

TEXTS = [f"Mara of Fenn & Moor wrote {number} times since Monday" for number in range(6)]
FORMS = ("label", "record", "spans", "draft")


def by_keyboard(page) -> None:
    """Answer what is on the screen with keys only."""
    before = done(page)
    match page.locator("main").get_attribute("data-kind"):
        case "label":
            page.keyboard.press("2")
        case "record":
            page.keyboard.press("Tab")  # to the first field's choices
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Tab")
            page.keyboard.type("the attic 2")
            page.keyboard.press("Enter")
        case "spans":
            page.locator("[name=words-0]").focus()
            page.keyboard.type("Fenn & Moor")
            page.keyboard.press("Tab")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Escape")
            page.keyboard.press("Enter")
        case _:
            page.keyboard.press("e")
            page.keyboard.press("End")
            page.keyboard.type(" a, x and s are no keys here")
            page.keyboard.press("Control+Enter")
    wait_for(page, before + 1)


def by_thumb(page) -> None:
    """The same with taps only, as far as a phone's keyboard is not needed."""
    before = done(page)
    match page.locator("main").get_attribute("data-kind"):
        case "label":
            page.locator(".choices button").nth(before % 3).tap()
        case "record":
            page.locator(".chips label").nth(2).tap()
            page.locator("[data-enter]").tap()
        case "spans":
            page.locator("[data-enter]").tap()  # nothing is marked: that is an answer too
        case _:
            page.get_by_role("button", name="Accept").tap()
    wait_for(page, before + 1)


@pytest.mark.parametrize("form", FORMS)
def test_two_people_at_once_and_a_server_killed_in_the_middle(browser, tmp_path, port, form):
    labelled = labelling(tmp_path, TEXTS, form, overlap=1.0)
    serving = Serving("label", tmp_path, port)
    said, pages = [], []
    try:
        for secret, look, act in zip(
            labelled.secrets, (DESK, PHONE), (by_keyboard, by_thumb), strict=True
        ):
            page = browser.new_context(**look).new_page()
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"http://127.0.0.1:{port}/r/{secret}")
            pages.append((page, act))
        for _ in range(2):
            for page, act in pages:
                act(page)

        serving.kill()
        for page, _ in pages:  # each skips a row while nobody listens
            page.locator(".skip summary").click()
            page.get_by_role("button", name="More than one answer fits").click()
            page.locator(".status", has_text="Not saved yet").wait_for()
        assert len(Annotations(tmp_path).all()) == 4
        serving = Serving("label", tmp_path, port)
        for page, _ in pages:  # and the page sends it until it is heard
            wait_for(page, 3)
        assert len(Annotations(tmp_path).all()) == 6

        while left := [(p, act) for p, act in pages if p.locator(".finished").count() == 0]:
            for page, act in left:
                assert page.evaluate(OVERFLOW) == 0
                act(page)
    finally:
        serving.kill()
    kept = in_force(Annotations(tmp_path).all())
    tasks = TaskStore(tmp_path, "label").queue().tasks
    asked = {(person, task.item) for person, hand in tasks.items() for task in hand}
    assert {(one.by, one.row) for one in kept} == asked
    verdicts = [one.verdict for one in kept if one.by == "annotator-1"]
    assert (verdicts.count("skipped"), verdicts.count("answered")) == (1, 5)
    assert said == []


def test_selected_words_are_marked_at_their_place(browser, tmp_path, port):
    labelled = labelling(tmp_path, ["\U0001f600 on \u200b and on"] * 2, "spans")
    serving = Serving("label", tmp_path, port)
    try:
        page = browser.new_page(**DESK)
        page.goto(f"http://127.0.0.1:{port}/r/{labelled.secrets[0]}")
        page.evaluate(
            "() => { const text = document.querySelector('.asked .text').firstChild;"
            "getSelection().setBaseAndExtent(text, text.length - 3, text, text.length); }"
        )
        page.locator(".kinds button").first.click()
        page.locator("[data-enter]").click()
        wait_for(page, 1)
    finally:
        serving.kill()
    (span,) = json.loads(Annotations(tmp_path).all()[0].value)
    assert (span["start"], span["end"], span["text"]) == (11, 13, "on")


def test_a_label_among_many_is_found_by_typing_and_undone_by_a_key(browser, tmp_path, port):
    labels = tuple(f"kind {number:02d} of trouble" for number in range(40))
    labelled = labelling(tmp_path, TEXTS, labels=labels)
    serving = Serving("label", tmp_path, port)
    try:
        page = browser.new_page(**DESK)
        page.goto(f"http://127.0.0.1:{port}/r/{labelled.secrets[0]}")
        page.keyboard.press("/")
        page.keyboard.type("38 of")
        assert page.locator(".choices.many button:visible").count() == 1
        page.keyboard.press("Enter")
        wait_for(page, 1)
        page.keyboard.press("u")
        wait_for(page, 0)
        page.keyboard.press("a")  # the tenth
        wait_for(page, 1)
    finally:
        serving.kill()
    said = Annotations(tmp_path).all()
    assert [(one.verdict, one.value) for one in said] == [
        ("answered", "kind 38 of trouble"), ("undone", None), ("answered", "kind 09 of trouble"),
    ]  # fmt: skip


def test_what_cannot_be_taken_stays_on_the_screen_with_the_reason(browser, tmp_path, port):
    labelled = labelling(tmp_path, TEXTS, "spans")
    serving = Serving("label", tmp_path, port)
    try:
        page = browser.new_page(**DESK)
        page.goto(f"http://127.0.0.1:{port}/r/{labelled.secrets[0]}")
        page.locator("[name=words-0]").fill("Fen & Moor")
        page.locator("[data-enter]").click()
        page.locator(".status", has_text="does not say").wait_for()
        assert page.locator("[name=words-0]").input_value() == "Fen & Moor"
        page.locator("[name=words-0]").fill("Fenn & Moor")
        page.locator("[data-enter]").click()
        wait_for(page, 1)
        assert page.locator("body.refused").count() == 0
    finally:
        serving.kill()


@pytest.mark.parametrize("look", [DESK, PHONE])
@pytest.mark.parametrize("form", FORMS)
def test_without_scripts_hostile_rows_are_labelled_too(browser, tmp_path, port, form, look):
    texts = [text.replace("\ud800", "?") for text in HOSTILE[:8]]
    labelled = labelling(tmp_path, texts, form, labels=tuple(texts) if form == "label" else ())
    serving = Serving("label", tmp_path, port)
    asked = []
    try:
        page = browser.new_context(java_script_enabled=False, **look).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.goto(f"http://127.0.0.1:{port}/r/{labelled.secrets[0]}")
        for count in (1, 2):
            page.locator("#answer button[name], #answer [data-enter]").first.click()
            wait_for(page, count)
        page.get_by_role("button", name="Undo").click()
        wait_for(page, 1)
        page.locator(".skip summary").click()
        page.get_by_role("button", name="The text is unreadable").click()
        wait_for(page, 2)
    finally:
        serving.kill()
    assert all(url.startswith(f"http://127.0.0.1:{port}/") for url in asked)
    verdicts = [one.verdict for one in in_force(Annotations(tmp_path).all())]
    assert len(verdicts) == 2
    assert verdicts[-1] == "skipped"
