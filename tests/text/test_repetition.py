from hypothesis import given
from hypothesis import strategies as st

from surpass.text.repetition import compression, final_loop, repeated_share

words = st.text("abcdefgh", min_size=2, max_size=9)


@given(st.lists(words, min_size=4, max_size=12, unique=True), st.integers(5, 12))
def test_a_sentence_said_often_is_a_loop_and_repeats_itself(sentence, rounds):
    said = " ".join(sentence)
    text = " ".join(["so", *[said] * max(rounds, -(-60 // len(said)))])
    assert final_loop(text) is not None
    share = repeated_share(text)
    assert share is None or share > 0.5


@given(st.lists(words, min_size=30, max_size=80, unique=True))
def test_words_that_all_differ_repeat_nothing(sentence):
    text = " ".join(sentence)
    assert repeated_share(text) == 0
    assert final_loop(text) is None


def test_short_texts_are_not_judged_by_shares():
    assert repeated_share("yes yes yes") is None
    assert compression("ab" * 50) is None


def test_dots_are_no_loop_and_scripts_without_spaces_have_them():
    assert final_loop("Chapter one " + "." * 300) is None
    assert final_loop("我不知道。" * 20) is not None
    assert (compression("我不知道。" * 60) or 0) > 6


@given(st.text(" ab\n", max_size=60))
def test_any_short_text_is_answered(text):
    loop = final_loop(text)
    assert loop is None or len(text) >= 40
