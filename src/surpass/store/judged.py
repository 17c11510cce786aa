"""answers/judged.jsonl: what judges were asked and said; append-only, and committed."""

from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.judging import JudgeFinished, JudgeLine
from surpass.store.durable import append_line, whole_lines


class JudgedStore:
    """The judge's lines of one project; its replies as they came lie in .surpass."""

    def __init__(self, folder: Path) -> None:
        self._lines = folder / "answers" / "judged.jsonl"
        self.replies = folder / ".surpass" / "rating" / "judge-replies.jsonl"

    def lines(self) -> list[JudgeLine]:
        """Everything, oldest first; what a kill left half-written is not there.

        Raises:
            BadInput: a whole line is none of ours.
        """
        if not self._lines.exists():
            return []
        found: list[JudgeLine] = []
        for number, line in enumerate(whole_lines(self._lines.read_bytes()), 1):
            try:
                found.append(msgspec.json.decode(line, type=JudgeLine))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._lines}:{number} is not a judge's line ({error}).",
                    fix="Mend or remove that line.",
                ) from None
        return found

    def finished(self) -> list[JudgeFinished]:
        """What judges said, oldest first."""
        return [line for line in self.lines() if isinstance(line, JudgeFinished)]

    def add(self, line: JudgeLine) -> None:
        """Keep one line; it is on disk when this returns."""
        append_line(self._lines, msgspec.json.encode(line))
