"""DVC's files in its own formats (3.x): a pointer beside a data file, and the file in the cache.

DVC itself is neither needed nor run; its commands (`dvc push`, `dvc checkout`, `dvc status`) work
on what is written here. Tried against DVC 3.67: tests/store/test_dvc.py.
"""

import configparser
import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Literal

from surpass.store.durable import sync_folder, write_file

_CHUNK_BYTES = 1 << 20
_FOLDER = ".dvc"
_LEAVE = re.compile(r"^(deps|frozen|cmd|wdir):|^ +(cache|persist|push): ?false", re.MULTILINE)
_IGNORE = (
    b"# Add patterns of files dvc should ignore, which could improve\n"
    b"# the performance. Learn more at\n"
    b"# https://dvc.org/doc/user-guide/dvcignore\n"
)


Reason = Literal["outside", "not a file", "of a pipeline", "imported"]
"""Why a file is left alone."""


def find_dvc(folder: Path) -> Path | None:
    """The folder that has `.dvc/`: this one or the nearest above it; none without DVC."""
    for home in (folder.resolve(), *folder.resolve().parents):
        if (home / _FOLDER / "config").is_file():
            return home
    return None


def make_dvc(folder: Path) -> bool:
    """What `dvc init` makes, with or without git as the folder is; False if it was there already.

    In a folder of a git repository it is what `dvc init --subdir` makes.
    """
    if (folder / _FOLDER).exists():
        return False
    has_git = any(
        (home / ".git").exists() for home in (folder.resolve(), *folder.resolve().parents)
    )
    if has_git:
        write_file(folder / _FOLDER / ".gitignore", b"/config.local\n/tmp\n/cache\n")
    write_file(folder / ".dvcignore", _IGNORE)
    config = b"" if has_git else b"[core]\n    no_scm = True\n"
    write_file(folder / _FOLDER / "config", config)  # last: from now on it is one
    return True


def track(folder: Path, names: tuple[str, ...]) -> None:
    """Point DVC at data files as they are now; nothing where no `.dvc/` is in or above the folder.

    A file's pointer, its copy in the cache and its line in .gitignore are those of `dvc add`; see
    `left_alone` for files that it does not touch.

    Args:
        folder: The project's folder.
        names: Data files, relative to it.
    """
    home, alone = find_dvc(folder), left_alone(folder, names)
    if home is None or alone is None:
        return
    for name in names:
        if name in alone:
            continue
        place = _place(folder, name)
        before = _text(_pointer_of(place))
        digest, size = _to_cache(_cache(home), place), place.stat().st_size
        if f"md5: {digest}\n" not in before or f"size: {size}\n" not in before:
            text = _pointer(before, digest, size, place.name)
            write_file(_pointer_of(place), text.encode("utf-8", "surrogateescape"))
        _ignore(place)


def left_alone(folder: Path, names: tuple[str, ...]) -> dict[str, Reason] | None:
    """Files that DVC is not told of, with the reason; none without DVC. Reads no data file."""
    home = find_dvc(folder)
    if home is None:
        return None
    reasons = {name: _reason(home, _place(folder, name)) for name in names}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _reason(home: Path, place: Path) -> Reason | None:
    if home not in place.parents:
        return "outside"
    if not place.is_file():
        return "not a file"
    if _is_made(home, place):
        return "of a pipeline"
    pointer = _text(_pointer_of(place))
    return "imported" if _LEAVE.search(pointer) or pointer.count("path: ") > 1 else None


def _place(folder: Path, name: str) -> Path:
    """Where a file is, `..` resolved but not a link: a link itself is what is tracked."""
    return Path(os.path.normpath(folder.resolve() / name))


def _pointer_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.dvc")


def _text(path: Path) -> str:
    """A small file's text, bytes that are no UTF-8 kept as they are; empty if it is not there."""
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""


def _pointer(before: str, digest: str, size: int, name: str) -> str:
    """The pointer's text; what a person added to an earlier one (desc, meta, remote) is kept."""
    if all(re.search(line, before, re.MULTILINE) for line in (r"^- md5: .+$", r"^  size: .+$")):
        changed = re.sub(r"^- md5: .+$", f"- md5: {digest}", before, flags=re.MULTILINE)
        return re.sub(r"^  size: .+$", f"  size: {size}", changed, flags=re.MULTILINE)
    quoted = name if re.fullmatch(r"[A-Za-z_][\w.-]*", name) else _yaml_text(name)
    return f"outs:\n- md5: {digest}\n  size: {size}\n  hash: md5\n  path: {quoted}\n"


def _yaml_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _to_cache(cache: Path, path: Path) -> str:
    """Put a file into the cache unless its content is there; returns its MD5, as DVC names it."""
    digest = _md5(path)
    kept = cache / "files" / "md5" / digest[:2] / digest[2:]
    if kept.exists():
        return digest
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary = kept.with_name(f".{kept.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        shutil.copyfile(path, temporary)
        copied = _md5(temporary)
        if copied != digest:  # somebody wrote to it just now
            return _to_cache(cache, path)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o444)
        temporary.replace(kept)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(kept.parent)
    return digest


def _md5(path: Path) -> str:
    state = hashlib.md5(usedforsecurity=False)  # DVC's name of the content, not a protection
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            state.update(chunk)
    return state.hexdigest()


def _cache(home: Path) -> Path:
    """Where this repository keeps objects: [cache] dir, of the local settings first."""
    for name in ("config.local", "config"):
        path = home / _FOLDER / name
        settings = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            settings.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if named := settings.get("cache", "dir", fallback=""):
            return (path.parent / named).resolve()
    return home / _FOLDER / "cache"


def _is_made(home: Path, place: Path) -> bool:
    """Whether a stage of dvc.yaml in the file's folder or above it makes the file."""
    for folder in place.parents:
        lock = folder / "dvc.lock"
        made = re.escape(place.relative_to(folder).as_posix())
        if lock.is_file():
            outs = re.findall(r"^    outs:\n((?:    [- ].*\n?)*)", _text(lock), re.MULTILINE)
            if any(re.search(rf"path: {made}$", part, re.MULTILINE) for part in outs):
                return True
        if folder == home:
            return False
    return False


def _ignore(place: Path) -> None:
    """Keep the data file itself out of git, as `dvc add` does."""
    ignored = place.with_name(".gitignore")
    before = _text(ignored)
    line = "/" + re.sub(r"([\\*?\[\]#! ])", r"\\\1", place.name)
    if line not in before.splitlines():
        gap = "" if not before or before.endswith("\n") else "\n"
        write_file(ignored, f"{before}{gap}{line}\n".encode("utf-8", "surrogateescape"))
