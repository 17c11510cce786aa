"""The command that draws rows from production for the next cycle."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def collect(
    folder: Path = Path(),
    *,
    slice_units: Annotated[int, Parameter("--slice")] = 0,
    gather: int = 0,
    since: datetime | None = None,
    json: bool = False,
) -> int:
    """Draw requests for the next test by chance, and gather others to train on, to be labelled.

    Reads the journal of `surpass serve`. Both files are written to requests/, once a cycle.

    Args:
        folder: The project's folder.
        slice_units: Users whose one request each becomes a test row, drawn by chance alone.
        gather: Requests to train on: corrected, voted against, unsure, or with new words.
        since: Requests from this day on, in UTC; all there are if absent.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.cycle.collect import Ask
        from surpass.cycle.collect import collect as work

        moment = None if since is None else since.replace(tzinfo=since.tzinfo or UTC)
        return work(project, Ask(slice_units, gather, moment))

    return answer(folder, verb, json=json)
