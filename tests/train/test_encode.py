"""Rows become tokens; the too long ones are left out by name."""

import numpy as np
import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.core.transcript import Turn, write_transcript
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


def chat(*said):
    """A row for each answer of one conversation, as a file of chat messages is read."""
    found = []
    for place in range(1, len(said), 2):
        speakers = ["user", "assistant"] * place
        asked = [Turn(who, text) for who, text in zip(speakers, said[:place], strict=False)]
        row = {"row": f"c:{place}", "input": write_transcript(asked), "target": said[place]}
        found.append(row | {"turns": [True] * place})
    return pl.DataFrame(found, schema_overrides={"turns": pl.List(pl.Boolean)})


def taught(encoded, row):
    """The texts with loss."""
    whole = [*encoded.prompts[row], *encoded.answers[row]]
    return [TOKENIZER.decode(whole[slice(*span)]) for span in encoded.learned(row)]


CHAT = chat("dead line", "since when?", "Tuesday", "we come", "thanks", "welcome")


def test_each_answer_of_a_conversation_is_learned_behind_its_turns():
    encoded = encode(CHAT)
    assert encoded.names == ("c:1", "c:3", "c:5")
    assert [taught(encoded, row) for row in range(3)] == [
        [f"{answer}<|im_end|>"] for answer in CHAT["target"]
    ]
    assert TOKENIZER.decode(encoded.prompts[1]).endswith(
        "<|im_start|>user\ndead line<|im_end|>\n<|im_start|>assistant\nsince when?<|im_end|>\n"
        "<|im_start|>user\nTuesday<|im_end|>\n<|im_start|>assistant\n"
    )


def test_all_answers_of_a_conversation_are_learned_at_once_and_none_of_them_twice():
    other = chat("moving", "where to?", "Leeds", "noted").with_columns(row="d:" + pl.col("row"))
    frame = pl.concat([CHAT, other])
    encoded = encode_rows(
        TOKENIZER, "Answer with the intent.", frame, most=None, context=256, loss_on="assistant"
    )
    assert encoded.names == ("c:5", "d:c:3")
    assert encoded.left_out == ()
    assert taught(encoded, 0) == [f"{answer}<|im_end|>" for answer in CHAT["target"]]
    assert taught(encoded, 1) == ["where to?<|im_end|>", "noted<|im_end|>"]
    assert encoded.shared < encoded.learned(0)[0][0]


def test_copies_of_a_row_are_all_learned_and_rows_of_one_text_as_ever():
    twice = pl.concat([CHAT, CHAT.with_columns(row="again " + pl.col("row"))])
    for frame, names in ((twice, ("c:5", "again c:5")), (rows(4), tuple(rows(4)["row"]))):
        one, all_of_them = (
            encode_rows(TOKENIZER, "Answer.", frame, most=None, context=256, loss_on=loss_on)
            for loss_on in ("answer", "assistant")
        )
        assert all_of_them.names == names
        kept = [one.names.index(name) for name in names]
        assert all_of_them.prompts == tuple(one.prompts[row] for row in kept)
        assert all_of_them.answers == tuple(one.answers[row] for row in kept)


def test_counting_is_what_an_epoch_computes(tiny_base):
    frame = rows(8)
    encoded = encode(frame)
    counted = count_tokens(tiny_base("llama"), "Answer with the intent.", frame, 10_000)
    assert counted.tokens == counted.step_tokens == encoded.lengths.sum() + encoded.shared
    assert counted.steps == 1
    assert counted.answer_tokens == sum(map(len, encoded.answers))
