import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surpass.data.mends import is_scrambled, mended, unscrambled

CAFE = "Caf\u00e9 \u2019s na\u00efve \u2013 \u00c5ngstr\u00f6m, 12 \u20ac"


def scrambled(text, encoding="latin-1"):
    return text.encode().decode(encoding)


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0xFF), min_size=1))
def test_what_was_read_as_latin_1_comes_back(text):
    assume(not is_scrambled(text))
    assert unscrambled(scrambled(text)) == text


def test_windows_1252_and_a_second_wrong_reading_come_back_too():
    assert unscrambled(scrambled(CAFE, "cp1252")) == CAFE
    assert unscrambled(scrambled(scrambled(CAFE))) == CAFE


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_mending_is_done_once_and_for_all(text):
    once = mended(text, label=True)
    assert mended(once.text, label=True) == (once.text, ()) or is_scrambled(once.text)
    assert bool(once.defects) == (once.text != text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")))
def test_letters_are_put_together_and_stay_the_same_letters(text):
    if not is_scrambled(text):
        assert unicodedata.normalize("NFD", mended(text).text) == unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "sound",
    [
        "Se\u00f1or \u00c0 la carte, \u00bfqu\u00e9?",
        "o cora\u00e7\u00e3o da \u201cIRM\u00c3\u201d",  # a curly quote after a capital letter
        "caf\u00c3\u00a9 beside a caf\u00e9",  # a part was read well: no proof
        " blanks around a text are its own ",
    ],
)
def test_what_proves_nothing_stays(sound):
    assert mended(sound).text == sound


@pytest.mark.parametrize(
    ("text", "after", "defect"),
    [
        ("a\0b", "ab", "holds NUL bytes"),
        ("\ufefftext", "text", "begins with a byte order mark"),
        ("\u00ef\u00bb\u00bftext", "text", "begins with a byte order mark"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9", "has letters apart from their accents (not NFC)"),
        (" outage\u00a0", "outage", "has blanks around it"),
    ],
)
def test_each_defect_is_named(text, after, defect):
    found = mended(text, label=True)
    assert found.text == after
    assert defect in found.defects
