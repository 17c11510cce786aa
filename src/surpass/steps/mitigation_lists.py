"""What people are asked for where groups are missing or get other answers: two lists."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput, CannotTell
from surpass.data.checks.bias import NAME, declared_share
from surpass.data.mitigate import ROWS, VALUE, WANTED, Collection, collection_list
from surpass.steps.check import check
from surpass.steps.data_requests import FOLDER
from surpass.steps.mitigate import group_columns
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.store.durable import write_file


class ToCollect(NamedTuple):
    """Rows that each group lacks."""

    file: Path
    lists: dict[str, Collection]  # by the user's column


class ToLookAt(NamedTuple):
    """Rows whose answers people should look at."""

    file: Path
    rows: tuple[str, ...]
    summary: str  # of the check that names them


def to_collect(project: Project) -> ToCollect:
    """Write how many training rows each group lacks for its share, as CSV.

    The shares are those of [checks.bias] reference; what they leave is shared by the column's other
    groups as they stand. Of a column without any, all groups should be equally frequent.

    Raises:
        BadInput: no groups are declared, or the shares of a column are more than 1.
    """
    train = current_split(project).train
    lists = {}
    for name in group_columns(project, train):
        groups = train[columns.attribute(name)]
        lists[name] = collection_list(groups, _wanted(project, name, groups))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["column", "group", "rows", "to collect"])
    for name, found in lists.items():
        for value, rows, wanted in found.rows.select(VALUE, ROWS, WANTED).iter_rows():
            writer.writerow([_plain(name), _plain(value), rows, wanted])
    path = project.folder / FOLDER / "collect.csv"
    write_file(path, text.getvalue().encode("utf-8"))
    return ToCollect(path, lists)


def to_look_at(project: Project) -> ToLookAt:
    """Write the rows that the check of bias shows, as ids for `surpass label start --rows`.

    Raises:
        CannotTell: the check shows no row.
    """
    (result,) = [one for one in check(project) if one.check == NAME]
    names = result.evidence.select(columns.ROW, columns.PARTNER).iter_rows()
    rows = tuple(dict.fromkeys(row for pair in names for row in pair if row is not None))
    if not rows:
        raise CannotTell(f"There is no row to look at: {result.summary}", fix=result.advice)
    path = project.folder / FOLDER / "relabel.txt"
    write_file(path, "".join(f"{row}\n" for row in rows).encode("utf-8"))
    return ToLookAt(path, rows, result.summary)


def _wanted(project: Project, name: str, groups: pl.Series) -> dict[str, float]:
    declared = project.settings.checks.get(NAME, {}).get("reference", ())
    entries = [declared_share(one) for one in declared] if isinstance(declared, tuple) else []
    shares = {value: share for column, value, share in entries if column == name}
    present = dict(groups.drop_nulls().value_counts(sort=True).iter_rows())
    if not shares:
        return {value: 1 / len(present) for value in present} if present else {}
    others = {value: rows for value, rows in present.items() if value not in shares}
    left, total = 1 - sum(shares.values()), sum(others.values())
    if left < -1e-6:
        raise BadInput(
            f"[checks.bias] reference: the shares of {name} make {1 - left:.2f} together.",
            fix="Give shares that make 1 or less.",
        )
    if left > 1e-6 and total:
        shares |= {value: left * rows / total for value, rows in others.items()}
    return shares


def _plain(text: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
