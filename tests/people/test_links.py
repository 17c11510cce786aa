"""Personal links."""

from hypothesis import given
from hypothesis import strategies as st

from surpass.people.links import link_for, new_secret, opened, revoked

NOW = "2026-03-01T12:00:00+00:00"
LATER = "2026-03-16T12:00:00+00:00"


def test_a_secret_has_192_bits_and_is_never_the_same():
    secrets = {new_secret() for _ in range(200)}
    assert len(secrets) == 200
    assert {len(one) for one in secrets} == {32}  # 6 bits a character


def test_a_link_does_not_hold_its_secret():
    secret = new_secret()
    assert secret not in str(link_for(secret, "rater-1", "q", now=NOW, days=14))


def test_a_link_opens_its_own_queue_until_it_expires():
    link = link_for("s", "rater-1", "q", now=NOW, days=14)
    assert opened([link], "s", "q", now=NOW) == link
    assert opened([link], "s", "another", now=NOW) is None
    assert opened([link], "s", "q", now=LATER) is None


def test_a_revoked_link_opens_nothing_and_others_still_do():
    links = [link_for(name, name, "q", now=NOW, days=14) for name in ("one", "two")]
    left = revoked(links, "one", now=NOW)
    assert opened(left, "one", "q", now=NOW) is None
    assert opened(left, "two", "q", now=NOW).rater == "two"


@given(st.text())
def test_no_other_text_opens_a_link(text):
    link = link_for("the secret", "rater-1", "q", now=NOW, days=14)
    assert (opened([link], text, "q", now=NOW) is None) == (text != "the secret")
