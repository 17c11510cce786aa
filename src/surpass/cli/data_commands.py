"""Commands about versions of the rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def diff(
    before: str = "files", after: str = "now", *, folder: Path = Path(), json: bool = False
) -> int:
    """Say what changed between two versions of the rows, and who or what changed it.

    Args:
        before: A version (the first letters of its digest), `files` for the rows before any
            decision, `now` for those in force, or a file of rows in the project.
        after: The same.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.diff import diff_account

        return diff_account(project, before, after)

    return answer(folder, verb, json=json, alone=False)
