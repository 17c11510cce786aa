"""surpass fix --mitigate: what is done where groups get other answers or are missing, as decisions.

Rows are added to training and none is changed or removed, so that undoing is free; valid and test
stay as they are. Two ways add nothing and write a list for people: rows to collect, and rows whose
answers somebody should look at.
"""

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.core.records.mitigation import BiasMeasure
from surpass.core.wording import counted
from surpass.data.added import COPY, TWIN, adding, twin_of
from surpass.data.mitigate import (
    augmented,
    resampled,
    share_with_twin,
    smallest_share,
    widest_gap,
)
from surpass.steps.fix import decide
from surpass.steps.project import Project
from surpass.steps.split import SplitResult, current_split
from surpass.steps.swap_terms import swap_terms
from surpass.text.swaps import Terms, swapper

Adding = Literal["reweigh", "counterfactual"]
ACTIONS: dict[Adding, str] = {"reweigh": COPY, "counterfactual": TWIN}
_NONE = {COPY: "0", TWIN: ""}


class Mitigated(NamedTuple):
    """What was added to training, and what it changes."""

    made: list[Decision]
    rows: int  # of train
    before: int  # rows trained on
    after: int
    measures: tuple[BiasMeasure, ...]
    notes: tuple[str, ...]


def mitigate(project: Project, how: Adding, *, by: str, reason: str = "") -> Mitigated:
    """Add copies or twins of training rows, as one person's decision.

    Args:
        project: The project; its rows are dealt out if nobody has.
        how: "reweigh": copies until groups get answers alike; "counterfactual": each row with a
            declared term once more with the term swapped.
        by: The person.
        reason: Why; empty: what is done, in words.

    Raises:
        BadInput: nobody is named, no groups or terms are declared, or the task has no labels to
            reweigh by, or answers that a swap would break.
    """
    _require_person(by)
    before = current_split(project)
    values, said, notes = (
        _copies(project, before.train) if how == "reweigh" else _twins(project, before.train)
    )
    made = _decisions(project, ACTIONS[how], values, (by, reason or said))
    if made:
        decide(project, made)
    after = current_split(project)
    added = set() if after.added is None else set(after.added[columns.MADE_FROM])
    if missing := sum(row not in added for row in values):
        nothing = counted(missing, "row adds", "rows add")
        notes = (*notes, f"{nothing} nothing: it would show a row of valid or test.")
    return _told(project, made, before, after, notes)


def take_back(project: Project, how: Adding, *, by: str, reason: str = "") -> Mitigated:
    """Take back everything that was added in this way.

    Raises:
        BadInput: nobody is named, or nothing was added so.
    """
    _require_person(by)
    before, action = current_split(project), ACTIONS[how]
    standing = [row for row, kind in adding(project.answers.decisions()) if kind == action]
    if not standing:
        raise BadInput(f"Nothing was added by {how}.", fix="See answers/decisions.jsonl.")
    made = _decisions(project, action, {}, (by, reason or "Taken back"))
    decide(project, made)
    return _told(project, made, before, current_split(project))


def _told(
    project: Project,
    made: list[Decision],
    before: SplitResult,
    after: SplitResult,
    notes: tuple[str, ...] = (),
) -> Mitigated:
    return Mitigated(
        made=made,
        rows=before.train.height,
        before=before.taught.height,
        after=after.taught.height,
        measures=_measures(project, before.taught, after.taught),
        notes=notes,
    )


def group_columns(project: Project, rows: pl.DataFrame) -> tuple[str, ...]:
    """The user's columns that hold groups of people: of [fairness], else [data] slices.

    Raises:
        BadInput: none is declared, or the rows have none of them.
    """
    declared = project.settings.fairness.groups or project.settings.data.slices
    found = tuple(name for name in declared if columns.attribute(name) in rows.columns)
    if not found:
        raise BadInput(
            "No groups of people are declared that the rows have.",
            fix='Name their columns: [fairness] groups = ["gender"].',
        )
    return found


def _require_person(by: str) -> None:
    if not by.strip():
        raise BadInput("What is added to training is somebody's decision.", fix="Add --by NAME.")


def _decisions(
    project: Project, action: str, wanted: dict[str, str], said: tuple[str, str]
) -> list[Decision]:
    """What must be decided for `wanted` (row -> value) to be what this action adds, and no more."""
    standing = {
        row: value
        for (row, kind), value in adding(project.answers.decisions()).items()
        if kind == action
    }
    gone = {row: _NONE[action] for row in standing if row not in wanted}
    by, reason = said
    moment = now()
    return [
        Decision(row=row, action=action, reason=reason, by=by, at=moment, value=value)
        for row, value in (wanted | gone).items()
        if standing.get(row) != value
    ]


