"""The alerts' history of a folder, append-only under .surpass/alerts, and where references end."""

from pathlib import Path

import msgspec

from surpass.core.digest import digest_text, short
from surpass.core.errors import BadInput
from surpass.core.records.signal import AlertEvent
from surpass.store.durable import append_line, whole_lines, write_file


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests stay the measure of a release."""

    task: str
    release: str
    requests: int
    last: str  # moment of the last one, ISO 8601


def history(folder: Path) -> tuple[AlertEvent, ...]:
    """All events, the oldest first.

    Raises:
        BadInput: a line that is none of ours.
    """
    path = _file(folder)
    try:
        lines = whole_lines(path.read_bytes())
    except FileNotFoundError:
        return ()
    try:
        return tuple(msgspec.json.decode(line, type=AlertEvent) for line in lines if line.strip())
    except msgspec.DecodeError as error:
        raise BadInput(f"{path} was changed: {error}.", fix="Put the old file back.") from None


def remember(folder: Path, *events: AlertEvent) -> None:
    """Write events down."""
    for event in events:
        append_line(_file(folder), msgspec.json.encode(event))


def frozen(folder: Path, task: str, release: str) -> Frozen | None:
    """Where the reference of a release ends; None: not fixed yet."""
    try:
        content = _reference(folder, task, release).read_bytes()
        return msgspec.json.decode(content, type=Frozen)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def freeze(folder: Path, reference: Frozen) -> None:
    """Fix the reference of a release."""
    path = _reference(folder, reference.task, reference.release)
    write_file(path, msgspec.json.encode(reference) + b"\n")


def _file(folder: Path) -> Path:
    return folder / ".surpass" / "alerts" / "history.jsonl"


def _reference(folder: Path, task: str, release: str) -> Path:
    name = short(digest_text(f"{task}\n{release}"))
    return folder / ".surpass" / "alerts" / f"reference-{name}.json"
