"""Rows become tokens; the too long ones are left out by name."""

import numpy as np
import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.train.encode import count_tokens, encode_rows
from tiny_jobs import rows
from tiny_models import build_tokenizer

TOKENIZER = build_tokenizer()


def encode(frame, most=None, context=256):
    return encode_rows(TOKENIZER, "Answer with the intent.", frame, most=most, context=context)


def test_every_row_has_prompt_and_answer_with_its_end_token():
    frame = rows(8)
    encoded = encode(frame)
    assert encoded.names == tuple(frame["row"])
    for text, target, prompt, answer in zip(
        frame["input"], frame["target"], encoded.prompts, encoded.answers, strict=True
    ):
        assert text in TOKENIZER.decode(prompt)
        assert TOKENIZER.decode(answer) == target + "<|im_end|>"


def test_the_instruction_is_shared_and_not_counted_a_row():
    encoded = encode(rows(8))
    assert TOKENIZER.decode(encoded.prefix).startswith("<|im_start|>system\nAnswer with the intent")
    assert (encoded.full_lengths - encoded.lengths == encoded.shared).all()


def test_longer_rows_are_left_out_by_name():
    frame = rows(8)
    lengths = encode(frame).full_lengths
    limit = int(np.median(lengths))
    encoded = encode(frame, most=limit)
    long = [name for name, length in zip(frame["row"], lengths, strict=True) if length > limit]
    assert list(encoded.left_out) == long
    assert len(encoded.names) + len(long) == 8


def test_the_automatic_limit_keeps_all_but_one_in_two_hundred():
    frame = rows(400)
    texts = frame["input"].to_list()
    texts[7] = "the line is dead " * 200
    encoded = encode(frame.with_columns(pl.Series("input", texts)), context=10_000)
    assert encoded.left_out == ("r7",)
    assert encode(rows(400)).left_out == ()


def test_the_context_is_a_limit_in_any_case():
    assert len(encode(rows(8), most=1000, context=60).left_out) > 0


@pytest.mark.parametrize("frame", [rows(3), rows(0)])
def test_nothing_left_is_an_error(frame):
    with pytest.raises(BadInput, match=r"None of 3 rows has at most 5 tokens|no rows to train on"):
        encode(frame, most=5)


def test_counting_is_what_an_epoch_computes(tiny_base):
    frame = rows(8)
    encoded = encode(frame)
    counted = count_tokens(tiny_base("llama"), "Answer with the intent.", frame, 10_000)
    assert counted.tokens == counted.step_tokens == encoded.lengths.sum() + encoded.shared
    assert counted.steps == 1
    assert counted.answer_tokens == sum(map(len, encoded.answers))
