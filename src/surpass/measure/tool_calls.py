"""Calls of tools that an answer asks for: reading them, and the facts that they state."""

from collections import Counter
from typing import NamedTuple

from surpass.measure.records import Record, Value, read_json, record_of

Fact = tuple[str, str, Value]  # tool, argument, value


class Call(NamedTuple):
    """One call."""

    name: str
    arguments: Record


def read_calls(text: str) -> list[Call] | None:
    """The calls that a text asks for, in their order; none where they cannot be read.

    Read are one call or a list of them, bare or under `tool_calls`, each as
    `{"name": …, "arguments": {…}}` or as OpenAI's `{"type": "function", "function": {…}}`, where
    the arguments may be text that holds JSON. Prose asks for no call; broken JSON cannot be read.
    """
    if not text.lstrip().startswith(("{", "[")):
        return []
    found = read_json(text)
    if isinstance(found, dict) and "tool_calls" in found:
        found = found["tool_calls"] or []
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        return None
    calls = [_call(one) for one in found]
    read = [call for call in calls if call is not None]
    return read if len(read) == len(calls) else None


def names_of(calls: list[Call]) -> list[str]:
    """Names of the tools, in the order of the calls."""
    return [call.name for call in calls]


def same_calls(expected: list[Call], given: list[Call], *, ordered: bool) -> bool:
    """Whether the same tools are called with the same arguments.

    Args:
        expected: What should be called.
        given: What is called.
        ordered: Whether the order must be the same too.
    """
    if ordered or len(expected) != len(given):
        return expected == given
    left = list(expected)
    for call in given:
        if call not in left:
            return False
        left.remove(call)
    return True


def facts_of(calls: list[Call]) -> Counter[Fact]:
    """Every argument with its tool and its value, as often as it occurs."""
    return Counter(
        (call.name, name, value) for call in calls for name, value in call.arguments.items()
    )


def _call(found: object) -> Call | None:
    if isinstance(found, dict) and isinstance(found.get("function"), dict):
        found = found["function"]
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return None
    arguments = found.get("arguments")
    if isinstance(arguments, str) and arguments.strip():
        arguments = read_json(arguments)
    elif not arguments:  # left out, null, "" or {}: a call without arguments
        arguments = {}
    return Call(found["name"], record_of(arguments)) if isinstance(arguments, dict) else None
