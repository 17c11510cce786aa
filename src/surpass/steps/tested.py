"""Rows that were ever a sealed test: whatever is dealt anew, they stay on the test's side.

Without this a look at the test would be free: under another seed, in another file of [data] or in
a new version, sealed rows would come back as rows of train or valid.
"""

from collections.abc import Callable

import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.records.decisions import Extension, Seal
from surpass.steps.dataset import Dataset
from surpass.steps.extension import distinct, extension_rows, extensions, parted
from surpass.steps.project import Project
from surpass.store.sealed import marks


def held_blocks(project: Project, digest_with: Callable[[tuple[str, ...]], str]) -> tuple[str, ...]:
    """The blocks whose rows the present split keeps out of train and valid, the oldest first.

    A split that was dealt before some of them were sealed is still the same split: what is in the
    ledger names it. Anything else is dealt with all of them held.

    Args:
        project: The project.
        digest_with: Digest of the split's recipe with these blocks held.
    """
    blocks, named = tested_blocks(project), _named_split(project)
    for count in range(len(blocks)):
        if digest_with(blocks[:count]) == named:
            return blocks[:count]
    return blocks


def tested_blocks(project: Project) -> tuple[str, ...]:
    """Every block that was ever the test, the oldest first."""
    found: dict[str, None] = {}
    for _, entry in project.ledger.entries():
        match entry.body:
            case Seal(block=block):
                found.setdefault(block)
            case Extension(replaces=before, block=block):
                found.setdefault(before)
                found.setdefault(block)
            case _:
                pass
    return tuple(found)


def _named_split(project: Project) -> str:
    """The split that a seal or an extension named last; empty before."""
    bodies = (entry.body for _, entry in project.ledger.entries())
    named = [body.split for body in bodies if isinstance(body, Seal | Extension)]
    return named[-1] if named else ""


def gating_rows(project: Project, dataset: Dataset, held: tuple[str, ...]) -> pl.DataFrame | None:
    """The test's rows where they are given: by an extension, or by the block sealed last.

    Rows that the user's own test files gained since belong to the test as well.

    Returns:
        None: the test is to be dealt from the rows, because nothing is held.

    Raises:
        BadInput: the file of the extension is gone, or is no longer what it was; or no row of the
            sealed test is among the rows any more.
    """
    if not held:
        return None
    if last := next((e for e in reversed(extensions(project)) if e.block in held), None):
        return extension_rows(project, last)
    sealed = project.sealed.digests(held[-1])
    known = [parted(rows, sealed).known for rows in dataset.sides]
    if all(rows.is_empty() for rows in known):
        raise BadInput(
            "No row of the sealed test is among the rows of [data] any more.",
            fix="Restore its rows as they were. For other rows make a new project, or bring them "
            "as a new test: `surpass split --extend-test FILE`.",
        )
    given = [] if dataset.test is None else [dataset.test]
    rows: pl.DataFrame = distinct(pl.concat([*known, *given], how="diagonal"))
    return rows


def kept_out(
    project: Project, dataset: Dataset, held: tuple[str, ...], gating: pl.DataFrame | None
) -> Dataset:
    """The dataset with every row of an earlier test on the side of the test.

    Raises:
        BadInput: nothing is left of the user's own validation rows.
    """
    tested = frozenset[str]().union(*map(project.sealed.digests, held))
    train = parted(dataset.train, tested)
    valid = None if dataset.valid is None else parted(dataset.valid, tested)
    if valid is not None and valid.others.is_empty():
        raise BadInput(
            f"All {valid.known.height} rows of [data] valid were sealed as a test.",
            fix="Name other files as valid; what was sealed stays a test.",
        )
    spent = [train.known, *([] if valid is None else [valid.known])]
    spent += [] if dataset.test is None else [dataset.test]
    return Dataset(
        version=dataset.version,
        train=train.others,
        valid=None if valid is None else valid.others,
        test=_closed(gating, spent),
    )


def _closed(gating: pl.DataFrame | None, spent: list[pl.DataFrame]) -> pl.DataFrame | None:
    """All rows that train and valid may show nothing of: the test's, and those of earlier ones."""
    if gating is None:
        return None
    now = frozenset(mark for row in marks(gating) for mark in row)
    others = [parted(rows, now).others for rows in spent]
    closed: pl.DataFrame = pl.concat([gating, *others], how="diagonal")
    return closed.unique(columns.ROW, maintain_order=True)
