"""A webhook is a hint: only one that knows the secret is heard, and it writes nothing itself."""

import http.client
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_studio_server import LEGACY, chosen, label_studio
from labelled_projects import project_of
from surpass.core.account import Account
from surpass.core.errors import BadInput, BadMachine
from surpass.core.secret import Secret
from surpass.steps.labelling.exchange import pull, push
from surpass.steps.labelling.listening import Puller, required_secret
from surpass.steps.labelling.rows import Wanted
from surpass.store.annotations import Annotations
from surpass.web.exchange import Request, local_address
from surpass.web.hook import HEADER, PATH, respond
from surpass.web.server import bound

SECRET = "a long random text of the operator"
DONE = Account(title="Label", headline="done")


class Pulls:
    """What is pulled, counted; whoever waits for a number of pulls is woken."""

    def __init__(self, work=lambda: DONE):
        self._work, self.told = work, []
        self._changed = threading.Condition()

    def pull(self):
        return self._work()

    def tell(self, account):
        with self._changed:
            self.told.append(account)
            self._changed.notify_all()

    def wait_for(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= count, timeout=20)


@contextmanager
def serving(puller):
    """The hook on a free port; gives the port."""
    with bound(0) as server, puller:
        server.respond = partial(respond, puller.hint, Secret(SECRET), local_address(server.port))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.port
        server.shutdown()
        thread.join()


def call(port, path=PATH, method="POST", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, b'{"action": "ANNOTATION_CREATED"}', headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def asked(headers, *, path=PATH, method="POST"):
    """Status of a call, and how often it was heard."""
    heard = []
    request = Request(method, path, {"host": "127.0.0.1:1"} | headers)
    response = respond(lambda: heard.append(1), Secret(SECRET), local_address(1), request)
    return response.status, len(heard)


@given(st.text(max_size=40))
def test_who_does_not_know_the_secret_is_not_heard(text):
    known = text == SECRET
    assert asked({HEADER.lower(): text}) == ((202, 1) if known else (401, 0))


def test_only_a_call_of_that_address_that_comes_from_no_other_site_is_heard():
    right = {HEADER.lower(): SECRET}
    assert asked(right) == (202, 1)
    assert asked({}) == (401, 0)
    assert asked(right, path="/") == (404, 0)
    assert asked(right, method="GET") == (405, 0)
    assert asked(right | {"origin": "https://elsewhere.example"}) == (403, 0)
    assert asked(right | {"host": "elsewhere.example"}) == (421, 0)


def test_a_call_brings_the_next_pull_forward(socket_enabled):
    pulls = Pulls()
    puller = Puller(pulls.pull, pulls.tell, pause_seconds=0, every_seconds=3600)
    with serving(puller) as port:
        pulls.wait_for(1)  # what was said while nobody listened
        assert call(port) == 401
        assert call(port, **{HEADER: "wrong"}) == 401
        assert call(port, **{HEADER: SECRET}) == 202
        pulls.wait_for(2)
    assert puller.pulls == 2


def test_many_calls_during_a_pull_are_one_more_pull():
    began, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def work():
        began.release()
        assert go_on.acquire(timeout=20)
        return DONE

    pulls = Pulls(work)
    with Puller(pulls.pull, pulls.tell, pause_seconds=0, every_seconds=3600) as puller:
        assert began.acquire(timeout=20)
        for _ in range(50):
            puller.hint()
        go_on.release()
        assert began.acquire(timeout=20)
        go_on.release()
        pulls.wait_for(2)
    assert puller.pulls == 2


def test_between_two_pulls_there_is_a_pause_and_stopping_ends_it():
    pulls = Pulls()
    with Puller(pulls.pull, pulls.tell, pause_seconds=3600, every_seconds=3600) as puller:
        pulls.wait_for(1)
        puller.hint()
    assert puller.pulls == 1


def test_without_any_call_it_is_asked_every_so_often():
    pulls = Pulls()
    with Puller(pulls.pull, pulls.tell, pause_seconds=0, every_seconds=0.001) as puller:
        pulls.wait_for(3)
    assert puller.pulls >= 3


def test_a_pull_that_fails_is_told_and_the_next_one_goes_on():
    failing = [BadMachine("it cannot be reached", fix="See that it runs.")]

    def work():
        if failing:
            raise failing.pop()
        return DONE

    pulls = Pulls(work)
    with Puller(pulls.pull, pulls.tell, pause_seconds=0, every_seconds=0.001):
        pulls.wait_for(2)
    assert "failed: it cannot be reached" in pulls.told[0].headline
    assert pulls.told[1] == DONE


def test_a_call_takes_in_what_people_said_and_again_nothing(tmp_path, monkeypatch, socket_enabled):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    project = project_of(tmp_path / "p", [f"text {n}" for n in range(3)], labels=("a", "b"))
    with label_studio() as studio:
        push(project, studio.url, None, Wanted(), people=1)
        pulls = Pulls(lambda: pull(project, studio.url, 1))
        puller = Puller(pulls.pull, pulls.tell, pause_seconds=0, every_seconds=3600)
        with serving(puller) as port:
            pulls.wait_for(1)
            studio.say(1, 0, 1, chosen("a"))
            for number in (2, 3):
                assert call(port, **{HEADER: SECRET}) == 202
                pulls.wait_for(number)
    told = [account.headline for account in pulls.told]
    assert [one.split(" new")[0] for one in told] == ["0", "1", "0"]
    assert [one.value for one in Annotations(project.folder).all()] == ["a"]


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_a_secret_that_could_be_guessed_is_refused(monkeypatch, secret):
    monkeypatch.delenv("SURPASS_HOOK_SECRET", raising=False)
    if secret is not None:
        monkeypatch.setenv("SURPASS_HOOK_SECRET", secret)
    with pytest.raises(BadInput, match="secret"):
        required_secret()
    monkeypatch.setenv("SURPASS_HOOK_SECRET", SECRET)
    assert required_secret().reveal() == SECRET
