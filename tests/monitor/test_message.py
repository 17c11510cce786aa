"""What leaves the machine: numbers and words of many, signed; what a reader needs is in it."""

import hashlib
import hmac

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.signal import Alert, Cost, Signal, Term
from surpass.monitor.message import Message, cost_words, safe_terms, signed, told
from surpass.monitor.signals import Kind

SECRET_TEXT = "my name is Zebulon and my card is 4111 1111 1111 1111"


def term(word, users):
    return Term(term=word, before=0.0, now=0.1, users=users, p=0.001)


def alert(kind="terms", terms=(), cost=None):
    signal = Signal(
        kind=kind,
        window=4,
        start="2026-05-01 10:00:00",
        end="2026-05-01 12:00:00",
        p=None if kind == "floor" else 0.0003,
        level=0.0002 if kind == "floor" else 0.01,
        effect=0.12,
        words=SECRET_TEXT if kind in {"terms", "clusters", "labels", "classifier"} else "Numbers.",
        terms=terms,
        examples=(SECRET_TEXT,),
        confirmed=True,
        cost=cost,
    )
    return Alert(name=f"demo:r1:{kind}", severity="page", since=signal.start, signal=signal)


@pytest.mark.parametrize("kind", Kind.__args__)
def test_no_request_leaves_the_machine(kind):
    leaving = msgspec.json.encode(told(alert(kind, (term("quorbit", 9), term("zebulon", 2)))))
    for word in (b"Zebulon", b"zebulon", b"4111"):
        assert word not in leaving


@given(
    st.lists(st.tuples(st.text("abcdef", min_size=2, max_size=8), st.integers(1, 20)), max_size=8)
)
def test_only_words_of_five_users_and_more_leave(pairs):
    leaving = safe_terms(tuple(term(word, users) for word, users in pairs))
    assert list(leaving) == [word for word, users in pairs if users >= 5]


@pytest.mark.parametrize("word", ["ann@example.org", "4111111111111111", "+49 170 1234567"])
def test_personal_data_is_no_word_that_leaves(word):
    assert safe_terms((term(word, 50), term("quorbit", 50))) == ("quorbit",)


@pytest.mark.parametrize("kind", Kind.__args__)
def test_a_cold_reader_is_told_what_since_when_how_sure_what_it_costs_and_what_to_do(kind):
    found = told(alert(kind, (term("quorbit", 9),)))
    assert found.title
    assert found.since == "2026-05-01 10:00:00"
    assert "chance" in found.how_sure or "p = 0.0003" in found.how_sure
    assert "accuracy" in found.cost.lower()
    assert found.do.endswith((".", "retrain."))
    assert len(found.change) > 5


def test_an_unknown_cost_is_said_and_not_zero():
    assert "not known" in cost_words(None)
    loss = Cost(change=-0.041, low=-0.06, high=-0.02, source="measured", answers=300)
    assert cost_words(loss) == (
        "Accuracy changed by -4.1 points (-6.0 to -2.0), measured on 300 answers."
    )


def test_the_signature_is_hmac_sha256_of_the_bytes():
    message = Message(task="demo", release="r1", at="2026-05-01", alerts=(told(alert()),))
    body, signature = signed(message, b"key")
    assert signature == "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert signed(message, b"other").signature != signature
