import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaceless import PARTS, rows
from surpass.data.leaks import fingerprints
from surpass.data.quoted import quoted_rows


def quoted(examples, inputs, prompt):
    return dict(quoted_rows(prompt, fingerprints(examples(inputs))).iter_rows())


@pytest.mark.parametrize(
    "frame",
    [
        "Answer.\n\n{}\n-> refund",
        'For example "{}" is a refund.',
        "1. Text: {} Label: refund",
        "Input: {} => refund",
        "| {} | refund |",
        "say refund to {} and so on",
        "ANSWER:\n{}",
    ],
)
def test_a_row_that_the_instruction_quotes_is_found_whatever_stands_around_it(
    examples, varied, frame
):
    found = quoted(examples, varied, frame.format(varied[7]))
    assert list(found) == ["r8"]
    assert found["r8"] == "Its input stands in the instruction."


def test_other_case_width_and_spaces_are_the_same(examples, varied):
    assert list(quoted(examples, varied, f"Text: {varied[7].upper().replace(' ', '  ')}")) == ["r8"]


def test_nearly_the_same_text_is_found(examples, varied):
    found = quoted(examples, varied, f"Text: {varied[7].removesuffix('.')} indeed\nLabel: x")
    assert found == {"r8": "Nearly its whole input stands in the instruction."}


def test_an_instruction_of_its_own_words_quotes_nothing(examples, varied):
    prompt = "Say what the customer wants. Labels: refund, delivery.\nExample: Where is my parcel?"
    assert quoted(examples, varied, prompt) == {}
    assert quoted(examples, ["refund", "yes", "my parcel"], prompt) == {}
    assert quoted(examples, varied, "") == {}


@pytest.mark.parametrize("language", PARTS)
def test_texts_without_spaces_are_found_too(examples, language):
    texts = [text for text, _ in rows(language, 20)]
    assert list(quoted(examples, texts, f"例: {texts[4]} → a\n例: {texts[5][:6]}")) == ["r5"]


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=120))
def test_any_instruction_can_be_asked_about(prompt):
    frame = pl.DataFrame({"row": ["a"], "input": ["Where is my new card?"], "group": ["a"]})
    assert quoted_rows(prompt, fingerprints(frame)).columns == ["row", "reason"]
