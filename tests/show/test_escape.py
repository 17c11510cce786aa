import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.show.escape import cell_for_csv, cleaned, cut, hidden, visible

any_text = st.text(st.characters(exclude_categories=[]))
numbers = st.one_of(st.integers().map(str), st.floats(-1e6, 1e6).map("{:+.3f}".format))


@given(any_text)
def test_nothing_hidden_is_left(text):
    left = [one for one in visible(text) if hidden(one)]
    assert set(left) <= {"\u200c", "\u200d"}


@given(any_text)
def test_what_is_visible_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u2800")))
def test_words_and_signs_of_any_script_are_not_touched(text):
    if not any(hidden(one) for one in text):
        assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟦U+202E⟧b"),
        ("\x1b[2J", "⟦U+001B⟧[2J"),
        ("a\x00b\x9bc", "a⟦U+0000⟧b⟦U+009B⟧c"),
        ("one\r\ntwo\nthree\rfour", "one↵two↵three⟦U+000D⟧four"),
        ("a\tb", "a⇥b"),
        ("pass\u200bword", "pass⟦U+200B⟧word"),
        ("pass\u200dword", "pass⟦U+200D⟧word"),
        ("\ud800", "⟦U+D800⟧"),
        ("\u3164", "⟦U+3164⟧"),
        ("<b> [red] {{x}}", "<b> [red] {{x}}"),
    ],
)
def test_what_hides_or_acts_is_spelled_out(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d🚒"])  # noqa: RUF001
def test_joiners_stay_where_they_belong_to_the_spelling(text):
    assert visible(text) == text


@given(any_text)
def test_no_csv_cell_starts_a_formula(text):
    cell = cell_for_csv(text).lstrip()
    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert not cell.startswith(("+", "-")) or cell.strip("+-0123456789., eE%") == ""


@given(numbers)
def test_numbers_in_csv_stay_numbers(number):
    assert cell_for_csv(number) == number


@pytest.mark.parametrize("text", ["=1+1", "-2+3", "+cmd", "@x", "\t=1", "  =1", "＝1"])  # noqa: RUF001
def test_a_formula_gets_an_apostrophe(text):
    assert cell_for_csv(text).startswith("'")


@given(any_text, st.integers(1, 30))
def test_a_cut_text_fits_and_says_that_it_was_cut(text, length):
    shown = cut(text, length)
    assert len(shown) <= length
    assert shown == text or shown.endswith("…")


def test_an_account_without_anything_hidden_is_cleaned_to_itself(sample):
    pairs = [pair for chapter in sample.chapters for pair in chapter.pairs]
    assert any("\n" in pair.asked for pair in pairs)
    again = cleaned(sample)
    assert again.facts == sample.facts
    assert cleaned(again) == again


def test_the_category_of_format_characters_is_hidden():
    assert unicodedata.category("\u2066") == "Cf"
    assert hidden("\u2066")
