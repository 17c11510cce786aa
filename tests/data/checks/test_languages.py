import pytest

from surpass.core.errors import BadInput
from surpass.data.checks import languages

ENGLISH = "Where is my card, and why is it not here yet?"
GERMAN = "Wo ist meine Karte, und warum ist sie noch nicht da?"


def find(examples, inputs, answers=None, kind="classify", **options):
    return languages.find(examples(inputs, answers), languages.Options(**options), kind)


def test_the_stray_rows_of_another_language_are_named(examples):
    result = find(examples, [*[ENGLISH] * 40, GERMAN, "我的卡在哪里还没有到"])
    assert result.state == "found"
    assert dict(result.evidence.select("row", "reason").iter_rows()) == {
        "r41": "The input is in German; 95% of the others are in English.",
        "r42": "The input is in Chinese; 95% of the others are in English.",
    }
    assert "Inputs: English 95.2%" in result.summary


def test_two_common_languages_are_both_expected_and_declared_ones_bind(examples):
    both = [ENGLISH, GERMAN] * 20
    assert find(examples, both).state == "clear"
    assert find(examples, [*[ENGLISH] * 40, GERMAN], expected=("en", "de")).state == "clear"
    only = find(examples, both, expected=("en",))
    assert only.evidence.height == 20


def test_written_answers_are_looked_at_and_labels_are_not(examples):
    answers = [*[ENGLISH] * 39, GERMAN]
    found = find(examples, [ENGLISH] * 40, answers, "generate").evidence
    assert found.select("row", "column").rows() == [("r40", "target")]
    assert find(examples, [ENGLISH] * 40, answers).state == "clear"


def test_short_texts_cannot_be_told(examples):
    assert find(examples, ["play jazz"] * 50).state == "cannot tell"
    assert find(examples, []).state == "cannot tell"


def test_a_language_that_cannot_be_told_cannot_be_expected(examples):
    with pytest.raises(BadInput, match="'xx'"):
        find(examples, [ENGLISH] * 30, expected=("xx",))
