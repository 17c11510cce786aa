"""answers/audits.jsonl: which rows were drawn for a random audit, append-only, committed."""

from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.audit import Audit
from surpass.store.durable import append_line, whole_lines


class Audits:
    """Every audit of one project."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "answers" / "audits.jsonl"

    def all(self) -> list[Audit]:
        """Oldest first; what a kill left half-written is not there.

        Raises:
            BadInput: a whole line is no audit.
        """
        if not self._file.exists():
            return []
        found = []
        for number, line in enumerate(whole_lines(self._file.read_bytes()), 1):
            try:
                found.append(msgspec.json.decode(line, type=Audit))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._file}:{number} is not an audit ({error}).",
                    fix="Mend or remove that line.",
                ) from None
        return found

    def add(self, audit: Audit) -> None:
        """Keep one; it is on disk when this returns."""
        append_line(self._file, msgspec.json.encode(audit))
