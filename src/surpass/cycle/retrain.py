"""surpass retrain: new rows, a challenger, a verdict on champion and base, and what follows.

Every stage is stored and every decision in the ledger, so the same command goes on where it was
stopped and nothing takes effect twice.
"""

from pathlib import Path
from typing import NamedTuple

from surpass.core.account import Account
from surpass.core.errors import BadInput, Refused
from surpass.core.records.cycle import CycleEnded, CycleEnding, CycleStarted
from surpass.core.records.decisions import Judgement
from surpass.core.records.release import Release
from surpass.core.records.results import VerdictData
from surpass.core.records.verdict import Outcome
from surpass.cycle.new_rows import (
    place_of_rows,
    place_of_test,
    put,
    require_as_started,
    require_drawn_by_chance,
    require_read_as_training,
    rows_digest,
)
from surpass.cycle.standing_cycle import (
    CHAMPION,
    Running,
    bodies_after,
    next_number,
    require_champion,
    require_same,
    running_cycle,
)
from surpass.cycle.tell_cycle import cycle_account, with_verdict
from surpass.steps.bring import adopt
from surpass.steps.extend_test import extend_test
from surpass.steps.fix import fix
from surpass.steps.go import Ears, go
from surpass.steps.project import Project, open_project
from surpass.steps.releasing.read import champion
from surpass.steps.releasing.release import Wish, release, spoken
from surpass.steps.seal import seal
from surpass.steps.seal_in_force import differences, last_seal, present_seal

_LEAST_POWER = 0.5


class Wanted(NamedTuple):
    """What a person asks of a cycle."""

    rows: Path | None = None  # labelled rows to train on besides those there are
    test: Path | None = None  # a dated slice: labelled rows that become the test
    by: str = ""
    reason: str = ""
    release: bool = False  # True: a PASS becomes champion at once, in the name of `by`


def retrain(project: Project, wanted: Wanted, ears: Ears) -> Account:
    """Run one cycle to its end, or the running one from where it stopped.

    The champion stands on the ladder, so that the challenger must beat it as it must beat the
    base, by the sealed margin. With --test, rows that no model has seen judge both; without, the
    old test judges once more, at a stricter level.

    Raises:
        Refused: nothing was released, or another cycle is running.
        BadInput: the rows do not fit the project, or nobody says who asks and why.
    """
    live = require_champion(project)
    digests = rows_digest(wanted.rows), rows_digest(wanted.test)
    running = running_cycle(project)
    if running is None:
        running = _started(project, wanted, digests, live.name)
    else:
        require_same(running, *digests)
    start = running.start
    if live.name != start.champion:
        return _after_the_champion_moved(project, running, live)
    for file, place in ((wanted.rows, start.rows), (wanted.test, start.test)):
        if file is not None and place is not None:
            put(project, file, place)
    require_as_started(project, start)
    project = open_project(project.folder)  # [data] finds the new file now
    adopt(project, live.adapter, CHAMPION.partition(":")[2])
    if start.test is not None:
        extend_test(project, project.folder / start.test)
    fix(project)
    _seal(project, start, ears)
    account = go(project, ears)
    return _ended(project, running, account, wanted, ears)


def stop_cycle(project: Project, reason: str) -> Account:
    """End the running cycle without a verdict; the champion stays.

    Raises:
        Refused: no cycle is running.
        BadInput: no reason is said.
    """
    running = running_cycle(project)
    if running is None:
        raise Refused("No cycle is running.", fix="Start one: `surpass retrain --rows FILE`.")
    why = spoken(reason, "--stop")
    ended = CycleEnded(start=running.entry, how="stopped", verdict=None, outcome=None, why=why)
    return _close(project, running, ended)


def _started(
    project: Project, wanted: Wanted, digests: tuple[str | None, str | None], live: str
) -> Running:
    """Write the start into the ledger, once all of it can be read."""
    number = next_number(project)
    if wanted.rows is None and wanted.test is None:
        raise BadInput(
            "A cycle begins with new rows.",
            fix="Name them: `surpass retrain --rows FILE --test FILE --by NAME --reason TEXT`.",
        )
    rows = place_of_rows(project, wanted.rows, f"cycle-{number}")
    test = place_of_test(project, wanted.test, f"cycle-{number}-test")
    if wanted.rows is not None and rows is not None:
        require_read_as_training(project, wanted.rows, rows)
    if wanted.test is not None:
        require_drawn_by_chance(wanted.test)
    if test is not None and test == rows:
        raise BadInput(
            "--rows and --test name one file.", fix="Train on some rows, test on others."
        )
    start = CycleStarted(
        number=number,
        champion=live,
        rows=rows,
        rows_digest=digests[0],
        test=test,
        test_digest=digests[1],
        by=spoken(wanted.by, "--by"),
        reason=spoken(wanted.reason, "--reason"),
    )
    return Running(project.ledger.append(start), start)


def _seal(project: Project, start: CycleStarted, ears: Ears) -> None:
    """Seal what the new rows changed, with the cycle as the reason."""
    sealed, present = last_seal(project), present_seal(project)
    if sealed is None or not differences(sealed[1], present):
        return
    _, _, power = seal(project, amend=f"cycle {start.number}: {start.reason}")
    if power.chance < _LEAST_POWER:
        ears.tell(
            f"seal: PASS has a chance of {power.chance:.0%} on this test, even if the hope is "
            "true; a dated slice of new rows (`--test FILE`) would judge better."
        )


def _ended(
    project: Project, running: Running, account: Account, wanted: Wanted, ears: Ears
) -> Account:
    """Release, wait for a person, or file the reason; the ledger keeps which."""
    data = account.data
    if not isinstance(data, VerdictData):
        raise TypeError("go ends with a verdict")
    how: CycleEnding = "filed"
    if data.outcome is Outcome.PASS:
        how = "released" if wanted.release else "to approve"
    if how == "released":
        release(project, Wish(by=running.start.by), ears.progress)
    ended = CycleEnded(
        start=running.entry,
        how=how,
        verdict=data.verdict,
        outcome=data.outcome.value,
        why=account.headline,
    )
    live = champion(project) if how == "released" else None
    closed = _close(project, running, ended, live)
    return with_verdict(closed, account)


def _after_the_champion_moved(project: Project, running: Running, live: Release) -> Account:
    """End a cycle that was killed between the release and its end.

    Raises:
        Refused: another model was released or brought back meanwhile.
    """
    later = bodies_after(project, running.entry)
    judged = {body.verdict: body for body in later if isinstance(body, Judgement)}
    verdict = judged.get(live.since.verdict or "")
    moved = live.since
    if verdict is None or moved.by != running.start.by or moved.back or moved.forced:
        raise Refused(
            f"{live.name} became champion while cycle {running.start.number} was running against "
            f"{running.start.champion}.",
            fix="End this cycle with `surpass retrain --stop REASON` and begin anew.",
        )
    why = f"{live.name} was released."
    ended = CycleEnded(
        start=running.entry,
        how="released",
        verdict=verdict.verdict,
        outcome=verdict.outcome,
        why=why,
    )
    return _close(project, running, ended, live)


def _close(
    project: Project, running: Running, ended: CycleEnded, live: Release | None = None
) -> Account:
    project.ledger.append(ended)
    return cycle_account(running.start, ended, live)
