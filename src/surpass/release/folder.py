"""A released model as a folder that stands for itself, named by its content and never changed."""

import shutil
from pathlib import Path

import msgspec

from surpass.core.digest import digest_bytes, digest_file
from surpass.core.errors import BadMachine
from surpass.core.records.release import MANIFEST_FILE
from surpass.store.durable import publish_folder

_READ_ONLY = 0o444


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json: every other file with the SHA-256 of its content."""

    files: dict[str, str]  # path inside the folder, with `/` -> digest


def lay_down(home: Path, weights: dict[str, Path], texts: dict[str, bytes]) -> str:
    """Write a folder `home/DIGEST`, whole or not at all; returns its digest.

    Args:
        home: Folder of all releases.
        weights: Path inside the folder -> file to copy there.
        texts: Path inside the folder -> content.
    """
    home.mkdir(parents=True, exist_ok=True)
    temporary = home / ".writing.tmp"
    shutil.rmtree(temporary, ignore_errors=True)  # what a kill left
    try:
        for name, source in weights.items():
            _target(temporary, name)
            shutil.copyfile(source, temporary / name)
        for name, content in texts.items():
            _target(temporary, name).write_bytes(content)
        manifest = _manifest_of(temporary)
        (temporary / MANIFEST_FILE).write_bytes(manifest)
        for path in temporary.rglob("*"):
            if path.is_file():
                path.chmod(_READ_ONLY)
        digest = digest_bytes(manifest)
        publish_folder(temporary, home / digest)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return digest


def require_whole(folder: Path) -> None:
    """Refuse a released folder that is gone or no longer what its name says.

    Raises:
        BadMachine: it is missing, or a file in it was changed, added or lost.
    """
    wrong = damage(folder)
    if wrong:
        raise BadMachine(
            f"The released model in {folder} {wrong}.",
            fix="Bring the folder back from a copy (`surpass pack` makes one), or release anew.",
        )


def damage(folder: Path) -> str:
    """What is wrong with a released folder, as the rest of a sentence; empty: nothing."""
    path = folder / MANIFEST_FILE
    if not path.is_file():
        return "is not there"
    content = path.read_bytes()
    if digest_bytes(content) != folder.name:
        return f"was changed: {MANIFEST_FILE} is not the one it was released with"
    return differing(folder, content)


def differing(folder: Path, manifest: bytes) -> str:
    """The same for the files alone, against a manifest that is trusted."""
    try:
        stated = msgspec.json.decode(manifest, type=Manifest).files
    except (msgspec.DecodeError, UnicodeDecodeError):
        return f"was changed: {MANIFEST_FILE} cannot be read"
    present = msgspec.json.decode(_manifest_of(folder), type=Manifest).files
    for name in sorted(stated.keys() | present.keys()):
        if name not in present:
            return f"was changed: {name} is missing"
        if stated.get(name) != present[name]:
            return f"was changed: {name} is not what was released"
    return ""


def _manifest_of(folder: Path) -> bytes:
    files = {
        path.relative_to(folder).as_posix(): digest_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST_FILE
    }
    return msgspec.json.format(msgspec.json.encode(Manifest(files=files), order="sorted"))


def _target(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
