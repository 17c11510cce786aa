"""The command that runs a cycle: new rows, a challenger, a verdict, and what follows."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from surpass.cli.edge import answer, guarded, shown_progress, tell
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


@dataclass(frozen=True, kw_only=True)
class NewRows:
    """What a cycle begins with; leave all of it out to finish the running one.

    Args:
        rows: Labelled rows to train on besides those there are; copied to labelled/.
        test: A dated slice: labelled rows drawn from what comes in now, which become the test.
        by: Who asks for it.
        reason: Why; it stands in the ledger and in the seal.
        release: Make the challenger champion at once if it passes, in the name of --by.
    """

    rows: Path | None = None
    test: Path | None = None
    by: str = ""
    reason: str = ""
    release: bool = False


_NOTHING = NewRows()


def retrain(
    folder: Path = Path(),
    *,
    asked: Annotated[NewRows, Parameter(name="*")] = _NOTHING,
    stop: str | None = None,
    dry_run: bool = False,
    json: bool = False,
) -> int:
    """Train a challenger on new rows and judge it against the champion and the base.

    The same command goes on where it stopped. A PASS waits for a person (`surpass release`) unless
    --release says otherwise.

    Args:
        folder: The project's folder.
        asked: What the cycle begins with.
        stop: End the running cycle without a verdict, for this reason.
        dry_run: Say whether a cycle is due by [cycle], and what holds it back; start nothing.
        json: Print the account as JSON.
    """
    if dry_run:
        return answer(folder, _due, json=json, alone=False)
    if stop is not None:

        def verb(project: "Project", _: "Progress") -> Account:
            from surpass.cycle.retrain import stop_cycle

            return stop_cycle(project, stop)

        return answer(folder, verb, json=json)

    def work() -> Account:
        from surpass.cycle.retrain import Wanted, retrain
        from surpass.steps.alone import only_command
        from surpass.steps.go import Ears
        from surpass.steps.project import open_project

        project = open_project(folder)
        wanted = Wanted(asked.rows, asked.test, asked.by, asked.reason, asked.release)
        with only_command(folder), shown_progress(json=json) as progress:
            ears = Ears(progress, lambda said: tell(said, json=json), lambda _: True)
            return retrain(project, wanted, ears)

    return guarded(work, json=json, folder=folder)


def _due(project: "Project", _: "Progress") -> Account:
    from datetime import UTC, datetime

    from surpass.cycle.due import due_account

    return due_account(project, datetime.now(UTC))
