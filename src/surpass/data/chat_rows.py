"""Files of conversations as rows: one for each answer, after all that was said before it."""

from collections import Counter
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.core.transcript import Turn, write_transcript
from surpass.core.wording import counted
from surpass.data.chats import Message, answer_text, holds_messages, read_messages
from surpass.data.rows import Rows

MESSAGES = "messages"  # everything said before the answer, system message and tools included
TURNS = "turns"  # the same without system message and tools, which then stand in the instruction
REPLY = "reply"  # the answer
TURN = "turn"  # which answer of its conversation it is, from 1
CONVERSATION = "conversation"  # file and line of the conversation
_PAIRS = ("prompt", "completion", "chosen", "rejected")  # hold messages, but of one question
_BACKGROUND = {"system", "developer", "tools"}


class Chat(NamedTuple):
    """One conversation of a file."""

    place: str  # line of the file
    background: list[Turn]  # tools and system message
    said: list[Message]  # everything else


def chat_column(frame: pl.DataFrame) -> str | None:
    """The column that holds conversations; none where no column does."""
    for name in frame.columns:
        if name.lower() not in _PAIRS and holds_messages(_first(frame[name])):
            return name
    return None


def reply_rows(rows: Rows, column: str) -> Rows:
    """One row for each answer that is to be learned, with MESSAGES, TURNS, REPLY and where it is.

    Columns of the file stay, except those that the texts now say. An answer to nothing, as a
    greeting, and one of weight 0 are read as what was said before.

    Raises:
        BadInput: a row has no conversation, one cannot be read, or none holds an answer.
    """
    chats = read_chats(rows, column)
    found: dict[str, list[str]] = {name: [] for name in (MESSAGES, TURNS, REPLY, TURN)}
    taken, places, learned = [], [], []
    for index, chat in enumerate(chats):
        answers = _answers(chat)
        for number, place in enumerate(answers, start=1):
            before = [message.turn for message in chat.said[:place]]
            found[MESSAGES].append(write_transcript([*chat.background, *before]))
            found[TURNS].append(write_transcript(before))
            found[REPLY].append(answer_text(chat.said[place]))
            found[TURN].append(str(number))
            learned.append([message.trained for message in chat.said[:place]])
            taken.append(index)
            places.append(chat.place if len(answers) == 1 else f"{chat.place}.{number}")
    if not taken:
        raise BadInput(
            f"{rows.file}: no conversation in {column!r} holds an answer to learn.",
            fix="Add what the assistant should answer, as the last message.",
        )
    kept = rows.frame[taken].select(pl.exclude(column, *_said_in(rows.frame)))
    conversation = [f"{rows.file}:{chats[index].place}" for index in taken]
    derived = {CONVERSATION: conversation, **found}
    new = {name: values for name, values in derived.items() if name not in kept.columns}
    return msgspec.structs.replace(
        rows,
        frame=pl.DataFrame([*kept, *(pl.Series(name, values) for name, values in new.items())]),
        lines=pl.Series("line", places, dtype=pl.String),
        warnings=(*rows.warnings, *_warnings(rows.file, chats)),
        turns=pl.Series(learned, dtype=pl.List(pl.Boolean)),
    )


def whole_rows(rows: Rows, column: str, *, answered: bool) -> Rows:
    """One row for each conversation as text: to be judged, not to be continued.

    Args:
        rows: Of a file.
        column: That holds the conversations.
        answered: Keep what the assistant said last.

    Raises:
        BadInput: as read_chats.
    """
    chats = read_chats(rows, column)
    spoken = [_spoken(chat, answered=answered) for chat in chats]
    whole = [[*chat.background, *said] for chat, said in zip(chats, spoken, strict=True)]
    kept = rows.frame.select(pl.exclude(column, *_said_in(rows.frame)))
    texts = [
        pl.Series(MESSAGES, [write_transcript(turns) for turns in whole]),
        pl.Series(TURNS, [write_transcript(turns) for turns in spoken]),
    ]
    return msgspec.structs.replace(rows, frame=pl.DataFrame([*kept, *texts]))


def shared_background(rows: Rows, column: str) -> str | None:
    """System message and tools, if all conversations have the same; none where they differ.

    Empty where there are none.
    """
    texts = {_instruction(chat.background) for chat in read_chats(rows, column)}
    return texts.pop() if len(texts) == 1 else None


def read_chats(rows: Rows, column: str) -> list[Chat]:
    """Every conversation of a column.

    Raises:
        BadInput: a row has none, or one that cannot be read.
    """
    frame = rows.frame
    systems = frame["system"] if "system" in frame.columns else [None] * frame.height
    tools = frame["tools"] if "tools" in frame.columns else [None] * frame.height
    chats = []
    for line, text, system, tool in zip(rows.lines, frame[column], systems, tools, strict=True):
        where = f"{rows.file}:{line}, {column}"
        if not text:
            raise BadInput(
                f"{rows.file}:{line} has no {column!r}, which "
                f"{counted(frame.height - frame[column].null_count(), 'row has', 'rows have')}.",
                fix="Put rows of another format into a file of their own.",
            )
        messages = read_messages(text, where)
        first = [Turn("tools", tool)] if tool and tool != "[]" else []
        first += [Turn("system", system)] if system else []
        first += [m.turn for m in messages if m.turn.speaker in _BACKGROUND]
        said = [m for m in messages if m.turn.speaker not in _BACKGROUND]
        chats.append(Chat(str(line), first, said))
    return chats


def _spoken(chat: Chat, *, answered: bool) -> list[Turn]:
    turns = [message.turn for message in chat.said]
    while turns and not answered and turns[-1].speaker == "assistant":
        turns.pop()
    return turns


def _said_in(frame: pl.DataFrame) -> list[str]:
    return [name for name in ("system", "tools") if name in frame.columns]


def _first(column: pl.Series) -> str | None:
    present = column.drop_nulls()
    return None if present.is_empty() else str(present[0])


def _answers(chat: Chat) -> list[int]:
    """Places of the answers to learn."""
    return [
        place
        for place, message in enumerate(chat.said)
        if place > 0 and message.turn.speaker == "assistant" and message.trained
    ]


def _instruction(background: list[Turn]) -> str:
    parts = [f"Tools: {t.text}" if t.speaker == "tools" else t.text for t in background]
    return "\n\n".join(part.strip() for part in parts)


def _warnings(file: str, chats: list[Chat]) -> list[str]:
    """What was read but is odd: conversations without an answer, turns without a text."""
    silent = [chat.place for chat in chats if not _answers(chat)]
    empty = [c.place for c in chats if any(_is_empty(message) for message in c.said)]
    twice = Counter(chat.place for chat in chats for turn in chat.background
                    if turn.speaker == "system")  # fmt: skip
    several = [place for place, times in twice.items() if times > 1]
    told = (
        (silent, "conversation has no answer to learn", "conversations have no answer to learn"),
        (empty, "conversation has an empty turn", "conversations have an empty turn"),
        (several, "conversation has several system messages, which were joined at its start",
         "conversations have several system messages, which were joined at their start"),
    )  # fmt: skip
    return [
        f"{file}: {counted(len(places), *words)} (first: line {places[0]})."
        for places, *words in told
        if places
    ]


def _is_empty(message: Message) -> bool:
    return not message.turn.text.strip() and not message.turn.more
