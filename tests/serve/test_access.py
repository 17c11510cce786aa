"""Who gets in: keys, scopes, and where a request comes from."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.serve.access import Door, admin_key, caller, check_door, made_key
from surpass.serve.refusals import Refusal

NOW = "2026-11-24T12:00:00+00:00"
OPEN = Door(frozenset({"localhost", "[::1]"}), frozenset({"https://app.example.org"}), True)
CLOSED = OPEN._replace(open_to_all=False)
SHOWN, KEY = made_key("shop", ("infer",), now=NOW)
KEYS = {KEY.id: KEY}


def asked(shown, scope="infer", keys=KEYS, door=CLOSED):
    return caller({"authorization": f"Bearer {shown}"}, keys, scope, door, now=NOW)


def status(work):
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.status


def test_the_right_key_opens_what_it_is_for_and_nothing_else():
    assert asked(SHOWN) == KEY
    assert status(lambda: asked(SHOWN, "feedback")) == 403
    assert status(lambda: asked(SHOWN, "admin")) == 403


@given(st.text(max_size=80))
def test_no_other_text_opens(text):
    for shown in (text, SHOWN + text if text else "", SHOWN[:-1], f"surpass_{KEY.id}_{text}"):
        assert status(lambda shown=shown: asked(shown)) == 401


def test_the_secret_is_not_kept():
    assert SHOWN.rpartition("_")[2] not in repr(KEY)
    assert made_key("shop", ("infer",), now=NOW)[0] != SHOWN


@pytest.mark.parametrize("change", [{"revoked": NOW}, {"expires": NOW}])
def test_a_key_that_is_over_opens_nothing(change):
    over = msgspec.structs.replace(KEY, **change)
    assert status(lambda: asked(SHOWN, keys={KEY.id: over})) == 401


def test_without_keys_this_machine_needs_none_but_for_operators():
    assert asked("anything", keys={}, door=OPEN) is None
    assert asked("anything", "feedback", keys={}, door=OPEN) is None
    assert status(lambda: asked("anything", "admin", keys={}, door=OPEN)) == 401
    assert status(lambda: asked("anything", keys={}, door=CLOSED)) == 401


def test_once_there_is_a_key_this_machine_needs_it_too():
    assert status(lambda: asked("anything", door=OPEN)) == 401
    revoked = msgspec.structs.replace(KEY, revoked=NOW)
    assert status(lambda: asked("anything", keys={KEY.id: revoked}, door=OPEN)) == 401


def test_the_operators_own_key_opens_only_what_operators_may():
    secret = "correct-horse-battery-staple-0123456789"
    keys = {"operator": admin_key(secret)}
    assert asked(secret, "admin", keys=keys).id == "operator"
    assert status(lambda: asked(secret, "infer", keys=keys)) == 403


@pytest.mark.parametrize("weak", ["", "sk-1234", "a" * 64, "password" * 5])
def test_a_weak_admin_key_is_refused(weak):
    with pytest.raises(BadInput, match="weak"):
        admin_key(weak)


def test_pages_of_other_sites_and_other_names_are_kept_out():
    json = {"content-type": "application/json; charset=utf-8"}
    check_door({"host": "localhost:8415"} | json, OPEN, has_body=True)
    check_door({"host": "[::1]:8415"} | json, OPEN, has_body=True)
    ours = {"host": "localhost", "origin": "https://app.example.org"}
    check_door(ours | json, OPEN, has_body=True)
    for headers, expected in (
        ({}, 421),
        ({"host": "evil.example.org"} | json, 421),
        (ours | json | {"origin": "null"}, 403),
        (ours | json | {"origin": "https://evil.example.org"}, 403),
        (ours | {"content-type": "text/plain"}, 415),
    ):
        assert status(lambda sent=headers: check_door(sent, OPEN, has_body=True)) == expected
