"""A random audit of the training rows: which are drawn."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.annotation import Annotation
from surpass.core.records.audit import Audit, AuditedRow
from surpass.core.records.rating import Queue
from surpass.core.wording import counted
from surpass.people.agreed import meaning
from surpass.steps.check import open_examples
from surpass.steps.dataset import current_version
from surpass.steps.project import Project
from surpass.steps.split import current_split, is_split
from surpass.store.audits import Audits

NAME = "audit"
"""What the queue of an audit calls its source."""


def drawn_rows(project: Project, count: int) -> pl.DataFrame:
    """Rows of train drawn by chance alone, whatever was labelled or found before.

    Each audit draws anew. Before the rows are split, all of them are training rows.

    Raises:
        BadInput: no row is asked for, or there are fewer.
    """
    rows = _population(project).sort(columns.ROW)
    if not 1 <= count <= rows.height:
        raise BadInput(
            f"{count} rows cannot be drawn from {counted(rows.height, 'training row')}.",
            fix=f"Ask for 1 to {rows.height:,}; 50 tell a rate to within about 10 points.",
        )
    earlier = len(Audits(project.folder).all())
    draw = np.random.default_rng([project.settings.labelling.seed, earlier])
    drawn: pl.DataFrame = rows[draw.permutation(rows.height)[:count].tolist()]
    return drawn


def keep_audit(project: Project, queue: Queue) -> None:
    """Write down what was drawn for a queue, before anybody is asked about it."""
    drawn = {task.item for tasks in queue.tasks.values() for task in tasks}
    population = _population(project)
    rows = population.filter(pl.col(columns.ROW).is_in(list(drawn))).sort(columns.ROW)
    pairs = rows.select(columns.ROW, columns.INPUT, columns.TARGET).iter_rows()
    Audits(project.folder).add(
        Audit(
            at=now(),
            queue=queue.id,
            version=current_version(project).digest,
            seed=project.settings.labelling.seed,
            population=population.height,
            rows=tuple(
                AuditedRow(row=row, digest=digest_text(text), answer=_meaning(answer))
                for row, text, answer in pairs
            ),
        )
    )


def _population(project: Project) -> pl.DataFrame:
    return current_split(project).train if is_split(project) else open_examples(project)


def _meaning(answer: str) -> str:
    """Digest of an answer as `people.agreed.meaning` compares answers."""
    said = Annotation(at="", by="", row="", digest="", verdict="answered", value=answer)
    return digest_text(meaning(said))
