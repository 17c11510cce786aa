"""Three people rate at once in real browsers while the server is killed and started again."""

import msgspec
import pytest
from hostile import HOSTILE

from browsers import DESK, OVERFLOW, PHONE, Serving, done, wait_for
from rated_projects import Rated, rated
from surpass.people.standing import in_force
from surpass.store.tasks import TaskStore

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def hostile(tmp_path) -> Rated:
    """Tasks whose every text is a hostile row."""
    return rated(tmp_path / "project", [text.replace("\ud800", "?") for text in HOSTILE[:12]])


def by_keyboard(page) -> None:
    """Answer what is on the screen with keys only."""
    before = done(page)
    if page.locator("main").get_attribute("data-kind") == "pairwise":
        page.keyboard.press(str(before % 4 + 1))
    else:
        for key in ("2", "3", "5", "Enter"):
            page.keyboard.press(key)
    wait_for(page, before + 1)


def by_thumb(page) -> None:
    """The same with taps only."""
    before = done(page)
    if page.locator("main").get_attribute("data-kind") == "pairwise":
        page.locator(".choices button").nth(before % 4).tap()
    else:
        for scale in page.locator(".scale").all():
            scale.locator("label").nth(3).tap()
        page.locator("[data-enter]").tap()
    wait_for(page, before + 1)


@pytest.mark.slow
def test_three_people_at_once_and_a_server_killed_in_the_middle(browser, hostile, port):
    serving = Serving("rate", hostile.folder, port)
    said, pages = [], []
    try:
        for secret, look, act in zip(
            hostile.secrets, (DESK, PHONE, DESK), (by_keyboard, by_thumb, by_keyboard), strict=True
        ):
            page = browser.new_context(**look).new_page()
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            page.goto(f"http://127.0.0.1:{port}/r/{secret}")
            pages.append((page, act))
        for _ in range(4):
            for page, act in pages:
                act(page)

        serving.kill()
        for page, _ in pages:  # each answers while nobody listens
            page.keyboard.press("1")
            page.locator(".status", has_text="Not saved yet").wait_for()
        assert len(TaskStore(hostile.folder).ratings()) == 12
        serving = Serving("rate", hostile.folder, port)
        for page, _ in pages:  # and the page sends it until it is heard
            wait_for(page, 5)
        assert len(TaskStore(hostile.folder).ratings()) == 15

        while left := [(p, act) for p, act in pages if p.locator(".finished").count() == 0]:
            for page, act in left:
                assert page.evaluate(OVERFLOW) == 0
                act(page)
    finally:
        serving.kill()
    tasks = TaskStore(hostile.folder).queue().tasks
    kept = in_force(TaskStore(hostile.folder).ratings())
    assert set(kept) == {task.id for hand in tasks.values() for task in hand}
    assert said == []


def test_undo_skip_and_comment_by_keyboard(browser, hostile, port):
    serving = Serving("rate", hostile.folder, port)
    try:
        page = browser.new_page(**DESK)
        page.goto(f"http://127.0.0.1:{port}/r/{hostile.secrets[0]}")
        page.keyboard.press("c")
        page.keyboard.type("1 and 2 are alike")  # digits in a text are no answer
        page.keyboard.press("Escape")
        page.keyboard.press("3")
        wait_for(page, 1)
        page.keyboard.press("u")
        wait_for(page, 0)
        page.keyboard.press("s")
        page.keyboard.press("Enter")
        wait_for(page, 1)
    finally:
        serving.kill()
    ratings = TaskStore(hostile.folder).ratings()
    kinds = [msgspec.to_builtins(one.said)["said"] for one in ratings]
    assert kinds == ["preferred", "undone", "skipped"]
    assert ratings[0].comment == "1 and 2 are alike"
    assert ratings[0].seconds is not None


@pytest.mark.parametrize("look", [DESK, PHONE])
def test_without_scripts_every_button_works(browser, hostile, port, look):
    serving = Serving("rate", hostile.folder, port)
    try:
        page = browser.new_context(java_script_enabled=False, **look).new_page()
        page.goto(f"http://127.0.0.1:{port}/r/{hostile.secrets[0]}")
        for count, name in enumerate(("A is better", "Both bad"), 1):
            page.get_by_role("button", name=name).click()
            wait_for(page, count)
        page.get_by_role("button", name="Undo").click()
        wait_for(page, 1)
        page.locator(".skip summary").click()
        page.get_by_role("button", name="I know this text").click()
        wait_for(page, 2)
    finally:
        serving.kill()
    kept = in_force(TaskStore(hostile.folder).ratings())
    kinds = [msgspec.to_builtins(one.said)["said"] for one in kept.values()]
    assert kinds == ["preferred", "skipped"]
