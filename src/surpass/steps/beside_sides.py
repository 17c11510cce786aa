"""What the check of leaks needs beside the rows: the other sides as far as they are open.

Before the seal the user's own valid and test files are read like any other; from then on the test
is known by the hashes that lie beside its rows, and nothing is opened.
"""

from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.data.checks.beside import LaterSide
from surpass.data.leaks import fingerprints
from surpass.steps.dataset import current_dataset
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, is_split


class Sides(NamedTuple):
    """What is known of valid and test."""

    later: tuple[LaterSide, ...]
    side_of: dict[str, str]  # of the rows that checks look at; empty while nothing is dealt out


def known_sides(project: Project, examples: pl.DataFrame) -> Sides:
    """The sides of the rows, and those that are elsewhere."""
    data = project.settings.data
    if last_seal(project) is not None:
        split = current_split(project)
        prints = project.sealed.fingerprints(split.sides.block)
        side_of = _side_of(split.train, "train") | _side_of(split.valid, "valid")
        return Sides((LaterSide("test", prints, sealed=True),), side_of)
    own = current_dataset(project) if data.valid or data.test else None
    given = {} if own is None else {"valid": own.valid, "test": own.test}
    later = [
        LaterSide(name, fingerprints(rows), tuple(rows[columns.TIME]))
        for name, rows in given.items()
        if rows is not None
    ]
    if not is_split(project):
        return Sides(tuple(later), {})
    split = current_split(project)
    dealt = _side_of(split.train, "train") | _side_of(split.valid, "valid")
    rest = {} if data.test else dict.fromkeys(examples[columns.ROW], "test")
    return Sides(tuple(later), rest | dealt)


def written_prompt(project: Project) -> str | None:
    """The text of the user's instruction; none where there is no such file, or it is no text."""
    named = project.settings.task.prompt
    if named is None:
        return None
    try:
        return (project.folder / named).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):  # another part of the check warns of it
        return None


def _side_of(rows: pl.DataFrame, side: str) -> dict[str, str]:
    return dict.fromkeys(rows[columns.ROW], side)
