"""Whether the instruction tells the models which answers there are."""

from collections.abc import Collection

import polars as pl

from surpass.core.columns import TARGET
from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Extract
from surpass.core.wording import counted
from surpass.data.fields import fields_of
from surpass.steps.project import Project, instruction

_SHOWN = 3


def instruction_warnings(project: Project, examples: pl.DataFrame) -> tuple[str, ...]:
    """A warning if the instruction names not every label, or key of the records.

    A base model that is not told them cannot answer with them; tuning then gains what a better
    instruction would have gained too. An instruction that is not there is a warning as well.
    """
    task = project.settings.task
    names: Collection[str]
    if isinstance(task, Classify):
        word, noun = "{labels}", "label"
        names = task.labels or {label for label in examples[TARGET].str.strip_chars() if label}
    elif isinstance(task, Extract):
        word, noun = "{fields}", "key"
        records = fields_of(examples[TARGET])
        names = task.fields or {name for record in records for name in record or ()}
    else:
        return ()
    known = tuple(sorted(names))
    labels, fields = (known, ()) if isinstance(task, Classify) else ((), known)
    try:
        told = instruction(project, labels, fields)
    except BadInput as error:
        return (str(error),)
    untold = [name for name in known if name not in told]
    if not untold:
        return ()
    listed = ", ".join(map(repr, untold[:_SHOWN])) + (", …" if len(untold) > _SHOWN else "")
    return (
        f"{task.prompt} has no {word} and does not name {counted(len(untold), noun)} ({listed}): "
        f"the models are not told which there are. Write {word} where they belong.",
    )
