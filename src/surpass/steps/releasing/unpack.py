"""surpass unpack: a packed project in a new folder, or what is new of it brought home."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from surpass.core.account import Account
from surpass.core.errors import BadInput
from surpass.core.records.packed import PackData, Packed
from surpass.core.settings.read import FILE_NAME, read_settings
from surpass.core.wording import counted
from surpass.release.pack import AGAIN, open_pack
from surpass.store.durable import publish_folder, sync_folder, write_file
from surpass.store.ledger import FILE_NAME as LEDGER
from surpass.store.ledger import Ledger
from surpass.store.lock import only_command

_ADDED_TO = ("answers/", LEDGER)  # logs: the longer one goes on where the shorter one ends
_MADE_BY_US = (".surpass/cache/", ".surpass/releases/")  # named by content: what is here stays


def unpack_account(file: Path, folder: Path) -> Account:
    """Lay the project down, or bring its news home.

    Everything is checked in a folder beside the target before the first rename; killed at any
    moment, the same command goes on.

    Raises:
        BadInput: the pack is damaged or holds what no project has, the folder holds something
            else, or both projects went on since they parted.
        BadMachine: another command works in the folder.
    """
    with open_pack(file) as pack:
        home = folder.resolve().parent
        if not home.is_dir():
            raise BadInput(f"There is no folder {home}.", fix="Make it, or name another.")
        temporary = Path(mkdtemp(prefix=f".{folder.resolve().name}.", suffix=".tmp", dir=home))
        try:
            pack.extract(temporary)
            _require_project(temporary, file)
            changed = _laid_down(temporary, folder, pack.packed)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return _account(file, folder, pack.packed, changed)


def _require_project(folder: Path, file: Path) -> None:
    """The pack must be a project: its settings and its ledger can be read."""
    if not (folder / FILE_NAME).is_file():
        raise BadInput(f"{file} holds no {FILE_NAME}.", fix=AGAIN)
    read_settings(folder)
    Ledger(folder).entries()


def _laid_down(unpacked: Path, folder: Path, packed: Packed) -> int:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        if folder.exists():
            folder.rmdir()
        unpacked.chmod(0o755)  # a temporary folder is its maker's alone
        publish_folder(unpacked, folder.resolve())
        return len(packed.files)
    if not (folder / FILE_NAME).is_file():
        raise BadInput(
            f"{folder} is not empty and no project.", fix="Name a folder that does not exist yet."
        )
    with only_command(folder):
        news = _news(unpacked, folder, packed)
        for name in _ledger_last(news):
            _bring(unpacked, folder, name)
    return len(news)


def _news(unpacked: Path, folder: Path, packed: Packed) -> list[str]:
    """Paths to write; nothing is written before all of them are known to fit.

    Raises:
        BadInput: a file differs that only one of the two may have changed.
    """
    return [name for name in packed.files if _is_news(name, folder / name, unpacked / name)]


def _is_news(name: str, mine: Path, theirs: Path) -> bool:
    """Whether a packed file is to be written here."""
    if not mine.exists():
        return True
    if name.startswith(_MADE_BY_US):
        return False
    old, new = mine.read_bytes(), theirs.read_bytes()
    return old != new and _goes_on(name, old, new)


def _goes_on(name: str, old: bytes, new: bytes) -> bool:
    """Whether the packed log is the longer one.

    Raises:
        BadInput: neither goes on where the other ends, or the file is no log.
    """
    if name.startswith(_ADDED_TO) and new.startswith(old):
        return True
    if name.startswith(_ADDED_TO) and old.startswith(new):
        return False
    raise BadInput(
        f"{name} is another one here than in the pack: both went on since they parted.",
        fix="Unpack into a new folder and bring them together with git.",
    )


def _ledger_last(news: list[str]) -> Iterator[str]:
    """What decisions rest on comes before them."""
    yield from sorted(news, key=lambda name: (name == LEDGER, not name.startswith(".surpass")))


def _bring(unpacked: Path, folder: Path, name: str) -> None:
    """Move one file in; where its whole folder is new, that moves at once."""
    source, target = unpacked / name, folder / name
    if not source.exists():
        return  # it came with its folder
    if target.exists():
        write_file(target, source.read_bytes())
        return
    top = target
    while not top.parent.exists():
        top = top.parent
    (unpacked / top.relative_to(folder)).rename(top)
    sync_folder(top.parent)


def _account(file: Path, folder: Path, packed: Packed, changed: int) -> Account:
    headline = f"{file} is unpacked: {folder} has {counted(changed, 'new file')}."
    return Account(
        title="Unpack",
        headline=headline if changed else f"{folder} has everything that is in {file} already.",
        text=("A pack is data: nothing in it was run.",),
        next_command="surpass status",
        data=PackData(
            file=str(file),
            folder=str(folder.resolve()),
            files=len(packed.files),
            size=sum(one.size for one in packed.files.values()),
            changed=changed,
        ),
    )
