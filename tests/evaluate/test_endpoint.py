"""Against a real server on this machine: nothing is asked twice, and failures are told apart."""

import pytest

from endpoints import served
from surpass.core.errors import BadInput, BadMachine
from surpass.core.progress import Silent
from surpass.core.settings.endpoint import Endpoint
from surpass.evaluate import endpoint as asked
from surpass.evaluate.endpoint import Asking, Message, ask_endpoint

PROMPTS = [(Message("user", f"question {number}"),) for number in range(12)]


@pytest.fixture
def server(socket_enabled):
    with served(lambda text: text.upper()) as state:
        yield state


@pytest.fixture
def asking(server, tmp_path):
    def made(**changes):
        settings = {"url": server.url, "model": "m", "at_once": 3} | changes
        return Asking(Endpoint(**settings), "secret", 20, ("yes", "no"), tmp_path / "kept.jsonl")

    return made


def test_replies_come_in_the_order_of_the_prompts(server, asking):
    replies = ask_endpoint(PROMPTS, asking(), Silent())
    assert [reply.text for reply in replies] == [f"QUESTION {n}" for n in range(12)]
    assert {(r.in_tokens, r.out_tokens, r.cut) for r in replies} == {(100, 10, False)}
    assert all(reply.seconds > 0 for reply in replies)
    assert set(server.keys) == {"Bearer secret"}
    assert server.most_at_once <= 3


def test_what_was_answered_is_never_asked_again(server, asking, tmp_path):
    first = ask_endpoint(PROMPTS[:5], asking(), Silent())
    with (tmp_path / "kept.jsonl").open("ab") as stream:
        stream.write(b'{"request": "half a li')  # what a kill leaves
    both = ask_endpoint(PROMPTS, asking(), Silent())
    assert both[:5] == first
    assert len(server.bodies) == 12


def test_equal_prompts_are_asked_once(server, asking):
    replies = ask_endpoint([PROMPTS[0]] * 4, asking(), Silent())
    assert len(replies) == 4
    assert len(server.bodies) == 1


def test_another_model_is_asked_anew(server, asking):
    ask_endpoint(PROMPTS[:2], asking(), Silent())
    ask_endpoint(PROMPTS[:2], asking(model="other"), Silent())
    assert [body["model"] for body in server.bodies] == ["m", "m", "other", "other"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_fails_for_a_while_is_tried_again(server, asking, monkeypatch, status):
    monkeypatch.setattr(asked, "_FIRST_WAIT_SECONDS", 0.01)
    server.failures = [status, status]
    assert len(ask_endpoint(PROMPTS[:1], asking(), Silent())) == 1


def test_what_keeps_failing_is_said_with_the_address(server, asking, monkeypatch):
    monkeypatch.setattr(asked, "_FIRST_WAIT_SECONDS", 0.001)
    server.failures = [503] * 10
    with pytest.raises(BadMachine, match=r"127\.0\.0\.1.*5 tries: it answers 503"):
        ask_endpoint(PROMPTS[:1], asking(), Silent())


@pytest.mark.parametrize(
    ("status", "said"), [(401, "refuses the key"), (404, "status 404"), (302, "status 302")]
)
def test_a_refusal_is_not_tried_again_and_no_redirect_is_followed(server, asking, status, said):
    server.failures = [status]
    with pytest.raises(BadInput, match=said):
        ask_endpoint(PROMPTS[:1], asking(), Silent())
    assert not server.failures


def test_nothing_that_listens_is_said_in_one_sentence(socket_enabled, tmp_path, monkeypatch):
    monkeypatch.setattr(asked, "_FIRST_WAIT_SECONDS", 0.001)
    nowhere = Endpoint(url="http://127.0.0.1:9/v1", model="m")
    with pytest.raises(BadMachine, match="gave no answer"):
        ask_endpoint(PROMPTS[:1], Asking(nowhere, None, 5, (), tmp_path / "k"), Silent())


@pytest.mark.parametrize("choice", ["none", "guided_choice", "structured_outputs"])
def test_labels_are_sent_as_the_endpoint_wants_them(server, asking, choice):
    ask_endpoint(PROMPTS[:1], asking(choice=choice), Silent())
    body = server.bodies[0]
    found = body.get("guided_choice") or body.get("structured_outputs", {}).get("choice")
    assert found == (None if choice == "none" else ["yes", "no"])
