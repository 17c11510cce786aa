"""Tables in results.md: one line a measurement, with date, commit and processor."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from surpass.core.environment import processor

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"


def record(title: str, made_by: str, columns: tuple[str, ...], row: list[str]) -> None:
    """Put a line into the table under `title`, replacing the one with the same first cell."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    line = "| " + " | ".join([*row, _stamp()]) + " |"
    heading = f"## {title}\n"
    if heading not in text:
        head = "| " + " | ".join([*columns, "made on"]) + " |"
        rule = "|" + "---|" * (len(columns) + 1)
        text = f"{text.rstrip()}\n\n{heading}\nMade by `{made_by}`.\n\n{head}\n{rule}\n"
    before, _, rest = text.partition(heading)
    table, gap, after = rest.partition("\n\n## ")
    table = re.sub(rf"^\| {re.escape(row[0])} \|.*\n?", "", table, flags=re.MULTILINE)
    RESULTS.write_text(f"{before}{heading}{table.rstrip()}\n{line}\n{gap[1:]}{after}", "utf-8")
    print(line, flush=True)


def _stamp() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    return f"{datetime.now(UTC):%Y-%m-%d}, {commit.stdout.strip()}, {processor()}"
