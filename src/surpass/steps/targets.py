"""Whether the criteria can be answered at all on this task, said before anything is sealed."""

import difflib

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.settings import Floor, Guard, Primary
from surpass.measure.metrics import metrics_for
from surpass.steps.ladder import rungs_of
from surpass.steps.project import Project
from surpass.steps.split import SplitResult


def require_usable_criteria(project: Project, split: SplitResult) -> None:
    """Check metrics, opponents and slices by name.

    Raises:
        BadInput: a metric that does not fit the task, a rung or a slice that is not there.
    """
    criteria = project.settings.criteria_in_force
    known = [metric.name for metric in metrics_for(project.settings.kind)]
    gates: tuple[Primary | Guard | Floor, ...] = (
        *criteria.primary,
        *criteria.guard,
        *criteria.floor,
    )
    for gate in gates:
        _require(gate.metric, known, "metric", f"a task of kind {project.settings.kind}")
    rungs = ["best rung", *rungs_of(project)]
    for primary in criteria.primary:
        _require(primary.against, rungs, "opponent", "this project")
        if primary.expect <= primary.margin:
            raise BadInput(
                f"[criteria] hopes for {primary.expect:g} of {primary.metric}, but the gain must "
                f"exceed {primary.margin:g}: PASS is out of reach even if the hope comes true.",
                fix="Lower margin, or raise expect.",
            )
    prefix = columns.ATTRIBUTE
    slices = [c.removeprefix(prefix) for c in split.valid.columns if c.startswith(prefix)]
    for guard in criteria.guard:
        if guard.by is not None:
            _require(guard.by, slices, "column", "the data")


def _require(name: str, known: list[str], what: str, where: str) -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`?" if close else f"There are: {', '.join(known)}."
    raise BadInput(f"[criteria] names the {what} `{name}`, which {where} does not have.", fix=hint)
