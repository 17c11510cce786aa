"""surpass go: from checked rows to a verdict, each stage resumed where an earlier call stopped."""

from collections.abc import Callable
from typing import NamedTuple

from surpass.core.account import Account
from surpass.core.errors import CannotTell, Refused
from surpass.core.progress import Progress
from surpass.core.wording import counted
from surpass.steps.budget import require_budget
from surpass.steps.check import check_account
from surpass.steps.evaluate import evaluate
from surpass.steps.fix import fix
from surpass.steps.ladder import rungs_of, tuned_names
from surpass.steps.planning.plan import plan
from surpass.steps.project import Project
from surpass.steps.report import report
from surpass.steps.seal import power_of_test, seal
from surpass.steps.seal_in_force import last_seal, require_seal
from surpass.steps.split import current_split, split_account
from surpass.steps.targets import require_usable_criteria
from surpass.steps.tell.report import written_account
from surpass.steps.tell.seal import proposal_account
from surpass.steps.train import train


class Ears(NamedTuple):
    """Who listens: progress bars, finished stages in words, and the question before sealing."""

    progress: Progress
    tell: Callable[[str], None]
    confirm: Callable[[Account], bool]


def go(project: Project, ears: Ears) -> Account:
    """Check, mend, split, score the ladder, seal, train, score, judge, report.

    After the seal nothing is mended: other rows would need another seal.

    Raises:
        Refused: the person did not confirm the seal, the project is no longer as sealed, or the
            plan does not fit the budget.
    """
    sealed = last_seal(project) is not None
    if sealed:
        require_seal(project)  # what was changed since is said before an hour goes by
    ears.tell(f"check: {check_account(project).headline}")
    if not sealed and (decisions := fix(project)):
        decided = counted(len(decisions), "row")
        ears.tell(f"fix: {decided} decided on without loss (answers/decisions.jsonl)")
    require_usable_criteria(project, current_split(project))  # before hours go into the ladder
    ears.tell(f"split: {split_account(project).headline}")
    for name in rungs_of(project):
        scores = evaluate(project, name, "valid", ears.progress).record.scores
        ears.tell(f"ladder: {name} on valid, {_listed(scores)}")
    require_budget(project)
    _seal(project, ears)
    for run in (one.run for one in train(project, ears.progress).all_seeds):
        took = f"{counted(run.steps, 'step')}, {run.seconds / 60:.1f} min"
        ears.tell(f"train: {took}, loss {run.last_loss:.3f}")
    for name in tuned_names(project):
        scores = evaluate(project, name, "valid", ears.progress).record.scores
        ears.tell(f"evaluate: {name} on valid, {_listed(scores)}")
    path, account = report(project, ears.progress)
    return written_account(path, account)


def _seal(project: Project, ears: Ears) -> None:
    """Ask before the first seal; a seal that stands is kept."""
    if last_seal(project) is None and not ears.confirm(_proposal(project)):
        raise Refused("Nothing was sealed.", fix="Edit [criteria] in surpass.toml and come back.")
    power = seal(project)[2]
    ears.tell(f"seal: {power.sentence}")


def _proposal(project: Project) -> Account:
    try:
        made = plan(project)
        seconds = made.seconds + (made.evaluation_seconds or 0.0)
    except CannotTell:
        seconds = None
    return proposal_account(
        project.settings.criteria_in_force,
        declared=project.settings.criteria is not None,
        power=power_of_test(project),
        seconds=seconds,
    )


def _listed(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {100 * value:.1f} %" for name, value in scores.items())
