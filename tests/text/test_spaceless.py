import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaceless import PARTS
from surpass.text.spaceless import LETTERS, begins_so, is_spaceless, pairs_in, without
from surpass.text.swaps import swapper
from surpass.text.terms import plain_words


@pytest.mark.parametrize("language", PARTS)
def test_each_script_is_known(language):
    text = PARTS[language][0].replace(" ", "")
    assert is_spaceless(text)
    assert begins_so(text)
    assert re.fullmatch(f"[{LETTERS}]+", text)
    assert without(text) == " "
    assert len(pairs_in(text)) == len(text) - 1


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_latin_texts_are_not(text):
    assert not is_spaceless(text)
    assert pairs_in(text) == []
    assert without(text) == text


def test_words_of_a_text_without_spaces_are_pairs_of_letters():
    assert plain_words("退款 ok 订单号") == ["ok", "退款", "订单", "单号"]
    assert plain_words("find PlayStation官方, a song") == ["find", "playstation官方", "song"]


def test_terms_are_swapped_within_a_text_without_spaces_and_only_as_whole_words_elsewhere():
    swap = swapper((("他", "她"), ("he", "she")))
    assert swap("我看见他了, he and the other") == "我看见她了, she and the other"
