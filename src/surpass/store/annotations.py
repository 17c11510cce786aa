"""answers/annotations.jsonl: what annotators said, append-only, committed with the project."""

from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.annotation import Annotation
from surpass.store.durable import append_line, whole_lines
from surpass.store.lock import only_command


class Annotations:
    """Everything that annotators of one project said."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "answers" / "annotations.jsonl"

    def all(self) -> list[Annotation]:
        """Oldest first; what a kill left half-written is not there.

        Raises:
            BadInput: a whole line is no annotation.
        """
        if not self._file.exists():
            return []
        found = []
        for number, line in enumerate(whole_lines(self._file.read_bytes()), 1):
            try:
                found.append(msgspec.json.decode(line, type=Annotation))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._file}:{number} is not an annotation ({error}).",
                    fix="Mend or remove that line.",
                ) from None
        return found

    def add(self, annotation: Annotation) -> None:
        """Keep one; it is on disk when this returns."""
        append_line(self._file, msgspec.json.encode(annotation))


def in_force(annotations: list[Annotation]) -> list[Annotation]:
    """The last word of each person on each row, in the order in which they were said."""
    found: dict[tuple[str, str], Annotation] = {}
    for one in annotations:
        found.pop((one.row, one.by), None)
        if one.verdict != "undone":
            found[one.row, one.by] = one
    return list(found.values())


def only_labels(folder: Path) -> AbstractContextManager[None]:
    """Hold a project's annotations while a block runs; other commands may go on in the project.

    Raises:
        BadMachine: another process is writing them.
    """
    return only_command(folder / ".surpass" / "label")
