"""Whether training fits what [budget] allows, asked before anything is loaded."""

from surpass.core.errors import CannotTell, Refused
from surpass.core.settings import Budget
from surpass.steps.planning.plan import plan
from surpass.steps.project import Project
from surpass.steps.train import finished_run


def require_budget(project: Project) -> None:
    """Refuse to start a run whose predicted memory, hours or money exceed the budget.

    Where nothing can be predicted, a run is refused only if a budget was declared.

    Raises:
        Refused: says by how much.
        CannotTell: a budget was declared, but what this architecture needs cannot be predicted.
    """
    if finished_run(project) is not None:
        return
    try:
        excess = plan(project).excess
    except CannotTell:
        if project.settings.budget == Budget():
            return
        raise
    if excess is not None:
        raise Refused(
            f"Training needs {excess}.",
            fix="Raise the [budget], take a smaller base, or train with --over-budget.",
        )
