"""Tokens become text as they come, and together it is what evaluation reads."""

from hypothesis import given
from hypothesis import strategies as st

from surpass.serve.spelling import Spelling
from tiny_models import build_tokenizer

TOKENIZER = build_tokenizer()
TEXTS = st.text(alphabet="ab é漢🙂\n ", max_size=30)


def spelled(tokens, stop=()):
    spelling = Spelling(TOKENIZER, stop)
    parts = []
    for token in tokens:
        parts.append(spelling.add(token))
        if spelling.ended:
            break
    return [*parts, spelling.rest()]


@given(st.lists(st.integers(0, len(TOKENIZER) - 1), max_size=40))
def test_all_parts_are_the_text_that_evaluation_reads(tokens):
    whole = TOKENIZER.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    assert "".join(spelled(tokens)) == whole.strip()


@given(TEXTS, st.lists(st.text(alphabet="ab é", min_size=1, max_size=4), min_size=1, max_size=3))
def test_nothing_from_a_stop_word_on_is_given_out(text, stop):
    tokens = TOKENIZER.encode(text)
    whole = TOKENIZER.decode(tokens).lstrip()
    places = [place for word in stop if (place := whole.find(word)) >= 0]
    expected = whole[: min(places)] if places else whole
    assert "".join(spelled(tokens, tuple(stop))) == expected.rstrip()


def test_text_is_given_out_before_the_end():
    parts = spelled(TOKENIZER.encode("the line has been dead since Tuesday"))
    assert parts[0] or parts[1]
    assert sum(map(bool, parts)) > 3
