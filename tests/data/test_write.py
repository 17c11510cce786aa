import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.core.columns import GROUP, INPUT, TARGET, TIME, attribute
from surpass.core.errors import BadInput
from surpass.core.settings import Data, Generate
from surpass.core.transcript import Turn, write_transcript
from surpass.data.delimited import parse_delimited
from surpass.data.examples import to_examples
from surpass.data.json_rows import parse_jsonl
from surpass.data.layouts import arranged
from surpass.data.rows import rows_of
from surpass.data.write import CHATS, PAIRS, as_frame_file, as_training_file, plain_frame

TEXT = Generate(name="t", input="text", output="answer")
CHAT = Generate(name="t", input="messages", output="reply")
DATA = Data(train=("x",), group="customer", time="day")
COMPARED = (INPUT, TARGET, TIME, attribute("channel"))

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)
CALLS = st.lists(st.fixed_dictionaries({"name": WORDS, "arguments": st.dictionaries(WORDS, WORDS)}),
                 min_size=1, max_size=2)  # fmt: skip
ANSWERS = WORDS | CALLS.map(
    lambda calls: json.dumps(calls, ensure_ascii=False, separators=(",", ":"))
)
TURNS = st.lists(
    st.builds(Turn, st.sampled_from(("user", "assistant", "tool")), WORDS), max_size=3
).map(lambda turns: write_transcript([*turns, Turn("user", "and now?")]))
CUSTOMERS = st.sampled_from(["c1", "c2"])
ROWS = st.lists(st.tuples(WORDS, WORDS, CUSTOMERS, WORDS | st.none()), min_size=1, max_size=4)


def examples(rows, task=TEXT):
    names = (task.input, task.output, "customer", "channel")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame = frame.with_columns(day=pl.lit("2024-01-01"))
    return to_examples(rows_of(frame, "f.jsonl"), DATA, task)


def same(before, after):
    assert after.select(COMPARED).rows() == before.select(COMPARED).rows()
    assert after[GROUP].to_list() == before[GROUP].to_list()


@settings(max_examples=30)
@given(ROWS)
def test_jsonl_and_parquet_give_the_same_examples_again(rows):
    before = examples(rows)
    frame = plain_frame(before, DATA, TEXT)
    content, defused = as_frame_file(frame, "jsonl")
    assert defused == 0
    same(before, to_examples(parse_jsonl(content.decode(), "f.jsonl"), DATA, TEXT))
    again = pl.read_parquet(io.BytesIO(as_frame_file(frame, "parquet")[0]))
    same(before, to_examples(rows_of(again, "f.parquet"), DATA, TEXT))


@settings(max_examples=30)
@given(ROWS, st.sampled_from([("csv", ","), ("tsv", "\t")]))
def test_csv_and_tsv_give_the_same_examples_again_but_for_formulas(rows, kind):
    style, delimiter = kind
    before = examples(rows)
    content, defused = as_frame_file(plain_frame(before, DATA, TEXT), style)
    after = to_examples(parse_delimited(content.decode(), f"f.{style}", delimiter), DATA, TEXT)
    changed = 0
    for old, new in zip(before.select(COMPARED).rows(), after.select(COMPARED).rows(), strict=True):
        for one, other in zip(old, new, strict=True):
            assert other in {one, f"'{one}"}
            changed += other != one
    assert changed == defused


@settings(max_examples=30)
@given(st.lists(st.tuples(TURNS, ANSWERS, CUSTOMERS, WORDS | st.none()), min_size=1, max_size=3))
def test_conversations_give_the_same_examples_again(rows):
    before = examples(rows, CHAT)
    for style in ("messages", "sharegpt"):
        text = as_training_file(before, DATA, style).decode()
        laid = arranged(parse_jsonl(text, "f.jsonl"), CHAT.input, CHAT.output)
        same(before, to_examples(laid, DATA, CHAT))


@settings(max_examples=30)
@given(ROWS)
def test_pairs_give_the_same_examples_again(rows):
    before = examples(rows)
    for style, (asked, answered) in PAIRS.items():
        text = as_training_file(before, DATA, style).decode()
        task = Generate(name="t", input=asked, output=answered)
        same(before, to_examples(parse_jsonl(text, "f.jsonl"), DATA, task))


def test_cells_that_a_spreadsheet_would_run_are_defused():
    hostile = ["=cmd()", "+1+cmd", "-2+3", "@SUM(A1)", " =x", "-5", "fine"]
    frame = plain_frame(examples([(text, "a", "c1", None) for text in hostile]), DATA, TEXT)
    content, defused = as_frame_file(frame, "csv")
    cells = [row["text"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]
    assert cells == ["'=cmd()", "'+1+cmd", "'-2+3", "'@SUM(A1)", "' =x", "-5", "fine"]
    assert defused == 5


def test_openai_files_hold_messages_with_the_instruction_and_nothing_else():
    call = '[{"name":"f","arguments":{"a":1}}]'
    turns = write_transcript([Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c")])
    text = as_training_file(
        examples([(turns, call, "c1", "web")], CHAT), DATA, "openai", "Be kind."
    )
    (record,) = map(json.loads, text.decode().splitlines())
    assert record == {"messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "weight": 0},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function",
             "function": {"name": "f", "arguments": '{"a":1}'}}]},
    ]}  # fmt: skip


@pytest.mark.parametrize(
    ("style", "key"),
    [
        ("messages", "tools"), ("messages", "system"), ("sharegpt", "conversations"),
        ("alpaca", "input"), ("alpaca", "output"), ("prompt-completion", "rejected"),
    ],
)  # fmt: skip
def test_a_column_with_the_name_of_a_key_is_refused(style, key):
    frame = examples([("a", "b", "c1", "web")]).with_columns(pl.lit("x").alias(attribute(key)))
    with pytest.raises(BadInput, match=f"column '{key}' has the name of a key"):
        as_training_file(frame, DATA, style)
    assert b"x" not in as_training_file(frame, DATA, "openai")


@pytest.mark.parametrize("style", [*CHATS, *PAIRS])
def test_unknown_columns_come_out_beside_the_keys(style):
    record = json.loads(as_training_file(examples([("a", "b", "c1", "web")]), DATA, style))
    beside = {"customer": "c1", "day": "2024-01-01", "channel": "web"}
    assert (record | beside == record) is (style != "openai")
