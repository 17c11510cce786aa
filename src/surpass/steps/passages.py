"""The texts that forgetting is told by, as the project names them, and what seals them."""

import polars as pl

from surpass.core.columns import GROUP
from surpass.core.errors import BadInput
from surpass.core.settings import Forgetting
from surpass.core.wording import counted
from surpass.data.passages import passages_digest, read_passages
from surpass.measure.bootstrap import MIN_GROUPS
from surpass.steps.project import Project


def passages(project: Project, wanted: Forgetting) -> pl.DataFrame:
    """The texts of one criterion, with ROW, GROUP, INPUT and TARGET.

    Raises:
        BadInput: the file cannot be read as such texts.
    """
    task = project.settings.task
    return read_passages(project.folder, wanted, (task.input, task.output))


def evidence_digests(project: Project) -> dict[str, str]:
    """Digest of every file that criteria rest on beside the test, by the name that they give it.

    Raises:
        BadInput: a file is not there.
    """
    named = project.settings.criteria_in_force.forgetting
    return {one.on: passages_digest(project.folder, one) for one in named}


def require_enough_passages(project: Project) -> None:
    """Refuse a sample that no bound can be given on, before it is sealed.

    Raises:
        BadInput: too few groups, or a file that cannot be read.
    """
    for wanted in project.settings.criteria_in_force.forgetting:
        groups = passages(project, wanted)[GROUP].n_unique()
        if groups < MIN_GROUPS:
            raise BadInput(
                f"[[criteria.forgetting]] on {wanted.on} rests on {counted(groups, 'group')} of "
                f"texts; a bound needs {MIN_GROUPS}.",
                fix=f'Add {MIN_GROUPS - groups}, or set on = "general".',
            )
