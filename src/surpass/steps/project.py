"""A project's folder, opened: settings, instruction, store, ledger, answers."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import Data, Settings
from surpass.core.settings.read import read_settings
from surpass.store.answers import Answers
from surpass.store.ledger import Ledger
from surpass.store.objects import Objects
from surpass.store.sealed import SealedTest

DEFAULT_INSTRUCTIONS = {
    "classify": "Answer with the label of the text. Labels: {labels}",
    "extract": "Write what the text states as one line of JSON. Keys: {fields}. "
    "Leave out what is not stated.",
    "generate": "Answer.",
    "code": "Write the Python function. Answer with one code block.",
}

_PATTERN = frozenset("*?[")


class Project(NamedTuple):
    """Everything that a step needs to know of one folder."""

    folder: Path
    settings: Settings
    objects: Objects
    ledger: Ledger
    answers: Answers
    sealed: SealedTest


def open_project(folder: Path) -> Project:
    """Read a project's settings and lay hands on its memories; opens no data and runs nothing."""
    settings = read_settings(folder)
    settings = msgspec.structs.replace(settings, data=_with_files(folder, settings.data))
    cache = folder / ".surpass" / "cache"
    ledger = Ledger(folder)
    return Project(
        folder=folder,
        settings=settings,
        objects=Objects(cache),
        ledger=ledger,
        answers=Answers(folder),
        sealed=SealedTest(folder, cache, ledger),
    )


def _with_files(folder: Path, data: Data) -> Data:
    """The data's settings with each pattern replaced by the files that it means now, by name.

    Raises:
        BadInput: [data] train means no file at all.
    """
    train, valid, test = (
        tuple(file for name in names for file in _meant(folder, name))
        for names in (data.train, data.valid, data.test)
    )
    if data.train and not train:
        raise BadInput(
            f"[data] train means no file: {', '.join(data.train)}.",
            fix=f"Put files there, below {folder.resolve()}, or name others.",
        )
    return msgspec.structs.replace(data, train=train, valid=valid, test=test)


def _meant(folder: Path, name: str) -> tuple[str, ...]:
    """A name as it stands, or the files that a pattern means; what may not be there yet is none."""
    if not _PATTERN & set(name) or (folder / name).exists() or Path(name).is_absolute():
        return (name,)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.glob(name)))


def instruction(project: Project, labels: tuple[str, ...], fields: tuple[str, ...]) -> str:
    """The instruction that training, evaluation and serving share, with the closed sets filled in.

    `{labels}` and `{fields}` are replaced as text; nothing else in the file is special.
    """
    named = project.settings.task.prompt
    if named is None:
        text = DEFAULT_INSTRUCTIONS[project.settings.kind]
    else:
        path = project.folder / named
        try:
            text = path.read_text(encoding="utf-8-sig").strip()
        except FileNotFoundError:
            raise BadInput(
                f"[task] prompt names {named}, which is not in {project.folder.resolve()}.",
                fix="Write that file, or remove the key to use the standard instruction.",
            ) from None
        except UnicodeDecodeError:
            raise BadInput(f"{path} is not UTF-8 text.", fix="Save it as UTF-8.") from None
    if not text:
        raise BadInput(
            f"The instruction in {named} is empty.", fix="Write what the model should do."
        )
    return text.replace("{labels}", ", ".join(labels)).replace("{fields}", ", ".join(fields))
