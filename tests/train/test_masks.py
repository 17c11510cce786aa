"""Which tokens carry loss, by the templates of well-known families; what has none stops."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_families import (
    ANSWER,
    FAMILIES,
    INSTRUCTION,
    QUESTION,
    SHOT,
    Family,
    family_tokenizer,
)
from surpass.core.errors import BadInput
from surpass.model.template import encode_example, end_token
from surpass.train.encode import encode_rows

TOKENIZERS = {name: family_tokenizer(family) for name, family in FAMILIES.items()}
names = st.sampled_from(sorted(FAMILIES))


def encoded(tokenizer, instruction, text, answer):
    rows = pl.DataFrame({"row": ["r"], "input": [text], "target": [answer]})
    return encode_rows(tokenizer, instruction, rows, most=None, context=1000)


def test_there_are_twelve_families_and_more():
    assert len(FAMILIES) >= 12


@pytest.mark.parametrize("name", FAMILIES)
def test_golden_masks(name):
    family, tokenizer = FAMILIES[name], TOKENIZERS[name]
    asked, learned = encode_example(tokenizer, INSTRUCTION, [SHOT], (QUESTION, ANSWER))
    assert tokenizer.decode(asked) == family.asked
    assert tokenizer.decode(learned) == family.learned


@pytest.mark.parametrize("name", FAMILIES)
def test_the_token_that_ends_a_turn_is_learned_and_stands_once(name):
    tokenizer = TOKENIZERS[name]
    rows = encoded(tokenizer, INSTRUCTION, QUESTION, ANSWER)
    (span,) = rows.learned(0)
    whole = [*rows.prompts[0], *rows.answers[0]]
    learned = whole[slice(*span)]
    assert (
        learned[-1]
        == end_token(tokenizer)
        == tokenizer.convert_tokens_to_ids(FAMILIES[name].control[0])
    )
    assert learned.count(learned[-1]) == 1
    assert span[1] == len(whole)


@pytest.mark.parametrize("name", [n for n in FAMILIES if "<s>" in FAMILIES[n].control])
def test_a_conversation_begins_with_one_start_token(name):
    tokenizer = TOKENIZERS[name]
    asked, _ = encode_example(tokenizer, INSTRUCTION, (), (QUESTION, ANSWER))
    assert asked[0] == tokenizer.bos_token_id
    assert asked.count(tokenizer.bos_token_id) == 1


@given(names, st.text(max_size=20))
def test_an_empty_answer_has_one_learned_token_and_no_row_has_none(name, answer):
    tokenizer = TOKENIZERS[name]
    for given_answer in ("", answer):
        rows = encoded(tokenizer, "", QUESTION, given_answer)
        assert sum(after - first for first, after in rows.learned(0)) >= 1


STOPS = {
    "no end token": (
        "{% for m in messages %}{{ m.role + m.content }}{% endfor %}"
        "{% if add_generation_prompt %}assistant{% endif %}",
        "no end token",
    ),
    "an end token before the answer alone": (
        "{% for m in messages %}{{ m.role }}<|im_end|>{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}assistant<|im_end|>{% endif %}",
        "no end token",
    ),
    "another prompt than it asks with": (
        "{% for m in messages %}{{ m.role + m.content }}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}Now you:{% endif %}",
        "not prefix-preserving",
    ),
    "thoughts that are written between prompt and answer": (
        "{% for m in messages %}{{ m.role }}{% if m.role == 'assistant' %}<think></think>"
        "{% endif %}{{ m.content }}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}assistant{% endif %}",
        "not prefix-preserving",
    ),
    "a prompt that changes when it is answered": (
        "{{ messages | length }}"
        "{% for m in messages %}{{ m.role + m.content }}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}assistant{% endif %}",
        "not prefix-preserving",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_training_stops_where_a_template_cannot_be_learned(name):
    template, said = STOPS[name]
    tokenizer = family_tokenizer(Family(template, ("<|im_end|>",), "", ""))
    with pytest.raises(BadInput, match=f"{said}.*mend chat_template.jinja"):
        encoded(tokenizer, "", QUESTION, ANSWER)
