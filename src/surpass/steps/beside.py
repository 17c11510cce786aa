"""What checks need beside the rows: production's traffic, who said what, where rows come from."""

import polars as pl

from surpass.core import columns
from surpass.data.checks.beside import Beside
from surpass.data.pool import read_pool
from surpass.data.read import read_rows
from surpass.data.rows import Rows, rows_of
from surpass.monitor.drawing import answered
from surpass.steps.beside_sides import known_sides, written_prompt
from surpass.steps.lengths import row_lengths
from surpass.steps.project import Project
from surpass.steps.reviews import answers_of_people, reviews, said_by_each
from surpass.steps.seal_in_force import last_seal
from surpass.steps.serving.journal import open_journal
from surpass.steps.split import current_split

JOURNAL = "journal"  # in [data] traffic: what `surpass serve` was asked


def beside(project: Project, examples: pl.DataFrame) -> Beside:
    """All that this project has of it.

    Raises:
        BadInput: a file of [data] traffic cannot be read.
    """
    data = project.settings.data
    answers = answers_of_people(project, examples)
    lengths = row_lengths(project, examples)
    sides = known_sides(project, examples)
    return Beside(
        annotations=_annotations(examples, data.annotator, said_by_each(answers)),
        later=sides.later,
        lengths=None if lengths is None else lengths.rows,
        longest=None if lengths is None else lengths.longest,
        prompt=written_prompt(project),
        reviews=reviews(project, examples, answers),
        side_of=sides.side_of,
        slices=data.slices,
        sources={name: data.sources.get(name) for name in (*data.train, *data.valid, *data.test)},
        told=_told(project),
        traffic=_traffic(project, examples),
    )


def _told(project: Project) -> frozenset[str]:
    """Rows of which a model's view may be told: those of train once the test is sealed."""
    if last_seal(project) is None:
        return frozenset()
    return frozenset(current_split(project).train[columns.ROW])


def _annotations(
    examples: pl.DataFrame, annotator: str | None, labelled: pl.DataFrame
) -> pl.DataFrame | None:
    """Who gave each row its answer: the files' column, then the labelling; none where none says."""
    column = None if annotator is None else columns.attribute(annotator)
    if column is None or column not in examples.columns:
        return None if labelled.is_empty() else labelled
    named = examples.filter(pl.col(column).is_not_null()).select(
        columns.ROW, pl.col(column).alias(columns.ANNOTATOR), columns.TARGET, columns.TIME
    )
    return pl.concat([named, labelled])


def _asked(project: Project, name: str) -> Rows:
    """Rows of one file of traffic, or those of the journal under the project's own names."""
    if name != JOURNAL or (project.folder / name).exists():
        return read_rows(project.folder / name, name)
    data, task = project.settings.data, project.settings.task
    with open_journal(project) as journal:
        found = answered(journal.requests(task.name))
    names = {columns.REQUEST: data.id or "id", columns.INPUT: task.input}
    if data.time is not None:
        names[columns.AT] = data.time
    return rows_of(found.select(*names).rename(names), JOURNAL)


def _traffic(project: Project, examples: pl.DataFrame) -> pl.DataFrame | None:
    """Rows of the files that say what production is asked; none where none is named.

    A row called like an example gets another name, so that no finding means the wrong one.
    """
    data, task = project.settings.data, project.settings.task
    pools = [read_pool(_asked(project, name), data, task) for name in data.traffic]
    if not pools:
        return None
    taken = pl.col(columns.ROW).is_in(examples[columns.ROW].implode())
    renamed = pl.when(taken).then(pl.lit("traffic ") + pl.col(columns.ROW)).otherwise(columns.ROW)
    return pl.concat(pools, how="diagonal").with_columns(renamed.alias(columns.ROW))
