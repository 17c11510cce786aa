"""surpass rollback: an earlier champion is champion again; nothing is trained, copied or judged."""

from typing import NamedTuple

from surpass.core.account import Account
from surpass.core.environment import user_name
from surpass.core.errors import BadInput, Refused
from surpass.core.records.decisions import Rollback
from surpass.core.records.release import Release
from surpass.release.folder import require_whole
from surpass.steps.project import Project
from surpass.steps.releasing.read import moves, releases, standing
from surpass.steps.releasing.release import spoken
from surpass.steps.releasing.tell import released_account

_SHORTEST = 4  # digits that name a model
NO_REASON = "no reason was given"


class Back(NamedTuple):
    """Where to go back to, and who says so."""

    to: str | None = None  # name or digest of a release; none: the champion before
    by: str | None = None  # none: the user's name
    reason: str = NO_REASON


def rollback(project: Project, back: Back) -> Account:
    """Move the champion back.

    Raises:
        Refused: nothing was released, or nothing before the champion.
        BadInput: no release has that name, or several have.
        BadMachine: the files of the model to go back to are gone or were changed.
    """
    by, reason = spoken(back.by or user_name(), "--by"), spoken(back.reason, "--reason")
    stack = standing(moves(project))
    if not stack:
        raise Refused("Nothing was released yet.", fix="Run `surpass release`.")
    present = stack[-1]
    target = _earlier(stack) if back.to is None else _named(releases(project), back.to)
    if target.entry == present.entry:
        raise BadInput(f"{present.name} is champion already.", fix="Name another with --to.")
    require_whole(target.folder)
    project.ledger.append(
        Rollback(release=target.entry, instead_of=present.model, by=by, reason=reason)
    )
    return released_account(project, changed=True)


def _earlier(stack: list[Release]) -> Release:
    if len(stack) < 2:
        raise Refused(
            f"{stack[-1].name} is the first champion; there is none to go back to.",
            fix="Release another model: `surpass release`.",
        )
    return stack[-2]


def _named(made: list[Release], wanted: str) -> Release:
    """The newest release of the one model that is meant."""
    found = [one for one in made if _means(one, wanted)]
    if not found:
        listed = ", ".join(dict.fromkeys(one.name for one in made)) or "none"
        raise BadInput(f"No release is called {wanted!r}.", fix=f"Released were: {listed}.")
    if len({one.model for one in found}) > 1:
        listed = ", ".join(dict.fromkeys(one.name for one in found))
        raise BadInput(f"{wanted!r} means several: {listed}.", fix="Write more digits.")
    return found[-1]


def _means(release: Release, wanted: str) -> bool:
    digits = wanted.rpartition("@")[2]
    if "@" in wanted and not release.name.startswith(wanted):
        return False
    return len(digits) >= _SHORTEST and release.model.startswith(digits)
