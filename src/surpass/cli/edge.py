"""What every command does at its edge: lock, run, print, and turn errors into exit statuses."""

import os
import shlex
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from surpass.core.account import Account, Standing
from surpass.core.errors import CannotTell, SurpassError

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project

INPUT_IN_THE_WAY = 3
OUR_FAULT = 4
INTERRUPTED = 130
GROUPS = {"experiment", "key", "label", "rate"}  # commands of two words: `surpass rate results`
STATUSES = {
    Standing.DONE: 0,
    Standing.HOLDS: 0,
    Standing.DOES_NOT_HOLD: 1,
    Standing.CANNOT_TELL: 2,
}

Verb = Callable[["Project", "Progress"], Account]


def answer(folder: Path, verb: Verb, *, json: bool, alone: bool = True) -> int:
    """Open the project, do the verb, print its account.

    Args:
        folder: The project's folder.
        verb: What to do there.
        json: Print the account as JSON.
        alone: Hold the project's lock; commands that only read do without.
    """

    def work() -> Account:
        from surpass.steps.alone import only_command
        from surpass.steps.project import open_project
        from surpass.steps.tracking.along import sent_along

        project = open_project(folder)
        if not alone:
            with shown_progress(json=json) as bar:
                return verb(project, bar)
        with only_command(folder), sent_along(project), shown_progress(json=json) as bar:
            return verb(project, bar)

    return guarded(work, json=json, folder=folder)


def guarded(work: Callable[[], Account], *, json: bool, folder: Path) -> int:
    """Run, print, and answer every error with one sentence and a status."""
    try:
        account = _located(work(), folder)
        print_result(account, json=json)
    except KeyboardInterrupt:
        refuse("Stopped.", "The same command goes on from here.", json=json)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INPUT_IN_THE_WAY
    except (SurpassError, MemoryError, OSError) as error:
        refuse(*_explained(error, folder), json=json)
        cannot_tell = isinstance(error, CannotTell)
        return STATUSES[Standing.CANNOT_TELL] if cannot_tell else INPUT_IN_THE_WAY
    except Exception:  # noqa: BLE001 (the edge: logged and answered)
        _our_fault(folder, json=json)
        return OUR_FAULT
    return STATUSES[account.standing]


def _located(account: Account, folder: Path) -> Account:
    """The account, whose next command names the folder where that is not the present one."""
    verb = account.next_command.split()
    if len(verb) < 2 or folder.resolve() == Path.cwd():
        return account
    words = 3 if verb[1] in GROUPS else 2
    named = [*verb[:words], shlex.quote(str(folder)), *verb[words:]]
    return msgspec.structs.replace(account, next_command=" ".join(named))


def _explained(error: SurpassError | MemoryError | OSError, folder: Path) -> tuple[str, str]:
    """What is in the way, and what to do."""
    if isinstance(error, SurpassError):
        return str(error.args[0]), error.fix
    if isinstance(error, MemoryError):
        return "Memory ran out.", "Lower [training] batch_tokens."
    where = error.filename or folder
    return f"{error.strerror or error}: {where}.", "Make room or give access there, then go on."


def shown_progress(*, json: bool) -> "AbstractContextManager[Progress]":
    """Progress on standard error, or nothing where the output is for a program."""
    if json:
        from surpass.core.progress import Silent

        return nullcontext(Silent())
    from surpass.show.progress import TerminalProgress

    return TerminalProgress()


def print_result(account: Account, *, json: bool) -> None:
    """Show the account on standard output."""
    if json:
        from surpass.show.as_json import to_json

        print(to_json(account))
        return
    from surpass.show.terminal import print_account

    print_account(account)


def agreed(proposal: Account, question: str, *, json: bool) -> bool:
    """Show what is proposed and ask at the terminal; where nobody can answer, the answer is no."""
    if json:
        return False
    print_result(proposal, json=False)
    if not sys.stdin.isatty():
        tell("This needs your word: run it at a terminal, or with --yes.", json=False)
        return False
    try:
        said = input(f"{question} [y/N] ")
    except EOFError:
        return False
    return said.strip().lower() in {"y", "yes"}


def tell(said: str, *, json: bool) -> None:
    """Say something on standard error, unless the output is for a program."""
    if not json:
        from surpass.show.escape import visible

        print(visible(said), file=sys.stderr, flush=True)


def refuse(what: str, fix: str, *, json: bool) -> None:
    """Say what is in the way and what to do: for a program on standard output, else on error."""
    if json:
        print(msgspec.json.encode({"error": what, "fix": fix}).decode())
    else:
        from surpass.show.escape import visible

        print(f"surpass: {visible(what)}\n{visible(fix)}", file=sys.stderr)


def _our_fault(folder: Path, *, json: bool) -> None:
    home = folder / ".surpass"
    trace = traceback.format_exc()
    try:
        (home / "crash.txt").write_text(trace, encoding="utf-8")
    except OSError:  # no project, or no room on the disk
        sys.stderr.write(trace)
        refuse("This is our fault.", "Please report what is printed above.", json=json)
    else:
        refuse("This is our fault.", f"Please report {home / 'crash.txt'}.", json=json)
