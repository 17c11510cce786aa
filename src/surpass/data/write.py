"""Examples as a file in a usual format: columns under the user's names, or messages."""

import csv
import io
import json
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import ATTRIBUTE, GROUP, INPUT, REFERENCES, ROW, TARGET, TIME
from surpass.core.errors import BadInput
from surpass.core.settings import Data, Task
from surpass.core.transcript import Turn, read_transcript
from surpass.show.escape import starts_formula

PLAIN = ("jsonl", "csv", "tsv", "parquet")
CHATS = ("messages", "openai", "sharegpt")
PAIRS = {"alpaca": ("instruction", "output"), "prompt-completion": ("prompt", "completion")}
STYLES = ("messages", "alpaca", "sharegpt", "prompt-completion", "openai", *PLAIN)

_SHAREGPT = {"user": "human", "assistant": "gpt"}

Json = dict[str, object]


def plain_frame(examples: pl.DataFrame, data: Data, task: Task) -> pl.DataFrame:
    """The examples under the names that their columns have in the user's files."""
    named: dict[str, pl.Expr] = {task.input: pl.col(INPUT), task.output: pl.col(TARGET)}
    return examples.select(
        expression.alias(name) for name, expression in (named | _background(examples, data)).items()
    )


def as_frame_file(frame: pl.DataFrame, style: str) -> tuple[bytes, int]:
    """A frame as CSV, TSV, JSONL or Parquet, and how many cells were defused.

    In CSV and TSV, text that a spreadsheet would run as a formula gets a leading apostrophe, and
    lists are JSON.
    """
    if style == "parquet":
        stream = io.BytesIO()
        frame.write_parquet(stream)
        return stream.getvalue(), 0
    if style == "jsonl":
        return _lines(frame.iter_rows(named=True)), 0
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter="," if style == "csv" else "\t", quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    defused = 0
    writer.writerow(frame.columns)
    for row in frame.iter_rows():
        cells = [_cell(value) for value in row]
        risky = [starts_formula(cell) for cell in cells]
        defused += sum(risky)
        writer.writerow(["'" + c if r else c for c, r in zip(cells, risky, strict=True)])
    return text.getvalue().encode(), defused


def as_training_file(
    examples: pl.DataFrame, data: Data, style: str, instruction: str = ""
) -> bytes:
    """The examples as JSON lines of a format for training, every other column as a key beside it.

    Earlier answers of a conversation have weight 0: each answer is learned where it is the last.

    Args:
        examples: To be written.
        data: How columns are called.
        style: One of CHATS or PAIRS.
        instruction: For `openai`, the system message of rows that have none; such files hold
            nothing but messages and tools.

    Raises:
        BadInput: a column has the name of one of the format's keys.
    """
    beside = examples.select(
        expression.alias(name) for name, expression in _background(examples, data).items()
    )
    if style == "openai":
        beside = beside.select([])
    keys = PAIRS.get(style, ("conversations",) if style == "sharegpt" else ("messages", "tools"))
    if taken := [name for name in beside.columns if name in (*keys, *_read_too(style))]:
        raise BadInput(
            f"The column {taken[0]!r} has the name of a key that {style} gives a meaning.",
            fix="Leave it out with [data] ignore, or export as jsonl.",
        )
    pairs = zip(examples[INPUT], examples[TARGET], strict=True)
    others = beside.iter_rows(named=True) if beside.width else iter([{}] * examples.height)
    return _lines(
        _record(asked, answer, style, instruction) | other
        for (asked, answer), other in zip(pairs, others, strict=True)
    )


def _background(examples: pl.DataFrame, data: Data) -> dict[str, pl.Expr]:
    """What is known of the rows beside input and output, by the user's names."""
    found: dict[str, pl.Expr] = {}
    if data.id is not None:
        found[data.id] = pl.col(ROW)
    if data.group is not None:
        own = pl.when(pl.col(GROUP) != pl.col(ROW)).then(pl.col(GROUP))
        found[data.group] = own if data.id is None else pl.col(GROUP)
    if data.time is not None:
        found[data.time] = pl.col(TIME)
    if data.references is not None and REFERENCES in examples.columns:
        found[data.references] = pl.col(REFERENCES)
    for name in examples.columns:
        if name.startswith(ATTRIBUTE):
            found.setdefault(name.removeprefix(ATTRIBUTE), pl.col(name))
    return found


def _read_too(style: str) -> tuple[str, ...]:
    """Keys that readers of the format understand though we write none of them."""
    if style == "alpaca":
        return ("input", "history", "system")
    return ("system", "tools") if style in CHATS else ("chosen", "rejected")


def _record(asked: str, answer: str, style: str, instruction: str) -> Json:
    if style in PAIRS:
        first, second = PAIRS[style]
        return {first: asked, second: answer}
    turns = read_transcript(asked)
    tools = [turn.text for turn in turns if turn.speaker == "tools"]
    turns = [turn for turn in turns if turn.speaker != "tools"]
    if style == "openai" and instruction and turns[0].speaker not in {"system", "developer"}:
        turns = [Turn("system", instruction), *turns]
    beside: Json = {"tools": _loaded(tools[0])} if tools else {}
    if style == "sharegpt":
        said = [_sharegpt(turn) for turn in turns]
        return {"conversations": [*said, {"from": "gpt", "value": answer}], **beside}
    return {"messages": [*map(_message, turns), _answer(answer)], **beside}


def _message(turn: Turn) -> Json:
    more = _loaded(turn.more) if turn.more else {}
    extra = more if isinstance(more, dict) else {}
    content = turn.text if turn.text or "tool_calls" not in extra else None
    earlier = {"weight": 0} if turn.speaker == "assistant" else {}
    return {"role": turn.speaker, "content": content, **extra, **earlier}


def _sharegpt(turn: Turn) -> Json:
    message = _message(turn)
    said = {"from": _SHAREGPT.get(turn.speaker, turn.speaker), "value": turn.text}
    return said | {key: value for key, value in message.items() if key not in {"role", "content"}}


def _answer(text: str) -> Json:
    """The last message: words, calls of tools where the answer is a list of them, or both.

    What would be read again as another text stays words.
    """
    found = _loaded(text) if text.startswith(("[{", '{"content":')) else None
    found, words = (found if _json(found) == text else None), ""
    if isinstance(found, dict) and list(found) == ["content", "tool_calls"]:
        words, found = str(found["content"]), found["tool_calls"]
    if not isinstance(found, list) or not found or not all(map(_is_call, found)):
        return {"role": "assistant", "content": text}
    calls = [
        {
            "id": f"call_{place}",
            "type": "function",
            "function": {"name": call["name"], "arguments": _json(call["arguments"])},
        }
        for place, call in enumerate(found, start=1)
    ]
    return {"role": "assistant", "content": words or None, "tool_calls": calls}


def _is_call(value: object) -> bool:
    return isinstance(value, dict) and list(value) == ["name", "arguments"]


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _lines(records: Iterator[Json]) -> bytes:
    return "".join(_json(record) + "\n" for record in records).encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
