"""What is counted on a slice: units in it, units to compare with, and which of them went wrong."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.records.explanation import Answered, Confused, Field, Predicate
from surpass.evaluate.slices.members import Bools, Looked, members
from surpass.measure.records import Record
from surpass.measure.row_scores import row_scores

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Pair(NamedTuple):
    """Both models' answers to the same validation rows, in the same order."""

    tuned: Looked
    base: Looked
    wrong: Floats  # 1 - score of each row, shape (rows,); nan where nothing can be scored
    base_wrong: Floats
    groups: Integers  # group of each row, numbered from 0


class Sample(NamedTuple):
    """Units of one question; as a rule a unit is a row, of a field it is a row's field."""

    rows: Integers  # of each unit, its place among the rows
    groups: Integers
    inside: Bools  # in the slice; the other units are what it is compared with
    wrong: Floats  # 0 to 1
    base_wrong: Floats


def pair(kind: str, tuned: pl.DataFrame, base: pl.DataFrame, labels: tuple[str, ...]) -> Pair:
    """Put two models' predictions of the same rows side by side, in the tuned model's order."""
    order = tuned.select(columns.ROW).join(base, on=columns.ROW, how="left", maintain_order="left")
    wrong, base_wrong = (
        1 - row_scores(kind, frame, labels).cast(pl.Float64).fill_null(np.nan).to_numpy()
        for frame in (tuned, order)
    )
    groups = np.unique(tuned[columns.GROUP].to_numpy(), return_inverse=True)[1]
    return Pair(Looked(tuned), Looked(order), wrong, base_wrong, groups.astype(np.int64))


def sample(predicate: Predicate, pair: Pair) -> Sample | None:
    """What is counted on this slice; none where the frames lack what it asks for.

    A confusion A for B counts only answers B, on the rows of A against those of all other labels
    but B: is B really where A goes, or where everything goes? A field's event is compared with the
    same event in the other fields. Every other slice compares rows in it with rows outside.
    """
    if isinstance(predicate, Confused):
        return _confusion(predicate, pair)
    if isinstance(predicate, Field):
        return _field(predicate, pair)
    inside = members(predicate, pair.tuned)
    if inside is None:
        return None
    base = pair.base_wrong
    if isinstance(predicate, Answered):
        inside = inside & ~np.isnan(pair.wrong)
    rows = np.flatnonzero(~np.isnan(pair.wrong) & ~np.isnan(base))
    return Sample(rows, pair.groups[rows], inside[rows], pair.wrong[rows], base[rows])


def _confusion(predicate: Confused, pair: Pair) -> Sample:
    frame = pair.tuned.frame
    rows = np.flatnonzero((frame[columns.TARGET] != predicate.answered).to_numpy())
    inside = (frame[columns.TARGET] == predicate.expected).to_numpy()
    answered = [_gave(looked, predicate.answered)[rows] for looked in (pair.tuned, pair.base)]
    return Sample(rows, pair.groups[rows], inside[rows], answered[0], answered[1])


def _gave(looked: Looked, label: str) -> Floats:
    read = looked.frame[columns.STATUS] == "ok"
    return ((looked.frame[columns.ANSWER] == label) & read).to_numpy().astype(np.float64)


def _field(predicate: Field, pair: Pair) -> Sample:
    """One unit for each row and field in which the event could have happened."""
    expected, wanted = pair.tuned.records, predicate.event != "invented"
    names = sorted({name for record in expected for name in record} | {predicate.field})
    units = [
        (row, name)
        for row, record in enumerate(expected)
        for name in names
        if (name in record) == wanted
    ]
    rows = np.array([row for row, _ in units], dtype=np.int64)
    happened = [
        [_happened(predicate.event, expected[row], given[row], name) for row, name in units]
        for given in (pair.tuned.answered, pair.base.answered)
    ]
    return Sample(
        rows,
        pair.groups[rows],
        np.array([name == predicate.field for _, name in units], dtype=bool),
        np.array(happened[0], dtype=np.float64),
        np.array(happened[1], dtype=np.float64),
    )


def _happened(event: str, expected: Record, given: Record, name: str) -> bool:
    if event == "wrong":
        return name in given and given[name] != expected[name]
    return (name not in given) if event == "missed" else (name in given)