class _Added(NamedTuple):
    values: dict[str, str]  # row -> value of its decision
    said: str  # why, if nobody says it better
    notes: tuple[str, ...]


def _copies(project: Project, train: pl.DataFrame) -> _Added:
    if project.settings.kind != "classify":
        raise BadInput(
            f"Rows are reweighed by their labels; a task of kind {project.settings.kind!r} has "
            "none.",
            fix="Add twins instead: surpass fix --mitigate counterfactual.",
        )
    names = group_columns(project, train)
    known = train.drop_nulls([columns.attribute(name) for name in names])
    if known.is_empty():
        raise BadInput(f"No training row has {', '.join(names)}.", fix="Fill these columns.")
    found = resampled(known[columns.ROW], _groups(known, names), known[columns.TARGET])
    notes = [
        "Training takes rows and knows no weights, so a weight is a number of copies: a row with "
        "two copies is learned three times an epoch."
    ]
    if unknown := train.height - known.height:
        notes.append(f"{counted(unknown, 'row has', 'rows have')} no group and no copies.")
    if found.empty:
        cells = "; ".join(f"{group}: {answer}" for group, answer in found.empty[:3])
        some = counted(len(found.empty), "answer that a group never gets", "answers that a group "
                       "never gets")  # fmt: skip
        notes.append(f"{some} ({cells}): no copy mends that; collect such rows.")
    values = {row: str(number) for row, number in found.copies.items()}
    return _Added(values, f"Reweighed by {', '.join(names)}", tuple(notes))


def _twins(project: Project, train: pl.DataFrame) -> _Added:
    terms, kind = swap_terms(project), project.settings.kind
    if not terms:
        raise BadInput(
            "No terms are declared that stand for each other.",
            fix='Write them: [fairness] swaps = {he = "she", his = "her"}.',
        )
    if kind == "code":
        raise BadInput(
            "Swapping terms in tasks for programs would break their tests.",
            fix="Write such rows by hand.",
        )
    made = augmented(train, swapper(terms), kind).rows
    originals = train.select(columns.ROW, columns.INPUT, columns.TARGET)
    beside = made.with_columns(
        pl.col(columns.ROW).str.strip_suffix(" swapped").alias(columns.MADE_FROM)
    ).join(originals, left_on=columns.MADE_FROM, right_on=columns.ROW, suffix=" then")
    values = {
        one[columns.MADE_FROM]: twin_of(
            (one[f"{columns.INPUT} then"], one[f"{columns.TARGET} then"]),
            (one[columns.INPUT], one[columns.TARGET]),
        )
        for one in beside.iter_rows(named=True)
    }
    return _Added(values, "Once more with terms of [fairness] swaps swapped", ())


def _measures(
    project: Project, before: pl.DataFrame, after: pl.DataFrame
) -> tuple[BiasMeasure, ...]:
    """The same numbers of what was trained on before and of what is now."""
    declared = project.settings.fairness.groups or project.settings.data.slices
    there = [name for name in declared if columns.attribute(name) in before.columns]
    terms = swap_terms(project)
    measured: dict[str, Callable[[pl.DataFrame], float | None]] = {}
    for name in there:
        column = columns.attribute(name)
        if project.settings.kind == "classify":
            what = f"widest gap between groups of {name} in the rate of an answer"
            measured[what] = partial(_gap, column)
        measured[f"share of the rarest group of {name}"] = partial(_rarest, column)
    if terms:
        measured["rows with a swapped term whose twin is there"] = partial(_twinned, terms)
    return tuple(
        BiasMeasure(name=name, before=measure(before), after=measure(after))
        for name, measure in measured.items()
    )


def _gap(column: str, rows: pl.DataFrame) -> float | None:
    return widest_gap(rows[column], rows[columns.TARGET])


def _rarest(column: str, rows: pl.DataFrame) -> float | None:
    return smallest_share(rows[column])


def _twinned(terms: Terms, rows: pl.DataFrame) -> float | None:
    return share_with_twin(rows[columns.INPUT], swapper(terms))


def _groups(rows: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    """The group of each row: the values of all columns together."""
    values = [pl.col(columns.attribute(name)) for name in names]
    return rows.select(pl.concat_str(values, separator=", ").alias("group"))["group"]
