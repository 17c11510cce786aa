"""surpass collect: draw the next test by chance, then gather rows to train on, both to be labelled.

The slice is drawn first, and its units give no training rows: what a test asks must not be known.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Fact
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.cycle import CollectData
from surpass.core.wording import counted
from surpass.cycle.standing_cycle import next_number
from surpass.monitor.drawing import WHY, answered, known_of, slice_by_chance, worth_labelling
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal
from surpass.steps.split import current_split
from surpass.store.durable import write_file

FOLDER = "requests"
_SLICE, _GATHERED = "slice", "gathered"
_UNIT, _AT = "unit", "at"  # columns of both files where [data] names none


class Ask(NamedTuple):
    """How much of what."""

    slice: int = 0  # units, drawn by chance
    gather: int = 0  # requests, the most promising first
    since: datetime | None = None  # with a time zone; none: all that the journal has


def collect(project: Project, ask: Ask) -> Account:
    """Write the two files of the next cycle; one that is there stays as it was drawn.

    Raises:
        CannotTell: nothing was served, or no request with its text is left.
        BadInput: nothing was asked for.
    """
    if ask.slice < 1 and ask.gather < 1:
        raise BadInput("Nothing is to be collected.", fix="Say --slice 100, --gather 200 or both.")
    number = next_number(project)
    with open_journal(project) as journal:
        task = project.settings.task.name
        requests, feedback = journal.requests(task, ask.since), journal.feedback(task, ask.since)
    if answered(requests).is_empty():
        raise CannotTell(
            f"The journal has {counted(requests.height, 'request')} of {task}, none of them with "
            "its text.",
            fix='Serve with [serving] capture = "redacted" to keep texts.',
        )
    home = project.folder / FOLDER
    paths = {name: home / f"{name}-{number}.jsonl" for name in (_SLICE, _GATHERED)}
    if ask.slice and not paths[_SLICE].exists():
        if paths[_GATHERED].exists():
            raise BadInput(
                f"{FOLDER}/{paths[_GATHERED].name} was gathered already, and its users would be "
                "in training and test.",
                fix="Delete it, and collect slice and rows again in one call.",
            )
        drawn = slice_by_chance(requests, ask.slice, left_out=_drawn_units(project), seed=number)
        _write(project, paths[_SLICE], drawn)
    if ask.gather and not paths[_GATHERED].exists():
        split = current_split(project)
        known = known_of(pl.concat([split.train[columns.INPUT], split.valid[columns.INPUT]]))
        found = worth_labelling(
            requests, feedback, known, ask.gather, left_out=_drawn_units(project)
        )
        _write(project, paths[_GATHERED], found)
    return _account(number, paths)


def _drawn_units(project: Project) -> frozenset[str]:
    """Units of all slices so far: their rows are for tests."""
    name = project.settings.data.group or _UNIT
    files = sorted((project.folder / FOLDER).glob(f"{_SLICE}-*.jsonl"))
    return frozenset(str(row[name]) for file in files for row in _rows(file))


def _rows(file: Path) -> list[dict[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [msgspec.json.decode(line, type=dict[str, str]) for line in lines]


def _write(project: Project, path: Path, found: pl.DataFrame) -> None:
    """The rows in the project's own columns, without an answer."""
    data, task = project.settings.data, project.settings.task
    names = {
        columns.REQUEST: data.id or "id",
        columns.INPUT: task.input,
        columns.UNIT: data.group or _UNIT,
        columns.AT: data.time or _AT,
    }
    kept = [columns.REQUEST, columns.INPUT, columns.UNIT, columns.AT]
    frame = found.select(*kept, *([WHY] if WHY in found.columns else []))
    texts = frame.with_columns(pl.col(columns.AT).dt.strftime("%Y-%m-%dT%H:%M:%SZ")).rename(names)
    lines = (msgspec.json.encode(row) + b"\n" for row in texts.iter_rows(named=True))
    path.parent.mkdir(exist_ok=True)
    write_file(path, b"".join(lines))


def _account(number: int, paths: dict[str, Path]) -> Account:
    there = {name: len(_rows(path)) for name, path in paths.items() if path.exists()}
    drawn, gathered = there.get(_SLICE), there.get(_GATHERED)
    facts = [
        Fact(label=label, value=counted(count, "row"), note=f"{FOLDER}/{paths[name].name}")
        for label, name, count in (
            ("slice for the test", _SLICE, drawn),
            ("gathered for training", _GATHERED, gathered),
        )
        if count is not None
    ]
    first = paths[_SLICE if drawn else _GATHERED]
    return Account(
        title=f"Rows for cycle {number}",
        headline=f"{counted(sum(there.values()), 'request')} wait for labels.",
        text=(
            "The slice is drawn by chance, one request of a unit, before anything a model said is "
            "looked at; its units give no training rows. What is gathered was picked because the "
            "model is likely wrong there, so nothing may be measured on it.",
            "Texts are as the journal keeps them: what was redacted stays masked.",
        ),
        facts=tuple(facts),
        next_command=f"surpass label start --rows {FOLDER}/{first.name}",
        data=CollectData(
            number=number,
            slice=str(paths[_SLICE]) if drawn is not None else None,
            slice_rows=drawn or 0,
            gathered=str(paths[_GATHERED]) if gathered is not None else None,
            gathered_rows=gathered or 0,
        ),
    )
