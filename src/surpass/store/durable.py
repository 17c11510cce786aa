"""Writing so that a reader sees either the old state or the new one, also after a power cut."""

import os
import shutil
from pathlib import Path

import msgspec


def write_file(path: Path, content: bytes) -> None:
    """Replace a file at once: temporary file beside it, synced, renamed over it.

    The temporary name is always the same, so that the next write clears what a kill left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def whole_lines(content: bytes) -> list[bytes]:
    """Lines of JSON, without what a kill left half-written at the end.

    A last line without its line break counts if it is JSON: an editor may have saved it so.
    """
    lines = content.split(b"\n")
    tail = lines.pop()
    try:
        msgspec.json.decode(tail)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return lines
    return [*lines, tail]


def append_line(path: Path, line: bytes) -> None:
    """Add one line to a file; a torn last line of an earlier kill is cut off first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as stream:
        stream.seek(0)
        content = stream.read()
        kept = b"".join(whole + b"\n" for whole in whole_lines(content))
        missing = b""
        if kept.startswith(content):
            missing = kept[len(content) :]  # the line break of a whole last line
        else:
            stream.truncate(len(kept))
        stream.write(missing + line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(path.parent)


def publish_folder(finished: Path, final: Path) -> None:
    """Give a finished temporary folder its name; one that is already there wins."""
    for path in sorted(finished.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(finished)
    try:
        finished.rename(final)
    except OSError:
        if not final.is_dir():
            raise
        shutil.rmtree(finished)
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
