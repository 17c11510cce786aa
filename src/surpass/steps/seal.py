"""surpass seal: criteria, test and all that goes with them, in the ledger before training."""

import msgspec

from surpass.core.account import Account
from surpass.core.digest import short
from surpass.core.errors import BadInput, Refused
from surpass.core.records.decisions import Extension, Seal
from surpass.core.wording import counted
from surpass.prove.power import Power, chance_of_pass
from surpass.steps.candidates import next_candidate_number
from surpass.steps.check import check
from surpass.steps.pilot import pilot_predictions
from surpass.steps.project import Project
from surpass.steps.seal_in_force import differences, last_seal, listed, present_seal
from surpass.steps.split import current_split, split_unasked
from surpass.steps.targets import require_usable_criteria
from surpass.steps.tell.seal import seal_account

_LEAST_GUARD_POWER = 0.5


def seal(project: Project, *, amend: str | None = None) -> tuple[str, Seal, Power]:
    """Seal the project as it stands; sealing the same again changes nothing.

    Args:
        project: The project.
        amend: Why an earlier seal is replaced.

    Raises:
        Refused: something else is sealed already and no reason was given.
        Refused: the test was shown and gates nothing any more.
        Refused: the test was answered by models and is no longer the same.
        BadInput: a criterion cannot be used on this task.
    """
    if amend is not None and not amend.strip():
        raise BadInput("An amendment needs a reason.", fix="Say why after --amend.")
    split = current_split(project)
    require_usable_criteria(project, split)
    sealed, present = last_seal(project), present_seal(project)
    power = power_of_test(project)
    if sealed is not None:
        changed = differences(sealed[1], present)
        if not changed and amend not in (None, sealed[1].reason):
            raise BadInput(
                f"Nothing changed since the seal {short(sealed[0])}, so nothing can be amended.",
                fix="Change what you mean to change first; the reason was not kept.",
            )
        if not changed:
            return *sealed, power
        if amend is None:
            raise Refused(
                f"{listed(changed)} changed after the seal {short(sealed[0])}.",
                fix="Undo the change, or run `surpass seal --amend REASON`; it is shown for ever.",
            )
    project.sealed.require_unseen(present.block)
    if sealed is not None:
        _require_same_test(project, sealed[1].block, present.block)
    _refuse_weak_guards(power)
    body = msgspec.structs.replace(
        present,
        power=power.chance,
        power_note=power.sentence,
        reason=amend,
        amends=sealed[0] if sealed else None,
    )
    return project.ledger.append(body), body, power


def _require_same_test(project: Project, before: str, now: str) -> None:
    """A test that some model has answered keeps its rows and their answers.

    Rows that are dropped or relabelled by what models said of them would make any model pass.

    Raises:
        Refused: rows were added, are gone, or have another answer, and none of it is an extension.
    """
    extended = any(body.block == now for _, body in project.ledger.bodies(Extension))
    answered = project.sealed.opened() & project.sealed.related(before)
    was, is_now = project.sealed.answers(before), project.sealed.answers(now)
    if extended or not answered or not was or was == is_now:
        return
    raise Refused(
        f"Models have answered the sealed test, and it is no longer the same: {len(was - is_now)} "
        f"of its rows are gone or have another text or answer, {len(is_now - was)} are new.",
        fix="Restore these rows; new ones are brought by `surpass split --extend-test FILE`.",
    )


def said_seal(project: Project, *, amend: str | None = None) -> Account:
    """What `surpass seal` says, with a warning where rows are sealed that checks find faulty."""
    first, unasked = last_seal(project) is None, split_unasked(project)
    found = [r for r in check(project) if r.state == "found" and r.severity == "error"]
    account = seal_account(*seal(project, amend=amend))
    account = msgspec.structs.replace(account, warnings=(*unasked, *account.warnings))
    if not (first and found):
        return account
    warning = (
        f"{counted(len(found), 'check')} found errors in these rows, the test's included "
        f"(first: {found[0].summary}) See `surpass check`; what is mended now needs an amendment."
    )
    return msgspec.structs.replace(account, warnings=(*account.warnings, warning))


def _refuse_weak_guards(power: Power) -> None:
    """A guard that this test could hardly prove must not be promised as proved."""
    for gate in power.gates:
        if gate.name.startswith("guard") and gate.chance < _LEAST_GUARD_POWER:
            raise Refused(
                f"This test can prove the {gate.name} with a chance of {gate.chance:.0%} only, "
                "even where nothing got worse.",
                fix='Set level = "no harm shown", a wider margin, or bring more test groups.',
            )


def power_of_test(project: Project, *, with_pilot: bool = True) -> Power:
    """What this test can prove, from the pilot on valid if there is one.

    Args:
        project: The project.
        with_pilot: Look for it; that needs the base on this disk.
    """
    sides = current_split(project).sides
    return chance_of_pass(
        project.settings.criteria_in_force,
        groups=sides.test_groups,
        rows=sides.test_rows,
        pilot=pilot_predictions(project) if with_pilot else None,
        labels=sides.labels if project.settings.kind == "classify" else (),
        candidate_number=next_candidate_number(project, sides.block),
    )
