"""The usual formats of training files: which one a file has, and its rows as input and output."""

from pathlib import PurePath

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.core.transcript import Turn, write_transcript
from surpass.core.wording import counted
from surpass.data.chat_rows import (
    CONVERSATION,
    MESSAGES,
    REPLY,
    TURNS,
    chat_column,
    reply_rows,
    shared_background,
    whole_rows,
)
from surpass.data.chats import answer_text, holds_messages, read_messages
from surpass.data.rows import Rows

PROMPT = "prompt"
_ALPACA = ("instruction", "output")
_ALPACA_EXTRAS = ("instruction", "input", "history", "system")
_SIGNATURES = (_ALPACA, ("prompt", "completion"), ("prompt", "chosen", "rejected"))
_NO_HISTORY = ("", "[]", "null")
_LEARNED = pl.List(pl.Boolean)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What was recognised in a file."""

    said: str  # one sentence
    rows: Rows  # as input and output
    input: str
    output: str
    instruction: str = ""  # what all rows say alike: it belongs into the prompt
    group: str | None = None  # column of rows that must stay together


def layout_of(rows: Rows) -> Layout | None:
    """The format of a file; none where its columns follow none of them.

    Raises:
        BadInput: rows of two formats are mixed, or one cannot be read.
    """
    column = chat_column(rows.frame)
    _refuse_mixture(rows, column)
    if column is not None:
        return _chat(rows, column)
    there = set(rows.frame.columns)
    if set(_ALPACA) <= there:
        return _alpaca(rows)
    if "chosen" in there and "rejected" in there:
        return _preference(rows)
    if {"prompt", "completion"} <= there:
        said = "prompt and completion: each prompt is an input, its completion the output."
        return Layout(said=said, rows=_pairs(rows), input=PROMPT, output="completion")
    return None


def arranged(rows: Rows, asked: str, answered: str | None) -> Rows:
    """The rows as [task] speaks of them: of a format that is recognised, or as they are.

    Args:
        rows: As the file holds them.
        asked: [task] input.
        answered: [task] output; none: only what is asked matters, as in traffic.

    Raises:
        BadInput: as layout_of.
    """
    frame = rows.frame
    column = chat_column(frame)
    if column is not None and asked in {MESSAGES, TURNS}:
        _refuse_mixture(rows, column)
        if answered == REPLY and REPLY not in frame.columns:
            return _told_once(reply_rows(rows, column), rows, column, asked)
        return _without_other(whole_rows(rows, column, answered=answered is not None), asked)
    if asked == PROMPT and PROMPT not in frame.columns and set(_ALPACA) <= set(frame.columns):
        _refuse_mixture(rows, None)
        return _prompted(rows)
    if asked == PROMPT and answered in {"completion", "chosen"}:
        _refuse_mixture(rows, None)
        return _pairs(rows)
    return rows


def _chat(rows: Rows, column: str) -> Layout:
    shared = shared_background(rows, column)
    laid = reply_rows(rows, column)
    speaks = '"from"' in rows.frame[column].drop_nulls()[0][:200]
    name = "ShareGPT conversations" if speaks else "chat messages"
    several = laid.frame.height > rows.frame.height
    asked = MESSAGES if shared is None else TURNS
    said = f"{name}: each answer of the assistant is a row, after all that was said before it."
    if shared:
        said += " All conversations have the same system message or tools, so they are the prompt."
    return Layout(
        said=said,
        rows=_without_other(laid, asked),
        input=asked,
        output=REPLY,
        instruction=shared or "",
        group=CONVERSATION if several else None,
    )


def _told_once(laid: Rows, rows: Rows, column: str, asked: str) -> Rows:
    """The rows without the input's other form; warns of system messages that are left out."""
    if asked == TURNS and shared_background(rows, column) is None:
        warning = (
            f"{rows.file}: its system messages or tools differ, and `turns` leaves them out. "
            "Set [task] input to `messages`."
        )
        laid = msgspec.structs.replace(laid, warnings=(*laid.warnings, warning))
    return _without_other(laid, asked)


def _without_other(rows: Rows, asked: str) -> Rows:
    other = MESSAGES if asked == TURNS else TURNS
    return msgspec.structs.replace(rows, frame=rows.frame.drop(other))


def _alpaca(rows: Rows) -> Layout:
    frame = rows.frame
    shared = _shared(frame["instruction"])
    full = "input" in frame.columns and frame["input"].null_count() == 0
    plain = not _says(frame, "history") and not _says(frame, "system")
    if shared and full and plain:
        said = "Alpaca, with one instruction on all rows: it is the prompt, `input` what is asked."
        return Layout(said=said, rows=rows, input="input", output="output", instruction=shared)
    said = "Alpaca: `prompt` is the instruction with the row's input below it."
    return Layout(said=said, rows=_prompted(rows), input=PROMPT, output="output")


def _prompted(rows: Rows) -> Rows:
    """Alpaca's parts as one text; earlier questions and answers stand before it as turns."""
    frame = rows.frame
    parts = [
        frame[name] if name in frame.columns else pl.Series(name, [None] * frame.height)
        for name in _ALPACA_EXTRAS
    ]
    prompts = [
        _prompt(row, f"{rows.file}:{line}") for line, *row in zip(rows.lines, *parts, strict=True)
    ]
    kept = frame.select(pl.exclude(*(n for n in _ALPACA_EXTRAS if n in frame.columns)))
    first = pl.Series(PROMPT, [text for text, _ in prompts], dtype=pl.String)
    turns = pl.Series([learned for _, learned in prompts], dtype=_LEARNED)
    return msgspec.structs.replace(rows, frame=kept.insert_column(0, first), turns=turns)


