"""surpass pack: everything that training elsewhere needs, in one file; no secret, no traffic."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from surpass.core.account import Account
from surpass.core.digest import digest_file
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.packed import PackData, Packed, PackedFile
from surpass.core.settings.read import FILE_NAME
from surpass.core.wording import counted
from surpass.model.find import DEFINING
from surpass.release.pack import FORMAT, place_refused, write_pack
from surpass.steps.project import Project
from surpass.steps.tell.numbers import gigabytes
from surpass.store import ledger

_WHOLE = ("versions", "answers", ".surpass/cache", ".surpass/releases")
_LEFT_OUT = {"scratch"}  # of the cache: what a run that was killed resumes from, on this machine


def pack_account(project: Project, file: Path) -> Account:
    """Write the pack.

    What goes in: surpass.toml, the ledger, versions/, answers/, finished results, released models,
    and every file inside the project that surpass.toml names. What does not: the journal, keys and
    links, what waits for trackers, and anything that nobody names.

    Raises:
        BadInput: the file exists, surpass.toml names a file outside the project, or one of the
            files is a link or changes meanwhile.
    """
    if file.exists():
        raise BadInput(f"{file} exists.", fix="Name another file, or remove it.")
    if not file.parent.is_dir():
        raise BadInput(f"There is no folder {file.parent}.", fix="Make it, or name another.")
    names = sorted(set(_names(project)))
    files = {
        name: PackedFile(digest=digest_file(path), size=path.stat().st_size)
        for name in names
        for path in [project.folder / name]
    }
    packed = Packed(
        format=FORMAT,
        task=project.settings.task.name,
        at=now(),
        heads=project.ledger.heads(),
        files=files,
    )
    write_pack(file, project.folder, packed)
    size = sum(one.size for one in files.values())
    return Account(
        title="Pack",
        headline=f"{file} holds {counted(len(files), 'file')}, {gigabytes(size)} unpacked.",
        text=(
            "It holds rows, the sealed test's too: keep it as you keep your data.",
            f"There: `surpass unpack {file.name}`, train, `surpass pack`; back here "
            "`surpass unpack` brings in what is new.",
        ),
        warnings=_outside(project),
        data=PackData(
            file=str(file),
            folder=str(project.folder.resolve()),
            files=len(files),
            size=size,
            changed=1,
        ),
    )


def _names(project: Project) -> Iterator[str]:
    """Paths of all files to pack, relative to the project."""
    home = project.folder
    yield FILE_NAME
    if (home / ledger.FILE_NAME).is_file():
        yield ledger.FILE_NAME
    for place in _WHOLE:
        for path in sorted((home / place).rglob("*")):
            name = path.relative_to(home)
            parts = name.parts[2:] if place.startswith(".") else name.parts[1:]
            hidden = any(part.startswith(".") for part in parts)  # what a kill left
            if path.is_file() and not hidden and parts[0] not in _LEFT_OUT:
                yield _inside(project, name.as_posix())
    for text in _texts(msgspec.to_builtins(project.settings)):
        yield from _named(project, text)


def _named(project: Project, text: str) -> Iterator[str]:
    """The file or the folder of a model that a setting names, if it names one in the project."""
    if not _may_be_path(text):
        return
    path = project.folder / text
    if path.is_file():
        yield _inside(project, text)
    elif path.is_dir() and text == project.settings.model.base and not _elsewhere(text):
        for pattern in DEFINING:
            for one in sorted(path.glob(pattern)):
                yield _inside(project, one.relative_to(project.folder).as_posix())


def _inside(project: Project, name: str) -> str:
    """The path as a pack writes it.

    Raises:
        BadInput: it leads out of the project, or is a link.
    """
    name, home = Path(name).as_posix(), project.folder
    links = [part for part in (home / name, *(home / name).parents) if part.is_symlink()]
    within = [link for link in links if home in link.parents]
    if within or place_refused(name):
        why = "is a link" if within else place_refused(name)
        raise BadInput(
            f"{name} cannot be packed: {why}.",
            fix="Copy the file into the project's folder and name it there.",
        )
    return name


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _texts(value)


def _may_be_path(text: str) -> bool:
    return 0 < len(text) < 500 and "\n" not in text and "\0" not in text


def _elsewhere(text: str) -> bool:
    return Path(text).is_absolute() or ".." in Path(text).parts


def _outside(project: Project) -> tuple[str, ...]:
    base = project.settings.model.base
    if (project.folder / base).is_dir() and _elsewhere(base):
        return (f"The base in {base} is not in the pack: put the same files there, same place.",)
    return ()
