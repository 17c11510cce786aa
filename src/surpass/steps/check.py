"""surpass check: what is wrong with the rows, in order of what it costs, with the rows in hand."""

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Standing, Table
from surpass.core.errors import LeakError
from surpass.core.records.results import CheckData, Finding, FoundRow
from surpass.data.checks import CheckResult, run_checks
from surpass.steps.beside import beside
from surpass.steps.dataset import current_dataset, current_version
from surpass.steps.labelling.audit_result import audit_sentence
from surpass.steps.placeholders import instruction_warnings
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, shown_test_rows
from surpass.steps.tell.first import first_chapter
from surpass.steps.tell.numbers import counted

_SHOWN_ROWS = 8


def check(project: Project) -> tuple[CheckResult, ...]:
    """Run every check on the rows that may be looked at."""
    examples = open_examples(project)
    return run_checks(examples, project.settings, beside(project, examples))


def open_examples(project: Project) -> pl.DataFrame:
    """All examples before the seal; from then on those of train and valid, never a test row.

    After the seal the files are not even read, unless they or the decisions changed: then the rows
    are dealt anew first, and what became a test row is not among these.
    """
    if last_seal(project) is None:
        return current_dataset(project).train
    split = current_split(project)
    return pl.concat([split.train, split.valid])


def check_account(project: Project) -> Account:
    """What `surpass check` says."""
    examples = open_examples(project)
    closed = () if last_seal(project) is None else _closed(project, examples)
    known = beside(project, examples)
    results = run_checks(examples, project.settings, known)
    texts = _texts(examples) if known.traffic is None else _texts(known.traffic) | _texts(examples)
    errors = [r for r in results if r.state == "found" and r.severity == "error"]
    found = [r for r in results if r.state == "found"]
    if errors:
        headline = f"{counted(len(errors), 'check')} found errors: {errors[0].summary}"
    elif found:
        headline = f"No errors; {counted(len(found), 'check')} found something to look at."
    else:
        headline = f"Nothing found in {counted(examples.height, 'row')}."
    overview = tuple((r.check, r.state, r.severity, r.summary) for r in results)
    table = Table(title="", columns=("check", "result", "severity", "what"), rows=overview)
    return Account(
        title="Check",
        headline=headline,
        standing=Standing.DOES_NOT_HOLD if errors else Standing.HOLDS,
        text=(*closed, *audit_sentence(project)),
        warnings=(*current_version(project).warnings, *instruction_warnings(project, examples)),
        chapters=(
            Chapter(title="Checks", tables=(table,)),
            *first_chapter(results),
            *(_chapter(result, texts) for result in found),
        ),
        next_command="surpass fix" if any(_lossless(r) for r in found) else "surpass split",
        data=CheckData(rows=examples.height, findings=tuple(map(_finding, results))),
    )


def _closed(project: Project, examples: pl.DataFrame) -> tuple[str, ...]:
    """What can be said of the test after the seal without opening it.

    Raises:
        LeakError: a row of train or valid shows a test row.
    """
    split = current_split(project)
    found = shown_test_rows(project, split, examples)[columns.ROW].unique(maintain_order=True)
    if found.len():
        raise LeakError(found.len(), split.sides.test_rows, found[0])
    return (
        f"Sealed: the {counted(split.sides.test_rows, 'test row')} stayed closed. No row of train "
        "or valid shows one of them, as far as hashes of texts, passages and groups tell.",
    )


def _finding(result: CheckResult) -> Finding:
    return Finding(
        check=result.check,
        state=result.state,
        severity=result.severity,
        examined=result.examined,
        summary=result.summary,
        advice=result.advice,
        rows=tuple(msgspec.convert(result.evidence.to_dicts(), list[FoundRow])),
    )


def _texts(rows: pl.DataFrame) -> dict[str, str]:
    return dict(zip(rows[columns.ROW], rows[columns.INPUT], strict=True))


def _chapter(result: CheckResult, texts: dict[str, str]) -> Chapter:
    """The finding with its first rows, texts included."""
    shown = result.evidence.head(_SHOWN_ROWS)
    rows = tuple(
        (row[columns.ROW], row[columns.REASON], texts.get(row[columns.ROW]) or "")
        for row in shown.iter_rows(named=True)
    )
    table = Table(
        title="",
        columns=("row", "why", "text"),
        rows=rows,
        excerpts=("text",),
        note=f"{counted(result.evidence.height, 'row')} in all"
        if result.evidence.height > len(rows)
        else "",
    )
    return Chapter(title=result.check, text=(result.summary, result.advice), tables=(table,))


def _lossless(result: CheckResult) -> bool:
    return bool((result.evidence[columns.PROPOSAL] != "review").any())
