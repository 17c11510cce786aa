"""Lay the demo's data down as a project, for `surpass demo`."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from surpass.core.errors import BadInput
from surpass.core.settings.read import FILE_NAME
from surpass.store.durable import write_file

_DATA = "surpass.demo"  # named, not imported: steps stand below the edges


def lay_down(folder: Path, task: Literal["record", "intent"]) -> None:
    """Copy messages, instruction and settings of one task; a demo that is there goes on.

    Raises:
        BadInput: the folder holds another project.
    """
    source = files(_DATA)
    settings = (source / f"{task}.toml").read_bytes()
    target = folder / FILE_NAME
    if target.exists():
        if target.read_bytes() != settings:
            raise BadInput(
                f"{folder.resolve()} holds another project than the demo's {task} task.",
                fix="Name another folder: `surpass demo FOLDER`.",
            )
        return
    for name, resource in (
        ("messages.jsonl", "messages.jsonl"),
        ("GUIDELINE.md", "GUIDELINE.md"),
        ("prompt.md", f"prompt.{task}.md"),
        (".gitignore", None),
    ):
        content = (
            b".surpass/\nrequests/\n" if resource is None else (source / resource).read_bytes()
        )
        write_file(folder / name, content)
    write_file(target, settings)
