"""What people said: append-only JSON lines in answers/, committed with the project."""

from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.store.durable import append_line, whole_lines


class Answers:
    """answers/ of one project."""

    def __init__(self, folder: Path) -> None:
        self._decisions = folder / "answers" / "decisions.jsonl"

    def decisions(self) -> list[Decision]:
        """Every decision about rows, oldest first; a later one on the same row wins."""
        if not self._decisions.exists():
            return []
        found = []
        for number, line in enumerate(whole_lines(self._decisions.read_bytes()), 1):
            try:
                found.append(msgspec.json.decode(line, type=Decision))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._decisions}:{number} is not a decision ({error}).",
                    fix="Mend or remove that line.",
                ) from None
        return found

    def decide(self, decisions: list[Decision]) -> None:
        """Add decisions."""
        for decision in decisions:
            append_line(self._decisions, msgspec.json.encode(decision))
