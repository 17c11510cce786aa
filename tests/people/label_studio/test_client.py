"""The client against a stand-in that answers as the real server was seen to."""

import pytest

from label_studio_server import LEGACY, PERSONAL, chosen, label_studio
from surpass.core.errors import BadInput, BadMachine
from surpass.core.secret import Secret
from surpass.people.form import Choose, Item
from surpass.people.label_studio.client import Held, LabelStudio
from surpass.people.label_studio.tasks import read_export, task_of

FORM = Choose(("a", "b"))


@pytest.fixture
def server(socket_enabled):
    with label_studio() as running:
        yield running


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def tasks(count: int) -> list:
    return [task_of(Item(f"r{n}", f"d{n}", f"text {n}"), FORM) for n in range(count)]


def test_rows_go_in_by_500_and_come_back_page_by_page(server):
    client = LabelStudio(server.url, Secret(LEGACY))
    number = client.create_project("t", "<View/>", 2)
    assert client.add_tasks(number, tasks(1201)) == 1201
    assert server.chunks == [500, 500, 201]
    assert client.held(number) == {Held(f"r{n}", f"d{n}") for n in range(1201)}
    assert client.configuration(number) == "<View/>"


def test_an_export_has_every_annotation_also_of_tasks_that_were_only_skipped(server):
    client = LabelStudio(server.url, Secret(LEGACY))
    number = client.create_project("t", "<View/>", 1)
    client.add_tasks(number, tasks(3))
    server.say(number, 0, 1, chosen("a"))
    server.say(number, 1, 2, [], was_cancelled=True)
    read = read_export(client.export(number), FORM, "here")
    assert [(one.row, one.verdict) for one in read.annotations] == [
        ("r0", "answered"),
        ("r1", "skipped"),
    ]


def test_a_personal_token_is_exchanged_once_and_again_after_four_minutes(server):
    clock = Clock()
    client = LabelStudio(server.url, Secret(PERSONAL), clock=clock)
    number = client.create_project("t", "<View/>", 1)
    clock.seconds = 239
    client.configuration(number)
    assert server.given == 1
    clock.seconds = 241
    client.configuration(number)
    assert server.given == 2
    sent = {key for path, key in server.keys if path != "/api/token/refresh"}
    assert sent == {"Bearer access-1", "Bearer access-2"}


def test_an_access_token_that_the_server_forgot_is_exchanged_once_more(server):
    client = LabelStudio(server.url, Secret(PERSONAL))
    number = client.create_project("t", "<View/>", 1)
    server.forget_access = True
    assert client.configuration(number) == "<View/>"
    assert server.given == 2


@pytest.mark.parametrize("token", ["f" * 40, "head.other.tail"])
def test_a_wrong_token_is_said_without_showing_it(server, token):
    with pytest.raises(BadInput, match="token is refused") as told:
        LabelStudio(server.url, Secret(token)).create_project("t", "<View/>", 1)
    assert token not in str(told.value)


def test_no_redirect_is_followed_with_a_token(server):
    server.redirect = True
    with pytest.raises(BadInput, match=r"redirects to 'http://127\.0\.0\.1:1/stolen'"):
        LabelStudio(server.url, Secret(LEGACY)).configuration(1)
    assert len(server.keys) == 1


def test_a_server_in_trouble_and_a_missing_project_are_told_apart(server):
    client = LabelStudio(server.url, Secret(LEGACY))
    server.refusals = [500]
    with pytest.raises(BadMachine, match="database is locked"):
        client.configuration(1)
    with pytest.raises(BadInput, match="404"):
        client.configuration(1)


def test_nothing_that_listens_is_said_in_one_sentence(socket_enabled):
    with pytest.raises(BadMachine, match="cannot be reached"):
        LabelStudio("http://127.0.0.1:1", Secret(LEGACY)).configuration(1)


@pytest.mark.parametrize("url", ["", "label.example.org", "ftp://x", "http://"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadInput, match="no address"):
        LabelStudio(url, Secret(LEGACY))


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(BadInput, match="user's name") as told:
        LabelStudio("http://me:hidden@label.example.org", Secret(LEGACY))
    assert "hidden" not in str(told.value)
