"""Decisions about rows, and the examples after them."""

from collections.abc import Iterable, Sequence

import polars as pl

from surpass.core.columns import COLUMN, PROPOSAL, REASON, REPLACEMENT, ROW
from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.data.added import COPY, TWIN
from surpass.data.checks import exact_duplicates, structure
from surpass.data.checks.result import CheckResult

BY = "surpass"
MODEL_BASED = frozenset({"wrong_labels", "wrong_outputs", "relevance", "coverage"})
"""Checks whose findings rest on a model: they never touch a row of valid or test."""
_ON_THE_ROW = ("drop", "keep", "fix", "undo")  # what the other actions add is in data/added.py
_LOSSLESS = (structure.NAME, exact_duplicates.NAME)  # whose proposals to drop or fix lose nothing


def lossless_decisions(results: Iterable[CheckResult], *, at: str) -> list[Decision]:
    """What may be decided without asking: drop copies and empty rows, mend damage that is undone.

    A row is dropped once; a dropped row is not fixed as well. All mends of one text are one
    decision with all their reasons.

    Args:
        results: Of the checks.
        at: The moment of the decision, ISO 8601.
    """
    proposed = [
        item
        for result in results
        if result.check in _LOSSLESS
        for item in result.evidence.iter_rows(named=True)
    ]
    dropped: dict[str, Decision] = {}
    for item in proposed:
        if item[PROPOSAL] == "drop":
            drop = Decision(row=item[ROW], action="drop", reason=item[REASON], by=BY, at=at)
            dropped.setdefault(item[ROW], drop)
    fixes: dict[tuple[str, str], Decision] = {}
    for item in proposed:
        if item[PROPOSAL] == "fix" and item[ROW] not in dropped:
            place = item[ROW], item[COLUMN]
            before = f"{fixes[place].reason} " if place in fixes else ""
            fixes[place] = Decision(
                row=item[ROW], action="fix", reason=before + item[REASON], by=BY, at=at,
                column=item[COLUMN], value=item[REPLACEMENT],
            )  # fmt: skip
    return [*dropped.values(), *fixes.values()]


def policy_decisions(result: CheckResult, *, by: str, reason: str, at: str) -> list[Decision]:
    """Drop every row that a check shows: what a person decided about all of them at once.

    Args:
        result: Of the check; rows that stand for their cluster are not in its evidence and stay.
        by: The person.
        reason: Why; empty: what the check says of each row.
        at: The moment of the decision, ISO 8601.
    """
    said = dict(result.evidence.select(ROW, REASON).iter_rows())
    return [
        Decision(row=row, action="drop", reason=reason or why, by=by, at=at)
        for row, why in said.items()
    ]


def proposed_fixes(result: CheckResult, *, by: str, reason: str, at: str) -> list[Decision]:
    """Put in the text that a check proposes, such as a mask: a person's decision about all of it.

    Args:
        result: Of the check; evidence without a replacement proposes nothing.
        by: The person.
        reason: Why; empty: what the check says of each text.
        at: The moment of the decision, ISO 8601.
    """
    made: dict[tuple[str, str], Decision] = {}
    for item in result.evidence.drop_nulls(REPLACEMENT).iter_rows(named=True):
        made[item[ROW], item[COLUMN]] = Decision(
            row=item[ROW], action="fix", reason=reason or item[REASON], by=by, at=at,
            column=item[COLUMN], value=item[REPLACEMENT],
        )  # fmt: skip
    return list(made.values())


def apply(examples: pl.DataFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    """The examples after the decisions, in their order.

    Later decisions on a row win: "keep" undoes a drop, "drop" a keep; fixes are made in their order
    and stay unless the row is dropped. "undo" takes back all that was decided on the row before.
    "copy" and "twin" add rows to training and change none here (see data/added.py).

    Raises:
        BadInput: a decision on a row or column that is not there, or of an unknown action.
    """
    _require_known(examples, decisions)
    dropped: dict[str, bool] = {}
    values: dict[str, dict[str, str]] = {}
    for decision in decisions:
        if decision.action == "undo":
            for changed in values.values():
                changed.pop(decision.row, None)
        if decision.action == "fix" and decision.column and decision.value is not None:
            values.setdefault(decision.column, {})[decision.row] = decision.value
        if decision.action in _ON_THE_ROW:
            dropped[decision.row] = decision.action == "drop"
    fixed = examples.with_columns(
        pl.when(pl.col(ROW).is_in(list(new)))
        .then(pl.col(ROW).replace_strict(new, default=None, return_dtype=pl.String))
        .otherwise(pl.col(column))
        .alias(column)
        for column, new in values.items()
        if new
    )
    gone = [row for row, is_dropped in dropped.items() if is_dropped]
    return fixed.filter(~pl.col(ROW).is_in(gone))


def _require_known(examples: pl.DataFrame, decisions: Sequence[Decision]) -> None:
    rows = set(examples[ROW])
    for decision in decisions:
        if decision.row not in rows:
            raise BadInput(
                f"There is no row {decision.row!r} to {decision.action}.",
                fix="Remove the decision from answers/, or restore the file it was about.",
            )
        if decision.action not in {*_ON_THE_ROW, COPY, TWIN}:
            raise BadInput(
                f"Row {decision.row!r}: {decision.action!r} is no decision.",
                fix="Write drop, keep, fix or undo; copy and twin are written by --mitigate.",
            )
        if decision.action == "fix" and (
            decision.value is None or decision.column not in examples.columns
        ):
            raise BadInput(
                f"Row {decision.row!r}: a fix of {decision.column!r} needs a column and a value.",
                fix=f"The columns are {', '.join(examples.columns)}.",
            )
