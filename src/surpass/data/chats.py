"""Lists of messages as turns: OpenAI's `role` and `content`, ShareGPT's `from` and `value`."""

import json

import msgspec

from surpass.core.errors import BadInput
from surpass.core.transcript import Turn, spoken

_SPEAKERS = {
    "system": "system", "developer": "developer", "user": "user", "human": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "model": "assistant",
    "bot": "assistant", "function_call": "assistant", "tool": "tool", "observation": "tool",
    "function": "function",
}  # fmt: skip
_READ = {"role", "from", "content", "value", "tool_calls", "function_call", "weight"}
_FIX_ROLE = 'Write who speaks: "role": "system", "user", "assistant" or "tool".'

Json = dict[str, object]


class Message(msgspec.Struct, frozen=True):
    """One message of a file."""

    turn: Turn
    calls: tuple[Json, ...] = ()  # tools that it calls, each {"name": …, "arguments": {…}}
    trained: bool = True  # False: OpenAI's weight 0, an answer that nobody should learn


def holds_messages(text: str | None) -> bool:
    """Whether a cell looks like a list of messages: enough to try to read it."""
    start = (text or "").lstrip()[:2000].replace(" ", "")
    return start.startswith("[{") and any(f'"{key}":' in start for key in ("role", "from"))


def read_messages(text: str, where: str) -> list[Message]:
    """The messages of a cell.

    Args:
        text: JSON, a list of objects.
        where: File, line and column, for errors: "rows.jsonl:7, messages".

    Raises:
        BadInput: no such list, a message without a role, content that is no text, a call whose
            arguments are not JSON; names the message by its place, from 1.
    """
    try:
        found = msgspec.json.decode(text, type=list[Json])
    except (msgspec.DecodeError, RecursionError):
        raise BadInput(
            f"{where} is not a list of messages.",
            fix='Write it as [{"role": "user", "content": "…"}, …].',
        ) from None
    return [_message(one, f"{where}[{place}]") for place, one in enumerate(found, start=1)]


def answer_text(message: Message) -> str:
    """What an answer says, as one text: words, calls as a JSON list, or both as an object."""
    return spoken(message.turn.text, message.calls)


def _message(given: Json, where: str) -> Message:
    role = given.get("role", given.get("from"))
    if not isinstance(role, str) or not role.strip():
        raise BadInput(f"{where} has no role.", fix=_FIX_ROLE)
    speaker = _SPEAKERS.get(role.strip().lower())
    if speaker is None:
        raise BadInput(f"{where} has the role {role[:40]!r}, which nobody knows.", fix=_FIX_ROLE)
    text = _text(given.get("content", given.get("value")), where)
    if role == "function_call":  # ShareGPT with tools: the call is the text
        return Message(Turn(speaker, "", _json({"tool_calls": [_loaded(text, where)]})),
                       (_call(_loaded(text, where), where),))  # fmt: skip
    calls = _calls(given, where)
    more = {key: value for key, value in given.items() if key not in _READ and value is not None}
    if calls:
        more["tool_calls"] = given.get("tool_calls") or [given.get("function_call")]
    turn = Turn(speaker, text, _json(more) if more else "")
    return Message(turn, calls, given.get("weight") != 0)


def _text(content: object, where: str) -> str:
    """The text of a content, which may be a list of parts; null is no text."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_part(part, where) for part in content)
    raise BadInput(
        f"{where}.content is {type(content).__name__}, not text.", fix="Write it in quotes."
    )


def _part(part: object, where: str) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        return str(part["text"])
    kind = part.get("type") if isinstance(part, dict) else type(part).__name__
    raise BadInput(
        f"{where}.content has a part of type {str(kind)[:40]!r}; only text is read.",
        fix="Leave such parts out, or describe them in words.",
    )


def _calls(given: Json, where: str) -> tuple[Json, ...]:
    calls = given.get("tool_calls")
    if calls is None:
        one = given.get("function_call")
        calls = [] if one is None else [one]
    if not isinstance(calls, list):
        raise BadInput(f"{where}.tool_calls is not a list.", fix="Write [] around the call.")
    return tuple(
        _call(call, f"{where}.tool_calls[{place}]") for place, call in enumerate(calls, start=1)
    )


def _call(call: object, where: str) -> Json:
    """Name and arguments of a call; its id, which nobody could learn, is left out."""
    inside = call.get("function", call) if isinstance(call, dict) else None
    if not isinstance(inside, dict) or not isinstance(inside.get("name"), str):
        raise BadInput(
            f"{where} names no function.",
            fix='Write it as {"type": "function", "function": {"name": "…", "arguments": "{}"}}.',
        )
    arguments = inside.get("arguments", {})
    if isinstance(arguments, str):
        arguments = _loaded(arguments or "{}", f"{where} ({inside['name']}) arguments")
    return {"name": inside["name"], "arguments": arguments}


def _loaded(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(
            f"{where}: {text[:60]!r} is not JSON.",
            fix='Write the arguments as text that holds an object: "{\\"city\\": \\"Leeds\\"}".',
        ) from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
