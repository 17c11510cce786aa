"""What a row asks: one text of the user, or a conversation whose turns the template writes."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.transcript import BACKGROUND, Turn, earlier_answer, read_transcript

Asked = str | tuple[Turn, ...]
"""An input as the template is given it."""

Message = dict[str, str]
"""One turn as chat templates read it: `role` and `content`."""


class Conversation(NamedTuple):
    """A conversation up to the open question."""

    background: str  # system messages and tools, for the template's system message
    said: list[Message]  # everything else in its order
    learned: list[bool]  # of each message, whether it is an earlier answer that may be learned


def asked_of(rows: pl.DataFrame) -> list[Asked]:
    """The input of each row, in their order: turns where the rows say that it is a conversation.

    What stands in one text of a user is never read as turns, whatever it looks like.
    """
    texts = rows[columns.INPUT].to_list()
    if columns.TURNS not in rows.columns:
        return texts
    return [
        text if learned is None else _turns(text, learned.to_list())
        for text, learned in zip(texts, rows[columns.TURNS], strict=True)
    ]


def conversation(asked: Asked, *, knows_tool: bool) -> Conversation:
    """The messages of an input.

    What a tool returned is said by the user where the template knows no tool. An answer to
    nothing, as a greeting, is never learned.

    Args:
        asked: The input.
        knows_tool: Whether the template writes messages of the role `tool`.
    """
    if isinstance(asked, str):
        return Conversation("", [{"role": "user", "content": asked}], [False])
    background = [
        f"Tools: {turn.text}" if turn.speaker == "tools" else turn.text
        for turn in asked
        if turn.speaker in BACKGROUND
    ]
    turns = [turn for turn in asked if turn.speaker not in BACKGROUND]
    said = [_message(turn, knows_tool=knows_tool) for turn in turns]
    learned = [
        place > 0 and turn.speaker == "assistant" and turn.learned
        for place, turn in enumerate(turns)
    ]
    return Conversation("\n\n".join(filter(None, map(str.strip, background))), said, learned)


def _turns(text: str, learned: list[bool]) -> Asked:
    """The turns of a transcript; a question that stands alone stays the text that it is."""
    turns = read_transcript(text)
    if [(turn.speaker, turn.more) for turn in turns] == [("user", "")]:
        return text
    if len(learned) != len(turns):  # somebody wrote another text for it: nothing is known of it
        learned = [False] * len(turns)
    change = msgspec.structs.replace
    return tuple(change(turn, learned=may) for turn, may in zip(turns, learned, strict=True))


def _message(turn: Turn, *, knows_tool: bool) -> Message:
    if turn.speaker == "assistant":
        return {"role": "assistant", "content": earlier_answer(turn)}
    is_tool = turn.speaker in {"tool", "function"}
    return {"role": "tool" if is_tool and knows_tool else "user", "content": turn.text}
