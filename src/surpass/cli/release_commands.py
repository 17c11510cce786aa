"""Commands that move the champion, and what leaves the project: release, track, pack and more."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from surpass.cli.edge import answer, guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who approves, and why if there is no PASS.

    Args:
        by: Who approves it; your user name if absent.
        force: Release without a PASS; needs --by and --reason, and is shown for ever.
        reason: Why it is released without a PASS.
    """

    by: str | None = None
    force: bool = False
    reason: str | None = None


_YOURS = Approval()
_FLAT = Parameter(name="*")  # the fields are options of the command itself


def release(
    folder: Path = Path(),
    *,
    of: str | None = None,
    approval: Annotated[Approval, _FLAT] = _YOURS,
    on: str | None = None,
    check: Path | None = None,
    json: bool = False,
) -> int:
    """Make the model of the last PASS champion, and keep it in a folder that stands for itself.

    With --on it says what was live then, and with --check whether a verdict file holds; neither
    changes anything.

    Args:
        folder: The project's folder.
        of: The model to release: `tuned` or `adopted:NAME`; the model of the last PASS if absent.
        approval: Who approves, and why if there is no PASS.
        on: Say what was champion on this day, such as 2026-11-01, or at this moment, in UTC.
        check: Follow this verdict.json: itself, the files beside it, and the project's ledger.
        json: Print the account as JSON.
    """

    def follow() -> Account:
        from surpass.steps.releasing.check_file import checked_account

        return checked_account(check or Path(), folder)

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.releasing.release import Wish
        from surpass.steps.releasing.release import release as make
        from surpass.steps.releasing.tell import live_account

        if on is not None:
            return live_account(project, on)
        wish = Wish(of, approval.by, approval.force, approval.reason)
        return make(project, wish, progress)

    if check is not None:
        return guarded(follow, json=json, folder=folder)
    return answer(folder, verb, json=json, alone=on is None)


def rollback(
    folder: Path = Path(),
    *,
    to: str | None = None,
    by: str | None = None,
    reason: str | None = None,
    json: bool = False,
) -> int:
    """Make an earlier champion champion again, at once: nothing is trained, copied or judged.

    Args:
        folder: The project's folder.
        to: Name or digest of a released model; the champion before the present one if absent.
        by: Who decides it; your user name if absent.
        reason: Why, for the ledger.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.releasing.rollback import NO_REASON, Back
        from surpass.steps.releasing.rollback import rollback as back

        return back(project, Back(to, by, NO_REASON if reason is None else reason))

    return answer(folder, verb, json=json)


def track(folder: Path = Path(), *, follow: bool = False, json: bool = False) -> int:
    """Tell the trackers of [track] what they were not told yet: runs, scores, verdicts, releases.

    Other commands send along while they work; this one says whether anything still waits, and why.

    Args:
        folder: The project's folder.
        follow: Go on until standard input ends, saying nothing; other commands start it so.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.tracking.deliver import follow as go_on
        from surpass.steps.tracking.deliver import track_account

        if follow:
            go_on(project)
        return track_account(project)

    return answer(folder, verb, json=json, alone=False)


def pack(file: Path, folder: Path = Path(), *, json: bool = False) -> int:
    """Write the project into one file, with all that training on another machine needs.

    No key, no link, no production traffic is in it; the rows are, those of the sealed test too.

    Args:
        file: To be written, such as project.zip; nothing that exists is overwritten.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.releasing.pack import pack_account

        return pack_account(project, file)

    return answer(folder, verb, json=json)


def unpack(file: Path, folder: Path | None = None, *, json: bool = False) -> int:
    """Lay a packed project down in a new folder, or bring what is new of it home.

    In the folder that it was packed in, results, answers and the ledger's entries that came since
    are added; nothing that is there is changed or lost.

    Args:
        file: What `surpass pack` wrote.
        folder: The project's folder; one named like the file if absent.
        json: Print the account as JSON.
    """
    home = folder or file.with_suffix("")

    def work() -> Account:
        from surpass.steps.releasing.unpack import unpack_account

        return unpack_account(file, home)

    return guarded(work, json=json, folder=home)
