"""answers/models.jsonl: which models were brought into the project, append-only."""

from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.brought import Brought
from surpass.store.durable import append_line, whole_lines


def brought_models(project: Path) -> dict[str, Brought]:
    """The newest entry of each name, in the order in which the names first came.

    Raises:
        BadInput: a line is not an entry.
    """
    path = _path(project)
    if not path.exists():
        return {}
    found: dict[str, Brought] = {}
    for number, line in enumerate(whole_lines(path.read_bytes()), 1):
        try:
            entry = msgspec.json.decode(line, type=Brought)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{path}:{number} is not a model that was brought ({error}).",
                fix="Mend or remove that line.",
            ) from None
        found[entry.name] = entry
    return found


def add_brought(project: Path, entry: Brought) -> None:
    """Add an entry."""
    append_line(_path(project), msgspec.json.encode(entry))


def _path(project: Path) -> Path:
    return project / "answers" / "models.jsonl"
