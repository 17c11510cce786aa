"""Which rows are to be labelled, by what form, and what is proposed for them."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.core.records.annotation import Annotation
from surpass.core.wording import counted
from surpass.data.answer_files import Named, answers_for, answers_of
from surpass.data.pool import read_pool
from surpass.data.read import read_rows
from surpass.data.rows import Rows
from surpass.people.form import Form, Item, Write, form_for, holds
from surpass.steps.check import check, open_examples
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, is_split
from surpass.store.sealed import marks
from surpass.text.canonical import canonical

_QUEUE_ID = "id"  # the column that `surpass explain --queue` names rows in, if [data] has no id


class Wanted(NamedTuple):
    """Which rows; none named: all that may be looked at."""

    rows: Path | None = None  # a queue of rows without answers, or a list of ids
    check: str | None = None  # the rows that this check found
    predictions: Path | None = None  # a file of answers to propose


class Asked(NamedTuple):
    """What annotators are asked."""

    form: Form
    items: list[Item]
    notes: tuple[str, ...]  # what was left out, and why


def asked(project: Project, wanted: Wanted) -> Asked:
    """The rows as items of the task's form.

    Test rows are never among them once the test is sealed. A model's answer is proposed for rows
    of training and of a queue only: who labels rows that judge a model must not see its answer.

    Raises:
        BadInput: two ways to choose rows at once, or a row, check or file that is not there.
    """
    if wanted.rows is not None and wanted.check is not None:
        raise BadInput("Rows are named twice, by a file and by a check.", fix="Name one of them.")
    examples = open_examples(project)
    form = form_for(project.settings.task, examples[columns.TARGET].to_list())
    chosen = _chosen(project, wanted, examples)
    if chosen.is_empty():
        raise BadInput("There is no row to label.", fix="Name other rows.")
    if wanted.predictions is None:
        return Asked(form, _items(chosen, form, {}), ())
    proposals, notes = _proposals(project, chosen, wanted.predictions, examples)
    texts = dict(zip(chosen[columns.ROW], chosen[columns.INPUT], strict=True))
    shown = {row: text for row, text in proposals.items() if holds(form, texts[row], text)}
    if unfit := len(proposals) - len(shown):
        said = counted(unfit, "proposed answer does", "proposed answers do")
        notes = (*notes, f"{said} not fit the form and cannot be shown.")
    return Asked(form, _items(chosen, form, shown), notes)


def blind(project: Project, rows: pl.DataFrame) -> Asked:
    """These rows of the project, with nothing proposed."""
    form = form_for(project.settings.task, open_examples(project)[columns.TARGET].to_list())
    return Asked(form, _items(rows, form, {}), ())


def without_sealed(project: Project, what: Asked) -> Asked:
    """The same without rows of a queue whose text is that of a sealed test row.

    Raises:
        BadInput: no other row is left.
    """
    sealed = last_seal(project)
    if sealed is None:
        return what
    tested = project.sealed.digests(sealed[1].block)
    rows = {columns.ROW: [i.row for i in what.items], columns.INPUT: [i.text for i in what.items]}
    known = zip(what.items, marks(pl.DataFrame(rows)), strict=True)
    kept = [item for item, row in known if tested.isdisjoint(row)]
    if not (closed := len(what.items) - len(kept)):
        return what
    said = f"{counted(closed, 'row is', 'rows are')} sealed as test and stay here."
    if not kept:
        raise BadInput(said, fix="Name other rows.")
    return Asked(what.form, kept, (*what.notes, said))


def form_of(project: Project) -> Form:
    """The form that asks for this task's answers."""
    return form_for(project.settings.task, open_examples(project)[columns.TARGET].to_list())


def standing(project: Project, annotations: list[Annotation]) -> tuple[int, int]:
    """How many annotations are stale, and how many are about no row of the project.

    A stale one is about an input that has changed since; both are kept and neither is applied.
    """
    rows = open_examples(project)
    digests = dict(zip(rows[columns.ROW], map(digest_text, rows[columns.INPUT]), strict=True))
    known = [one for one in annotations if one.row in digests]
    stale = sum(digests[one.row] != one.digest for one in known)
    return stale, len(annotations) - len(known)


