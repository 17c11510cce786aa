import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.text.canonical import canonical, canonical_text


@given(st.text())
def test_the_canonical_form_of_a_canonical_text_is_itself(text):
    assert canonical_text(canonical_text(text)) == canonical_text(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  Hello \t\n World ", "hello world"),
        ("Straße", "strasse"),
        ("\ufb01ne \uff11\uff12", "fine 12"),
        ("e\u0301", "\u00e9"),
        ("\u3000", ""),
    ],
)
def test_texts_that_people_call_the_same_get_one_form(text, form):
    assert canonical_text(text) == form


def test_a_missing_text_becomes_the_empty_text():
    assert canonical(pl.Series(["A", None, ""])).to_list() == ["a", "", ""]
