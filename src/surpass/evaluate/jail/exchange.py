"""The strict half inside the jails: tests in one ask for values, the answer in another gives them.

Only plain values cross, as tagged JSON made of built-in types, so an answer can send no object
whose `==` lies. Standard library alone; any Python from 3.9.
"""

from __future__ import annotations

import builtins
import json

TYPE_CHECKING = False  # typing takes longer to import than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, BinaryIO

    from surpass.evaluate.jail.inside import Job

_MANY: dict[str, Callable[[Any], object]] = {"tuple": tuple, "set": set, "frozenset": frozenset}
_SPECIAL: dict[str, Callable[[Any], object]] = {
    "float": float,
    "bytes": bytes.fromhex,
    "complex": lambda pair: complex(*pair),
}


def serve_calls(compiled: Callable[[], CodeType], lines: BinaryIO, replies: BinaryIO) -> None:
    """Run the answer, then call its functions as the tests in the other jail ask."""
    namespace: dict[str, Any] = {"__name__": "answer"}
    try:
        exec(compiled(), namespace)
    except BaseException as error:
        return _say(replies, "raised", type(error).__name__)
    _say(replies, "loaded", "")
    for line in lines:
        try:
            name, args, named = json.loads(line)
            value = json.dumps(pack(namespace[name](*unpack(args), **unpack(named))))
        except BaseException as error:
            _say(replies, "raised", type(error).__name__)
        else:
            _say(replies, "value", value)
    return None


def run_tests(job: Job, lines: BinaryIO, replies: BinaryIO) -> None:
    """Run the tests against stand-ins for whatever the answer is to define."""
    import ast  # half of this file's start, and only tests need it

    namespace = _own_definitions(job.programs[0])
    try:
        tree = ast.parse(job.tests + "\n" + job.call)
        loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        stubs = set(job.programs[1:])  # of the prompt
        for name in loaded - set(dir(builtins)) - set(namespace) | stubs:
            namespace[name] = _stand_in(name, lines, replies)
        exec(compile(tree, "<tests>", "exec", dont_inherit=True), namespace)
    except BaseException as error:
        return _say(replies, "failed", type(error).__name__)
    return _say(replies, "passed", job.nonce)


def _say(replies: BinaryIO, kind: str, text: str) -> None:
    """One line out."""
    replies.write((kind + text + "\n").encode("ascii", "backslashreplace"))
    replies.flush()


def _own_definitions(prompt: str) -> dict[str, object]:
    """What the prompt itself defines: tests may use its imports and helper functions."""
    namespace: dict[str, object]
    for text in (prompt, prompt + "\n    pass\n"):
        namespace = {"__name__": "tests"}
        try:
            exec(compile(text, "<prompt>", "exec", dont_inherit=True), namespace)
        except Exception:  # a prompt in words, or one that ends in the middle of a function
            continue
        return namespace
    return {"__name__": "tests"}


def _stand_in(name: str, lines: BinaryIO, replies: BinaryIO) -> Callable[..., object]:
    """A function that asks the answer's jail; only values come back, never code or objects."""

    def ask(*args: object, **named: object) -> object:
        _say(replies, "call", json.dumps([name, pack(list(args)), pack(named)]))
        line = lines.readline()
        if line.startswith(b"value"):
            return unpack(json.loads(line[len(b"value") :]))
        told = line.decode("ascii", "replace").partition("raised")[2].strip()
        raise _exception(told)(f"{name} raised {told or 'nothing that can be named'}")

    return ask


def _exception(name: str) -> type[Exception]:
    """A built-in exception by its name, for tests that expect one; else RuntimeError.

    StopIteration would end a `map` or `zip` in the tests early, and skip the rest of them.
    """
    kind = getattr(builtins, name, None)
    if not isinstance(kind, type) or not issubclass(kind, Exception):
        return RuntimeError
    return RuntimeError if issubclass(kind, (StopIteration, StopAsyncIteration)) else kind


def pack(value: object) -> object:
    """A plain value as JSON; what JSON lacks is an object with the type's name as its one key.

    Raises:
        TypeError: something else than None, bool, number, text, bytes and collections of these.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, list):
        return [pack(one) for one in value]
    if isinstance(value, dict):
        return {"dict": [[pack(key), pack(one)] for key, one in value.items()]}
    for kind in (tuple, set, frozenset):
        if isinstance(value, kind):
            return {kind.__name__: [pack(one) for one in value]}
    return _pack_special(value)


def _pack_special(value: object) -> dict[str, object]:
    if isinstance(value, float):
        return {"float": repr(float(value))}  # exact, and also nan and inf
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    raise TypeError(f"a {type(value).__name__} cannot leave the jail")


def unpack(packed: object) -> Any:
    """The value again, made of built-in types alone."""
    if isinstance(packed, list):
        return [unpack(one) for one in packed]
    if not isinstance(packed, dict):
        return packed
    ((name, inner),) = packed.items()
    if name == "dict":
        return {unpack(key): unpack(one) for key, one in inner}
    if name in _MANY:
        return _MANY[name](unpack(one) for one in inner)
    return _SPECIAL[name](inner)
