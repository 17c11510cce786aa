"""Look at a file of rows: which format it has, and what the task is."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from surpass.data.infer import Inferred, group_note, infer
from surpass.data.layouts import Layout, arranged, layout_of
from surpass.data.read import read_rows
from surpass.data.rows import Rows


class Seen(NamedTuple):
    """What a file holds."""

    rows: Rows  # as input and output
    task: Inferred
    instruction: str  # that all rows have in common; empty: none


def look_at(file: Path, asked: str | None, answered: str | None) -> Seen:
    """Read a file and guess its task.

    Args:
        file: Rows, or a folder of them.
        asked: The input column, if the user named it.
        answered: The output column, if the user named it.

    Raises:
        BadInput: it cannot be read, or no task can be seen in it.
    """
    rows = read_rows(file)
    layout = layout_of(rows)
    if layout is None or not _agrees(layout, asked, answered):
        rows = arranged(rows, asked or "", answered)
        return Seen(rows, infer(rows.frame, file.name, asked, answered), "")
    found = infer(
        layout.rows.frame, file.name, layout.input, layout.output, told="as in this format"
    )
    group = found.group or layout.group
    task = msgspec.structs.replace(
        found,
        group=group,
        possible_group=None if group else found.possible_group,
        slices=tuple(name for name in found.slices if name != group),
        notes=(f"The file holds {layout.said}", *_notes(found, group)),
    )
    return Seen(layout.rows, task, layout.instruction)


def _agrees(layout: Layout, asked: str | None, answered: str | None) -> bool:
    """Whether the user named no other columns than the format does."""
    return asked in {None, layout.input} and answered in {None, layout.output}


def _notes(found: Inferred, group: str | None) -> list[str]:
    """The notes of a guess, with what is said of the group put right."""
    guessed = group_note(found.group, found.possible_group)
    return [group_note(group, None) if group and one == guessed else one for one in found.notes]