def _prompt(parts: list[str | None], where: str) -> tuple[str, list[bool] | None]:
    """What is asked, and of a conversation which of its turns may be learned: all of them."""
    instruction, given, history, system = (part or "" for part in parts)
    question = "\n\n".join(part for part in (instruction, given) if part)
    turns = [Turn("system", system)] if system else []
    if history not in _NO_HISTORY:
        turns += _earlier(history, where)
    if not turns:
        return question, None
    turns.append(Turn("user", question))
    return write_transcript(turns), [True] * len(turns)


def _earlier(history: str, where: str) -> list[Turn]:
    try:
        pairs = msgspec.json.decode(history, type=list[tuple[str, str]])
    except msgspec.DecodeError:
        raise BadInput(
            f"{where}, history is not a list of pairs.",
            fix='Write it as [["question", "answer"], …].',
        ) from None
    return [
        turn for asked, said in pairs for turn in (Turn("user", asked), Turn("assistant", said))
    ]


def _preference(rows: Rows) -> Layout:
    said = "preference pairs: `chosen` is the output; `rejected` is kept as an attribute."
    return Layout(said=said, rows=_pairs(rows), input=PROMPT, output="chosen")


def _pairs(rows: Rows) -> Rows:
    """Prompts and answers as texts, where they are lists of messages.

    Raises:
        BadInput: without a prompt, chosen and rejected do not begin alike.
    """
    frame = rows.frame
    if PROMPT not in frame.columns:
        frame = frame.with_columns(_common_prompt(rows).alias(PROMPT))
    for name in ("completion", "chosen", "rejected"):
        if name in frame.columns and any(map(holds_messages, frame[name].drop_nulls().head(20))):
            texts = [
                _last_said(text, f"{rows.file}:{line}, {name}")
                for line, text in zip(rows.lines, frame[name], strict=True)
            ]
            frame = frame.with_columns(pl.Series(name, texts, dtype=pl.String))
    prompts = [
        _as_transcript(text, f"{rows.file}:{line}, {PROMPT}")
        for line, text in zip(rows.lines, frame[PROMPT], strict=True)
    ]
    texts = [text for text, _ in prompts]
    frame = frame.with_columns(pl.Series(PROMPT, texts, dtype=pl.String))
    turns = pl.Series([learned for _, learned in prompts], dtype=_LEARNED)
    return msgspec.structs.replace(rows, frame=frame, turns=turns)


def _last_said(text: str | None, where: str) -> str | None:
    """The last message of an answer."""
    if text is None or not holds_messages(text):
        return text
    return answer_text(read_messages(text, where)[-1])


def _as_transcript(text: str | None, where: str) -> tuple[str | None, list[bool] | None]:
    """All of a prompt's messages, and which of them may be learned; none where it is a text."""
    if text is None or not holds_messages(text):
        return text, None
    messages = read_messages(text, where)
    return write_transcript([one.turn for one in messages]), [one.trained for one in messages]


def _common_prompt(rows: Rows) -> pl.Series:
    """What chosen and rejected have in common, as JSON: all messages but the last."""
    prompts = []
    for line, chosen, rejected in zip(
        rows.lines, rows.frame["chosen"], rows.frame["rejected"], strict=True
    ):
        where = f"{rows.file}:{line}"
        if not (holds_messages(chosen) and holds_messages(rejected)):
            raise BadInput(
                f"{where} has no prompt.", fix="Add a column `prompt` with what was asked."
            )
        before = [read_messages(text, where)[:-1] for text in (chosen, rejected)]
        if before[0] != before[1] or not before[0]:
            raise BadInput(
                f"{where}: chosen and rejected answer different questions.",
                fix="Give both the same messages before the last one, or add a column `prompt`.",
            )
        prompts.append(msgspec.json.encode(msgspec.json.decode(chosen)[:-1]).decode())
    return pl.Series(PROMPT, prompts, dtype=pl.String)


def _refuse_mixture(rows: Rows, column: str | None) -> None:
    """Refuse a file whose rows are some of one format and some of another."""
    frame = rows.frame
    signatures: list[tuple[tuple[str, ...], str]] = [((column,), column)] if column else []
    signatures += [
        (names, " and ".join(names)) for names in _SIGNATURES if set(names) <= set(frame.columns)
    ]
    if len(signatures) < 2:
        return
    full = [frame.select(pl.all_horizontal(pl.col(*names).is_not_null())).to_series()
            for names, _ in signatures]  # fmt: skip
    for (_, said), own in zip(signatures[1:], full[1:], strict=True):
        if own.any() and full[0].any() and not (own & full[0]).any():
            line = rows.lines.filter(own)[0]
            raise BadInput(
                f"{PurePath(rows.file).name} mixes two formats: "
                f"{counted(int(full[0].sum()), 'row has', 'rows have')} {signatures[0][1]}, "
                f"{counted(int(own.sum()), 'has', 'have')} {said} (first: {rows.file}:{line}).",
                fix="Put the rows of each format into a file of their own.",
            )


def _shared(column: pl.Series) -> str | None:
    """The one value of all rows, if there are several rows."""
    values = column.unique()
    return values[0] if values.len() == 1 and column.len() > 1 else None


def _says(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and not frame[name].drop_nulls().is_in(_NO_HISTORY).all()
