"""What people said about the rows' answers: each annotator's, and what was decided of them."""

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.records.dataset import Decision
from surpass.data.fix import BY
from surpass.people.agreed import RowAnswers, agreed, rows_answered
from surpass.steps.dataset import dataset_after
from surpass.steps.project import Project
from surpass.store.annotations import Annotations, in_force

SAID = {
    columns.ROW: pl.String,
    columns.ANNOTATOR: pl.String,
    columns.TARGET: pl.String,
    columns.TIME: pl.String,
}


def answers_of_people(project: Project, examples: pl.DataFrame) -> list[RowAnswers]:
    """What annotators said about these rows as they read now; nothing about skipped ones."""
    rows = zip(examples[columns.ROW], examples[columns.INPUT], strict=True)
    answered = rows_answered(in_force(Annotations(project.folder).all()))
    if not answered:
        return []
    digests = {row: digest_text(text) for row, text in rows}
    return [one for one in answered if digests.get(one.row) == one.digest]


def said_by_each(answers: list[RowAnswers]) -> pl.DataFrame:
    """ROW, ANNOTATOR, TARGET, TIME of every answer; that a row is useless is none."""
    said = [
        (one.row, person, annotation.value, annotation.at)
        for one in answers
        for person, annotation in one.by_person.items()
        if annotation.value is not None
    ]
    return pl.DataFrame(said, schema=SAID, orient="row")


def reviews(
    project: Project, examples: pl.DataFrame, answers: list[RowAnswers]
) -> pl.DataFrame | None:
    """ROW, GIVEN and TARGET of the rows whose answer a person looked at; none: nobody did.

    A person looked who kept the row or fixed its answer in answers/decisions.jsonl, or who answered
    it on the labelling page; where annotators differ, only what was settled counts.
    """
    targets = dict(zip(examples[columns.ROW], examples[columns.TARGET], strict=True))
    said = {
        one.row: found.answer.value
        for one in answers
        if (found := agreed(one)) is not None and found.answer.value is not None
    }
    decisions = project.answers.decisions()
    decided = [d for d in decisions if _is_review(d) and d.row in targets]
    said |= {d.row: targets[d.row] for d in decided}
    if not said:
        return None
    given = targets
    if any(d.action == "fix" for d in decided):
        before = dataset_after(project, [d for d in decisions if not _is_review(d)])
        frames = [frame for frame in (before.train, before.valid) if frame is not None]
        given = {
            row: target
            for frame in frames
            for row, target in frame.select(columns.ROW, columns.TARGET).iter_rows()
        }
    return pl.DataFrame(
        [(row, given.get(row, targets[row]), value) for row, value in said.items()],
        schema=[(columns.ROW, pl.String), (columns.GIVEN, pl.String), (columns.TARGET, pl.String)],
        orient="row",
    )


def _is_review(decision: Decision) -> bool:
    """Whether a person said by it what the row's answer is."""
    if decision.by == BY:
        return False
    return decision.action == "keep" or (
        decision.action == "fix" and decision.column == columns.TARGET
    )