def _chosen(project: Project, wanted: Wanted, examples: pl.DataFrame) -> pl.DataFrame:
    """The rows with ROW and INPUT, and TARGET of the project's own."""
    if wanted.check is not None:
        return _found_by(project, wanted.check, examples)
    if wanted.rows is None:
        return examples
    if wanted.rows.suffix.lower() != ".txt":
        return queue_of(project, read_rows(wanted.rows))
    try:
        lines = wanted.rows.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{wanted.rows} cannot be read ({error}).", fix="Name a file.") from None
    names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return _named(names, examples, str(wanted.rows))


def queue_of(project: Project, rows: Rows) -> pl.DataFrame:
    """New rows of a file under their own names, as ROW and INPUT, in the file's order.

    Raises:
        BadInput: the file has no column of inputs, or rows without a name of their own.
    """
    if project.settings.task.input not in rows.frame.columns:
        raise BadInput(
            f"{rows.file} has no column {project.settings.task.input!r}, which is the input.",
            fix="Name a queue of rows, or ids in a file that ends in .txt, one a line.",
        )
    named = project.settings.data.id or _QUEUE_ID
    queue = read_pool(rows, project.settings.data, project.settings.task)
    if named in rows.frame.columns:
        queue = queue.with_columns(rows.frame[named].alias(columns.ROW))
    return _distinct(queue, rows.file)


def _distinct(queue: pl.DataFrame, where: str) -> pl.DataFrame:
    names = queue[columns.ROW]
    if names.null_count() or names.n_unique() < names.len():
        raise BadInput(f"{where} has rows without an id of their own.", fix="Give each row one.")
    return queue


def _named(names: list[str], examples: pl.DataFrame, where: str) -> pl.DataFrame:
    known = set(examples[columns.ROW])
    missing = [name for name in names if name not in known]
    if missing:
        raise BadInput(
            f"{where} names {counted(len(missing), 'row')} that cannot be labelled (first: "
            f"{missing[0]!r}).",
            fix="Name rows of the project that are not sealed as test.",
        )
    return examples.filter(pl.col(columns.ROW).is_in(names))


def _found_by(project: Project, name: str, examples: pl.DataFrame) -> pl.DataFrame:
    """The rows of a check's evidence in its order, each before what it is compared with."""
    results = {result.check: result for result in check(project)}
    if name not in results:
        raise BadInput(f"No check {name!r} ran.", fix=f"The checks are {', '.join(results)}.")
    evidence = results[name].evidence
    pairs = zip(evidence[columns.ROW], evidence[columns.PARTNER], strict=True)
    names = dict.fromkeys(row for pair in pairs for row in pair if row is not None)
    order = {row: place for place, row in enumerate(names)}
    found = examples.filter(pl.col(columns.ROW).is_in(list(names))).sort(
        pl.col(columns.ROW).replace_strict(order, default=None, return_dtype=pl.Int64)
    )
    if found.is_empty():
        raise BadInput(f"The check {name} found no row.", fix="Run `surpass check` to see more.")
    return found


def _proposals(
    project: Project, chosen: pl.DataFrame, path: Path, examples: pl.DataFrame
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Answers to propose by row, and what was left out.

    A row is known by its text, so that a queue that repeats rows of the project is no way around.
    """
    answers = answers_for(chosen, answers_of(read_rows(path), Named()))[columns.ANSWER]
    train = current_split(project).train[columns.ROW].to_list() if is_split(project) else []
    judging = examples.filter(~pl.col(columns.ROW).is_in(train))[columns.INPUT]
    closed = canonical(chosen[columns.INPUT]).is_in(canonical(judging).to_list())
    every = zip(chosen[columns.ROW], answers, closed, strict=True)
    given = [(row, answer, may_judge) for row, answer, may_judge in every if answer is not None]
    kept = {row: answer for row, answer, may_judge in given if not may_judge}
    if not (left_out := len(given) - len(kept)):
        return kept, ()
    return kept, (
        f"For {counted(left_out, 'row')} that may judge a model nothing is proposed; only training "
        "rows show a model's answer, once rows are split.",
    )


def _items(rows: pl.DataFrame, form: Form, proposals: dict[str, str]) -> list[Item]:
    blank = pl.Series([""] * rows.height)
    targets = rows[columns.TARGET] if columns.TARGET in rows.columns else blank
    found = []
    for row, text, target in zip(rows[columns.ROW], rows[columns.INPUT], targets, strict=True):
        proposed = proposals.get(row)
        answer = (proposed or target) if isinstance(form, Write) else ""
        found.append(Item(row, digest_text(text), text, answer, proposed))
    return found
