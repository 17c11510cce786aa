"""What is kept of a request: no more than the task says, and cleaned before it is written."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.serve.capture import kept_name, kept_text, kept_texts
from surpass.text.personal_data import find_personal_data, masked, may_hold_personal_data

SUSPECT = st.text(alphabet="a@.:0123456789 -+/_Kxsecret=", max_size=60)


@given(SUSPECT)
def test_the_quick_look_at_one_text_misses_nothing(text):
    if not find_personal_data(pl.Series([text])).is_empty():
        assert may_hold_personal_data(text)


@settings(max_examples=25)  # a frame each time
@given(SUSPECT, SUSPECT)
def test_redacted_texts_are_the_masked_ones(asked, answered):
    assert kept_texts("redacted", asked, answered) == masked(asked, answered)
    assert kept_texts("redacted", asked).input == masked(asked)[0]


def test_the_levels_keep_what_their_names_say():
    texts = "I am a@example.org", "Hello a@example.org and b@example.org"
    assert kept_texts("full", *texts) == texts
    assert kept_texts("metadata", *texts) == kept_texts("none", *texts) == (None, None)
    assert kept_texts("redacted", *texts) == (
        "I am <EMAIL_1>",
        "Hello <EMAIL_1> and <EMAIL_2>",
    )
    assert kept_text("redacted", None) is None


@pytest.mark.parametrize("name", ["a@example.org", "+44 20 7946 0958"])
def test_a_name_that_is_personal_data_is_the_same_digest_each_time(name):
    hidden = kept_name("redacted", name)
    assert hidden == kept_name("metadata", name)
    assert name not in hidden
    assert kept_name("full", name) == name
    assert kept_name("redacted", "customer-17") == "customer-17"
