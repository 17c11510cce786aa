"""The test's extensions: which file's rows became the test last, as the ledger says."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_file, short
from surpass.core.errors import BadInput
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Sides
from surpass.core.records.decisions import Extension
from surpass.core.settings import Data, Task
from surpass.data.examples import read_examples
from surpass.data.leaks import fingerprints
from surpass.steps.project import Project
from surpass.store.objects import read_record, write_record
from surpass.store.sealed import marks

REVISION = 1


class ExtensionRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows of which file, read how."""

    file: str  # digest
    rows: str  # the block that names them in the ledger
    data: Data
    task: Task


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The test rows as they are read now: under other columns the same rows are another block."""

    block: str
    rows: int
    groups: int


class Parted(NamedTuple):
    """Rows whose inputs are known from a test block, and the others."""

    known: pl.DataFrame
    others: pl.DataFrame


def extensions(project: Project) -> list[Extension]:
    """All extensions, oldest first; the last one's rows are the test in force."""
    return [body for _, body in project.ledger.bodies(Extension)]


def read_file(project: Project, file: str) -> pl.DataFrame:
    """All rows of a file, named as those of [data] are."""
    data, task = project.settings.data, project.settings.task
    return read_examples(project.folder, (file,), data, task)[0]


def extension_rows(project: Project, extension: Extension) -> pl.DataFrame:
    """The rows of the file that became the test.

    Raises:
        BadInput: the file is gone, or is no longer what it was.
    """
    path = project.folder / extension.file
    if not path.is_file() or digest_file(path) != extension.digest:
        what = "has changed since" if path.is_file() else "is not there"
        raise BadInput(
            f"{extension.file} holds the rows of test block {short(extension.block)}, but {what}.",
            fix="Restore the file; further rows go into a file of their own.",
        )
    taken = project.sealed.digests(extension.block)
    known = parted(distinct(read_file(project, extension.file)), taken).known
    if known.is_empty():
        raise BadInput(
            f"No row of {extension.file} is one of test block {short(extension.block)} any more: "
            "[task] or [data] name other columns now.",
            fix="Name the columns as they were when the file became the test.",
        )
    return known


def distinct(rows: pl.DataFrame) -> pl.DataFrame:
    """The first row of each input."""
    first = pl.Series([row[0] for row in marks(rows)], dtype=pl.String)
    return rows.filter(first.is_first_distinct())


def parted(rows: pl.DataFrame, known: frozenset[str]) -> Parted:
    """Part the rows by whether any of their marks is among those that are known."""
    there = pl.Series([not known.isdisjoint(row) for row in marks(rows)], dtype=pl.Boolean)
    return Parted(rows.filter(there), rows.filter(~there))


def extended(project: Project, sides: Sides, extension: Extension) -> Sides:
    """The sides of a split with the extension's rows as the test, laid behind the door."""
    block = _laid_down(project, extension)
    if block is None:
        recipe = _recipe(project, extension)
        block = lay_down(project, extension_rows(project, extension))
        if project.objects.find(recipe) is None:
            with project.objects.write(recipe) as folder:
                write_record(folder, "block", block)
    return msgspec.structs.replace(
        sides, block=block.block, test_rows=block.rows, test_groups=block.groups
    )


def is_laid_down(project: Project, extension: Extension) -> bool:
    """Whether the extension's rows are behind the door already; reads and writes no rows."""
    return _laid_down(project, extension) is not None


def _laid_down(project: Project, extension: Extension) -> Block | None:
    stored = project.objects.find(_recipe(project, extension))
    block = None if stored is None else read_record(stored, "block", Block)
    return block if block is not None and project.sealed.holds(block.block) else None


def _recipe(project: Project, extension: Extension) -> ExtensionRecipe:
    return ExtensionRecipe(
        stage="extension",
        revision=REVISION,
        file=extension.digest,
        rows=extension.block,
        data=project.settings.data,
        task=project.settings.task,
    )


def lay_down(project: Project, rows: pl.DataFrame) -> Block:
    """Put test rows behind the door, with the hashes that leaks are seen by."""
    return Block(
        block=project.sealed.put(rows, fingerprints(rows)),
        rows=rows.height,
        groups=rows[columns.GROUP].n_unique(),
    )
