"""The weak detector of refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.refusal import refuses


@pytest.mark.parametrize(
    "text",
    [
        "I can't help with that.",
        "I\u2019m sorry, but I can\u2019t assist with that request.",
        "I cannot provide instructions for this.",
        "I'm unable to answer that question.",
        "I am not able to share personal data.",
        "I must decline to write this.",
        "We do not feel comfortable with this request.",
        "That would be against my guidelines.",
        "SORRY, BUT I CANNOT do it.",
        "I will not produce that.",
        "As an AI model, I won't generate\n\nsuch text.",
    ],
)
def test_common_refusals_are_seen(text):
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "billing",
        "Sorry to hear that your parcel is late! It will come on Monday.",
        "You can't help loving it.",
        "The key cannot be turned to the left.",
        "I can help with that.",
        "Press the button. They were unable to find it.",
        "He said that she refuses to go.",
        "I cannot wait to see you.",
    ],
)
def test_answers_are_no_refusals(text):
    assert not refuses(text)


@given(st.text(max_size=50))
def test_case_and_white_space_do_not_matter(text):
    assert refuses(text) == refuses(f"  {text}\n")
    assert refuses("I can't help with that. " + text)


def test_only_the_beginning_is_read():
    assert not refuses("word " * 200 + "I can't help with that.")
