"""surpass export: the examples in force as a file in a usual format, never a sealed test row."""

from pathlib import Path

import polars as pl

from surpass.core.account import Account
from surpass.core.errors import BadInput, Refused
from surpass.core.records.card import ExportData
from surpass.core.wording import counted
from surpass.data.write import PLAIN, STYLES, as_frame_file, as_training_file, plain_frame
from surpass.steps.closed_sets import wording
from surpass.steps.dataset import current_dataset, current_version
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, is_split
from surpass.store.durable import write_file

SIDES = ("train", "valid", "all")


def export_account(project: Project, file: Path, style: str | None, side: str) -> Account:
    """Write the rows of a side, every decision applied.

    Args:
        project: The project.
        file: To be written; nothing that exists is overwritten.
        style: One of `data.write.STYLES`; none: the ending of the file's name says it.
        side: "train", "valid", or "all" rows before the seal.

    Raises:
        BadInput: the file exists, or no such style or side.
        Refused: all rows after the seal, or a side before the split.
    """
    style = _style(file, style)
    if file.exists():
        raise BadInput(f"{file} exists.", fix="Name another file, or remove it.")
    examples = _rows(project, side)
    data, task = project.settings.data, project.settings.task
    if style in PLAIN:
        content, defused = as_frame_file(plain_frame(examples, data, task), style)
    else:
        told = _instruction(project) if style == "openai" else ""
        content, defused = as_training_file(examples, data, style, told), 0
    write_file(file, content)
    return Account(
        title="Export",
        headline=f"{file} holds {counted(examples.height, 'row')} ({side}) as {style}.",
        text=(_SAID[side],),
        warnings=_defused(defused),
        data=ExportData(
            file=str(file),
            style=style,
            side=side,
            rows=examples.height,
            version=current_version(project).digest,
            defused=defused,
        ),
    )


_SAID = {
    "train": "Train only: valid and test are not in it.",
    "valid": "Valid only: train and test are not in it.",
    "all": "All rows, those that may become the test included: train nothing on this file whose "
    "test is here.",
}


def _style(file: Path, style: str | None) -> str:
    named = style or file.suffix.lower().removeprefix(".")
    if named not in STYLES:
        what = f"{named!r} is no format" if named else f"{file} has no ending that says a format"
        raise BadInput(f"{what} to export.", fix=f"Say --as with one of {', '.join(STYLES)}.")
    return named


def _rows(project: Project, side: str) -> pl.DataFrame:
    if side not in SIDES:
        raise BadInput(f"{side!r} is no side to export.", fix=f"Name one of {', '.join(SIDES)}.")
    if side == "all":
        if last_seal(project) is not None:
            raise Refused(
                "The test is sealed: its rows leave the project with no export.",
                fix="Export `--side train` or `--side valid`.",
            )
        return pl.concat(current_dataset(project).sides, how="diagonal")
    if not is_split(project):
        raise Refused(
            f"The rows are not split yet, so there is no {side}.",
            fix="Run `surpass split` first, or export `--side all`.",
        )
    split = current_split(project)
    return split.taught if side == "train" else split.valid


def _instruction(project: Project) -> str:
    """The instruction with its closed sets, which are known from the split on."""
    if not is_split(project):
        raise Refused(
            "The labels in the instruction are those of train, which is not split off yet.",
            fix="Run `surpass split` first, or export as messages, without the instruction.",
        )
    return wording(project, current_split(project).sides).instruction


def _defused(cells: int) -> tuple[str, ...]:
    if not cells:
        return ()
    return (
        f"{counted(cells, 'cell')} would run as a formula in a spreadsheet and got a leading "
        "apostrophe; jsonl and parquet keep the texts as they are.",
    )
