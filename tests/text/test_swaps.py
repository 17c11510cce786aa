"""Terms swapped that should not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.text.swaps import same_answer, swapper, wrong_pairs

PAIRS = (("he", "she"), ("Anna", "Mohammed"), ("son", "daughter"), ("O'Neil", "C++ (Corp.)"))
TERMS = [term for pair in PAIRS for term in pair]
CASES = (str, str.lower, str.upper, lambda term: term[:1].upper() + term[1:])


@given(st.lists(st.sampled_from([*TERMS, "the", "hers", "and", "person", "été", "", "\n", "🙂"])))
def test_swapping_twice_gives_the_text_back(words):
    swap, text = swapper(PAIRS), " ".join(words)
    assert swap(swap(text)) == text


@given(st.text())
def test_any_text_keeps_what_is_no_term(text):
    swapped = swapper((("qqq", "zzz"),))(text)
    if "qqq" not in text.casefold() and "zzz" not in text.casefold():
        assert swapped == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("he saw her", "she saw his"),
        ("He and HE", "She and SHE"),
        ("the hero, then she.", "the hero, then he."),
        ("his/her son's", "her/his daughter's"),
        ("HIS anna", "HER mohammed"),
        ("ANNA", "MOHAMMED"),
        ("he_1 and she-devil", "he_1 and he-devil"),
        ("", ""),
    ],
)
def test_whole_words_are_swapped_both_ways_in_their_case(text, said):
    assert swapper((*PAIRS, ("his", "her"), ("him", "her")))(text) == said


def test_without_pairs_nothing_is_swapped():
    assert swapper(())("he said") == "he said"


def test_a_term_is_text_and_not_a_pattern():
    assert swapper((("a.c", "(x"),))("abc a.c (x") == "abc (x a.c"


def test_an_answer_that_only_swaps_the_same_terms_has_not_changed():
    swap = swapper(PAIRS)
    assert same_answer("She is ill.", "He is  ill.", swap)
    assert same_answer("refund", "refund", swap)
    assert not same_answer("She is ill.", "He is well.", swap)
    assert not same_answer("refund", "repair", swap)


def test_pairs_that_swap_nothing_are_found():
    assert wrong_pairs([("he", "she"), ("a", "A"), ("", "x")]) == [("a", "A"), ("", "x")]
