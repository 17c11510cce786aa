"""surpass fix: decisions that lose nothing are taken and kept with a reason; the rest is yours."""

from collections.abc import Callable

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Table
from surpass.core.environment import now
from surpass.core.errors import BadInput, Refused
from surpass.core.records.dataset import Decision
from surpass.core.records.results import FixData
from surpass.data.added import COPY, TWIN
from surpass.data.checks import CheckResult
from surpass.data.fix import (
    BY,
    MODEL_BASED,
    lossless_decisions,
    policy_decisions,
    proposed_fixes,
)
from surpass.steps.check import check
from surpass.steps.data_versions import data_versions
from surpass.steps.dataset import current_dataset, keep_version
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split
from surpass.steps.tell.numbers import counted

_SHOWN_ROWS = 20
_DONE = {"drop": "dropped", "fix": "mended", "undo": "as it was"}
_SEALED = (
    "A seal is in force, and these rows are no longer those that were sealed: before anything is "
    "trained or judged it must be amended. To take this back: `surpass fix --undo ROW --by NAME`."
)


def fix(project: Project) -> list[Decision]:
    """Drop exact copies and rows without text or answer, mend what loses nothing.

    A new version of the examples follows. Rows that a person decided on are left alone.
    """
    decided = {
        d.row
        for d in project.answers.decisions()
        if d.by != BY and d.action not in (COPY, TWIN)  # these decide nothing on the row itself
    }
    made = lossless_decisions(check(project), at=now())
    new = [decision for decision in made if decision.row not in decided]
    return decide(project, new) if new else []


def drop_found(project: Project, check_name: str, *, by: str, reason: str) -> list[Decision]:
    """Drop the rows that a check shows, as one person's decision; the rest of them stays.

    Findings that rest on a model drop rows of train alone: what a model finds odd may be what the
    test is for.

    Raises:
        BadInput: no such check, nobody is named, or the check shows no row.
        Refused: a model's findings before the seal, when a row has no side yet.
    """
    result = _result_of(project, check_name, by)
    if check_name in MODEL_BASED:
        result = msgspec.structs.replace(result, evidence=_of_train(project, result.evidence))
    made = policy_decisions(result, by=by, reason=reason, at=now())
    if not made:
        raise BadInput(f"{check_name} shows no row that could be dropped.", fix=result.summary)
    return decide(project, made)


def accept_proposed(project: Project, check_name: str, *, by: str, reason: str) -> list[Decision]:
    """Put in what a check proposes, such as masks over personal data, as one person's decision.

    Raises:
        BadInput: no such check, nobody is named, or the check proposes nothing.
    """
    result = _result_of(project, check_name, by)
    made = proposed_fixes(result, by=by, reason=reason, at=now())
    if not made:
        raise BadInput(f"{check_name} proposes no text to put in.", fix=result.summary)
    return decide(project, made)


def _result_of(project: Project, check_name: str, by: str) -> CheckResult:
    if not by.strip():
        raise BadInput("A policy is somebody's decision.", fix="Add --by NAME.")
    results = {result.check: result for result in check(project)}
    if check_name not in results:
        raise BadInput(
            f"There is no check `{check_name}`.", fix=f"Name one of: {', '.join(results)}."
        )
    return results[check_name]


def undo(project: Project, rows: tuple[str, ...], *, by: str, reason: str) -> list[Decision]:
    """Take back everything that was decided on these rows; "all" takes back all that surpass did.

    Raises:
        BadInput: nothing was decided on one of the rows, or nobody is named.
    """
    if not by.strip():
        raise BadInput("Taking back is somebody's decision.", fix="Add --by NAME.")
    said = {decision.row: decision for decision in project.answers.decisions()}
    standing = {row: one for row, one in said.items() if one.action != "undo"}
    wanted = [row for row, one in standing.items() if one.by == BY] if rows == ("all",) else rows
    for row in wanted:
        if row not in standing:
            raise BadInput(
                f"Nothing is decided on row {row!r}.",
                fix="See answers/decisions.jsonl, or `surpass diff`.",
            )
    if not wanted:
        raise BadInput("There is nothing to take back.", fix="See answers/decisions.jsonl.")
    moment = now()
    return decide(
        project,
        [
            Decision(row=row, action="undo", reason=reason or "Taken back", by=by, at=moment)
            for row in wanted
        ],
    )


def _of_train(project: Project, evidence: pl.DataFrame) -> pl.DataFrame:
    if last_seal(project) is None:
        raise Refused(
            "These findings rest on a model, and no row has a side yet: rows of the test could be "
            "dropped because a model finds them hard.",
            fix="Run `surpass seal` first; then rows of train are dropped and no other.",
        )
    train = current_split(project).train[columns.ROW]
    return evidence.filter(pl.col(columns.ROW).is_in(train.implode()))


def decide(project: Project, made: list[Decision]) -> list[Decision]:
    """Keep decisions, and the versions before and after them."""
    keep_version(project, current_dataset(project).version)
    project.answers.decide(made)
    keep_version(project, current_dataset(project).version)
    return made


def fix_account(project: Project, verb: Callable[[Project], list[Decision]] = fix) -> Account:
    """What `surpass fix` says.

    Args:
        project: The project.
        verb: What decides: by default what loses nothing.
    """
    before = current_dataset(project).train.height
    made = verb(project)
    after = current_dataset(project)
    shown = tuple((d.row, _DONE.get(d.action, d.action), d.reason) for d in made[:_SHOWN_ROWS])
    table = Table(
        title="",
        columns=("row", "decision", "reason"),
        rows=shown,
        note=f"{len(made)} in all, in answers/decisions.jsonl" if made else "",
    )
    headline = (
        f"{_counts(made)}; {counted(before, 'row')} became {after.train.height:,}."
        if made
        else "Nothing to mend without losing something; what checks still show needs a person."
    )
    sealed = bool(made) and last_seal(project) is not None
    return Account(
        title="Fix",
        headline=headline,
        text=(f"Version {after.version.digest[:12]}.", *(data_versions(project) if made else ())),
        chapters=(Chapter(title="Decisions", tables=(table,)),) if made else (),
        warnings=(_SEALED,) if sealed else (),
        next_command="surpass seal --amend REASON" if sealed else "surpass split",
        data=FixData(
            version=after.version.digest,
            rows_before=before,
            rows_after=after.train.height,
            decisions=tuple(made),
        ),
    )


def _counts(made: list[Decision]) -> str:
    """How many rows were dropped and how many mended: "2 rows dropped, 1 row mended"."""
    rows = {action: len({d.row for d in made if d.action == action}) for action in _DONE}
    return ", ".join(f"{counted(n, 'row')} {_DONE[action]}" for action, n in rows.items() if n)
