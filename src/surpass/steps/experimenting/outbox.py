"""What other processes than the server have to say to the journal: files that it takes in later."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput, BadMachine
from surpass.core.records.journal import Exposure, Feedback
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal
from surpass.store.durable import whole_lines

_KEPT_DAYS = 2  # after its day a file is written no more; what was taken in may go
_AT_ONCE = 1_000


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two."""

    exposure: Exposure | None = None
    feedback: Feedback | None = None


def say(folder: Path, entry: Exposure | Feedback) -> None:
    """Add one entry to this process's file of the day, in one write."""
    line = _Line(
        exposure=entry if isinstance(entry, Exposure) else None,
        feedback=entry if isinstance(entry, Feedback) else None,
    )
    box = _box(folder)
    box.mkdir(parents=True, exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    with (box / f"{day}.{os.getpid()}.jsonl").open("ab") as stream:
        stream.write(msgspec.json.encode(line) + b"\n")


def take_in(project: Project) -> bool:
    """Write everything that was said to the journal; again changes nothing.

    Returns:
        Whether it is all in; False: a server holds the journal, and it is taken in later.

    Raises:
        BadInput: a whole line is none of ours.
    """
    files = sorted(_box(project.folder).glob("*.jsonl"))
    if not files:
        return True
    entries = [entry for file in files for entry in _entries(file)]
    try:
        with open_journal(project, writer=True) as journal:
            for place in range(0, len(entries), _AT_ONCE):
                journal.write(*entries[place : place + _AT_ONCE])
    except BadMachine:
        return False
    oldest = (datetime.now(UTC) - timedelta(days=_KEPT_DAYS)).date().isoformat()
    for file in files:
        if file.name < oldest:
            file.unlink(missing_ok=True)
    return True


def _entries(file: Path) -> Iterator[Exposure | Feedback]:
    """Whole lines; what is being written just now comes next time."""
    for number, line in enumerate(whole_lines(file.read_bytes()), 1):
        try:
            found = msgspec.json.decode(line, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{file}:{number} is not what surpass wrote ({error}).", fix="Remove that line."
            ) from None
        entry = found.exposure or found.feedback
        if entry is not None:
            yield entry


def _box(folder: Path) -> Path:
    return folder / ".surpass" / "outbox"
