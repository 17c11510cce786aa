"""Which cycle is running, and what must be so before one may begin."""

from typing import NamedTuple

from surpass.core.digest import short
from surpass.core.errors import BadInput, Refused
from surpass.core.records.brought import ADOPTED
from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.decisions import Body
from surpass.core.records.release import Release
from surpass.model.find import find_base
from surpass.steps.project import Project
from surpass.steps.releasing.read import champion

CHAMPION = f"{ADOPTED}champion"
"""The rung under which the model in use stands on the ladder."""


class Running(NamedTuple):
    """A cycle that was started and has no end yet."""

    entry: str  # digest of its start
    start: CycleStarted


def running_cycle(project: Project) -> Running | None:
    """The last cycle that was started, if it has not ended."""
    ended = {body.start for _, body in project.ledger.bodies(CycleEnded)}
    open_ones = [
        Running(entry, body)
        for entry, body in project.ledger.bodies(CycleStarted)
        if entry not in ended
    ]
    return open_ones[-1] if open_ones else None


def bodies_after(project: Project, entry: str) -> list[Body]:
    """What the ledger has after an entry, in its order."""
    digests = [digest for digest, _ in project.ledger.entries()]
    return [one.body for _, one in project.ledger.entries()[digests.index(entry) + 1 :]]


def next_number(project: Project) -> int:
    """Of the cycle that would begin now; the first is 1."""
    return 1 + max((body.number for _, body in project.ledger.bodies(CycleStarted)), default=0)


def require_champion(project: Project) -> Release:
    """The model in use, which must stand on the ladder to be beaten.

    Raises:
        Refused: nothing was released, or its files are not here.
        BadInput: [ladder] does not name it.
    """
    live = champion(project)
    if live is None:
        raise Refused(
            "No model was released yet, so none can be retrained.",
            fix="Run `surpass go`, and `surpass release` after its PASS.",
        )
    if not live.adapter.is_dir():
        raise Refused(
            f"The files of the champion {live.name} are not in {live.folder}.",
            fix="Copy .surpass/releases from the machine that released it.",
        )
    if CHAMPION not in project.settings.ladder.rungs:
        raise BadInput(
            f"[ladder] rungs does not name the champion, so {live.name} would not have to be "
            "beaten.",
            fix=f'Add "{CHAMPION}" to rungs under [ladder].',
        )
    _require_its_base(project, live)
    against = {primary.against for primary in project.settings.criteria_in_force.primary}
    if not against & {CHAMPION, "best rung"}:
        raise BadInput(
            f"Every primary names another opponent ({', '.join(sorted(against))}), so {live.name} "
            "would not have to be beaten.",
            fix=f'Write against = "{CHAMPION}" or "best rung" in [[criteria.primary]].',
        )
    return live


def _require_its_base(project: Project, live: Release) -> None:
    """An adapter on another base than it was trained on is another model, and mostly a bad one.

    Raises:
        Refused: [model] base is another one now.
    """
    if live.form != "adapter":
        return
    base = find_base(project.settings.model.base, project.folder)
    if base.digest != live.base_digest:
        raise Refused(
            f"{live.name} was tuned on {live.base}, and [model] base is another one: its adapter "
            "would be laid on weights that it does not belong to.",
            fix="Set [model] base back, or start a project of its own with the new base.",
        )


def require_same(running: Running, rows_digest: str | None, test_digest: str | None) -> None:
    """Files that are named again while a cycle is running must be those that it began with.

    Raises:
        Refused: they are others.
    """
    start = running.start
    for named, digest, began in (
        ("--rows", rows_digest, start.rows_digest),
        ("--test", test_digest, start.test_digest),
    ):
        if digest is not None and digest != began:
            raise Refused(
                f"Cycle {start.number} ({short(running.entry)}) is running with other rows than "
                f"{named} names.",
                fix="Run `surpass retrain` to finish it, or `surpass retrain --stop REASON`.",
            )
