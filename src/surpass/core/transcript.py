"""A conversation as one text, and the text as its turns again: nothing that is said forges a turn.

A question that stands alone is written as it is. Everything else has one turn after the other, each
behind its speaker: `System: …`, `User: …`, `Assistant: …`. What a turn has beside its text, such as
calls of tools, stands on a line before it: `Assistant has: {"tool_calls":[…]}`. A line that
somebody says and that looks like the beginning of a turn gets one space in front.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress

import msgspec

SPEAKERS = ("tools", "system", "developer", "user", "assistant", "tool", "function")
"""Who speaks; `tools` is not a person but the list of tools that may be called."""

BACKGROUND = frozenset({"tools", "system", "developer"})
"""Who says what holds for all of a conversation; in our files they stand at its start."""

Json = dict[str, object]

_NAMES = "|".join(speaker.capitalize() for speaker in SPEAKERS)
_HEAD = re.compile(rf"({_NAMES})( has)?:(?: |$)")
_LOOKS_LIKE_HEAD = re.compile(rf" *({_NAMES})( has)?:(?: |$)")


class Turn(msgspec.Struct, frozen=True):
    """What one speaker says."""

    speaker: str  # one of SPEAKERS
    text: str
    more: str = ""  # compact JSON object of everything else, such as {"tool_calls":[…]}
    learned: bool = True  # of an answer: False, if its file gives it the weight 0; in no transcript


def write_transcript(turns: list[Turn]) -> str:
    """The turns as one text; `read_transcript` gives them back."""
    if [(turn.speaker, turn.more) for turn in turns] == [("user", "")]:
        return "\n".join(map(_guarded, turns[0].text.split("\n")))
    lines = []
    for turn in turns:
        name = turn.speaker.capitalize()
        lines += [f"{name} has: {turn.more}"] if turn.more else []
        first, *rest = turn.text.split("\n")
        lines += [f"{name}: {first}", *map(_guarded, rest)]
    return "\n".join(lines)


def read_transcript(text: str) -> list[Turn]:
    """The turns of a text; one of the user where it begins with no speaker."""
    lines = text.split("\n")
    if not _HEAD.match(lines[0]):
        return [Turn("user", "\n".join(map(_unguarded, lines)))]
    turns: list[Turn] = []
    more = ""
    for line in lines:
        head = _HEAD.match(line)
        if head is None:
            last = turns.pop() if turns else Turn("user", "")
            turns.append(Turn(last.speaker, f"{last.text}\n{_unguarded(line)}", last.more))
        elif head[2]:
            more = line[head.end() :]
        else:
            turns.append(Turn(head[1].lower(), line[head.end() :], more))
            more = ""
    return turns


def spoken(text: str, calls: Sequence[Json]) -> str:
    """An answer as one text, the form in which answers are learned: words, calls of tools, or both.

    Args:
        text: The words.
        calls: Each {"name": …, "arguments": {…}}.
    """
    if not calls:
        return text
    return _json({"content": text, "tool_calls": calls} if text else calls)


def earlier_answer(turn: Turn) -> str:
    """What the assistant said before, in the form in which answers are learned."""
    calls = _more(turn).get("tool_calls")
    return spoken(turn.text, [_call(one) for one in calls] if isinstance(calls, list) else [])


def _more(turn: Turn) -> Json:
    try:
        found = json.loads(turn.more or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _call(given: object) -> Json:
    """Name and arguments of a call as OpenAI writes it; its id, which nobody could learn, not."""
    inside = given.get("function", given) if isinstance(given, dict) else None
    if not isinstance(inside, dict):
        return {"name": "", "arguments": given}
    arguments = inside.get("arguments", {})
    with suppress(ValueError):  # what is no JSON stays the text that it is
        arguments = json.loads(arguments or "{}") if isinstance(arguments, str) else arguments
    return {"name": inside.get("name", ""), "arguments": arguments}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _guarded(line: str) -> str:
    return " " + line if _LOOKS_LIKE_HEAD.match(line) else line


def _unguarded(line: str) -> str:
    return line[1:] if line.startswith(" ") and _LOOKS_LIKE_HEAD.match(line) else line
