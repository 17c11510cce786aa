"""Whether the criteria can be answered at all on this task, said before anything is sealed."""

import difflib

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.settings import Primary
from surpass.measure.metrics import metric, metrics_for
from surpass.steps.ladder import rungs_of
from surpass.steps.passages import require_enough_passages
from surpass.steps.project import Project
from surpass.steps.split import SplitResult


def require_usable_criteria(project: Project, split: SplitResult) -> None:
    """Check metrics, opponents and slices by name, and that other evidence is there and enough.

    Raises:
        BadInput: a metric that does not fit the task; a rung, a slice or a file that is not there.
    """
    criteria = project.settings.criteria_in_force
    known = [one.name for one in metrics_for(project.settings.kind)]
    for gate in criteria.gates:
        _require(gate.metric, known, "metric", f"a task of kind {project.settings.kind}")
        if not metric(gate.metric, criteria.metrics.get(gate.metric)).bounded:
            raise BadInput(
                f"[criteria] sets a gate on `{gate.metric}`, for which no sound bound is known.",
                fix="It is reported all the same; set the gate on a metric of shares.",
            )
    rungs = ["best rung", *rungs_of(project)]
    for primary in criteria.primary:
        _require(primary.against, rungs, "opponent", "this project")
        if primary.margin_relative is None and primary.expect <= primary.margin:
            raise BadInput(
                f"[criteria] hopes for {primary.expect:g} of {primary.metric}, but the gain must "
                f"exceed {primary.margin:g}: PASS is out of reach even if the hope comes true.",
                fix="Lower margin, or raise expect.",
            )
    require_enough_passages(project)
    prefix = columns.ATTRIBUTE
    slices = [c.removeprefix(prefix) for c in split.valid.columns if c.startswith(prefix)]
    for gate in criteria.gates:
        if not isinstance(gate, Primary) and gate.by is not None:
            _require(gate.by, slices, "column", "the data")


def _require(name: str, known: list[str], what: str, where: str) -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`?" if close else f"There are: {', '.join(known)}."
    raise BadInput(f"[criteria] names the {what} `{name}`, which {where} does not have.", fix=hint)
