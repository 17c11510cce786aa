"""One command at a time in a project; who holds it is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from surpass.core.errors import BadMachine


@contextmanager
def only_command(folder: Path) -> Iterator[None]:
    """Hold the project while the block runs; the system frees it when we die.

    Raises:
        BadMachine: another command holds it.
    """
    home = folder / ".surpass"
    home.mkdir(parents=True, exist_ok=True)
    holder = home / "lock.pid"
    lock = FileLock(home / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        pid = holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
        raise BadMachine(
            f"Another surpass command (process {pid}) is working in {folder.resolve()}.",
            fix="Wait until it ends, or stop that process.",
        ) from None
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def waiting_lock(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold a file for a moment, after those who hold it now.

    Raises:
        BadMachine: they did not let go in time.
    """
    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise BadMachine(
            f"Another command has held {path} for {seconds:g} seconds.",
            fix="Wait until it ends, or stop it.",
        ) from None
    try:
        yield
    finally:
        lock.release()
