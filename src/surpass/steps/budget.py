"""Whether training fits what [budget] allows, asked before anything is loaded."""

from surpass.core.errors import Refused
from surpass.steps.plan import plan
from surpass.steps.project import Project
from surpass.steps.train import finished_run


def require_budget(project: Project) -> None:
    """Refuse a run whose predicted memory, hours or money exceed the budget, unless it is finished.

    Raises:
        Refused: says by how much.
    """
    if finished_run(project) is None and (excess := plan(project).excess) is not None:
        raise Refused(
            f"Training needs {excess}.",
            fix="Raise the [budget], take a smaller base, or train with --over-budget.",
        )
