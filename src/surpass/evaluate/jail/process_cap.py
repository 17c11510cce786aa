"""The process cap where we are root: a cgroup, or a user of the jail's own."""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from surpass.core.errors import BadMachine

_CGROUPS = Path("/sys/fs/cgroup")
_FIRST_UID, _UIDS = 61184, 4336  # systemd's users that live as long as one service
_count = itertools.count()

ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
"""For `sh -c`: become a member before bubblewrap forks; a later move would miss its children."""


def jail_uid() -> int:
    """A user that owns nothing and, as far as we can see to it, no other process.

    RLIMIT_NPROC counts by user and is ignored for root, so each jail gets another one.
    """
    return _FIRST_UID + (os.getpid() * 16 + next(_count)) % _UIDS


@contextmanager
def capped_cgroup(processes: int) -> Iterator[Path]:
    """A cgroup of our own whose members can be at most so many processes.

    Raises:
        BadMachine: this machine lets us make none.
    """
    folder = _pids_folder() / f"surpass-{os.getpid()}-{next(_count)}"
    try:
        folder.mkdir()
    except OSError as error:
        raise BadMachine(
            f"No cgroup can be made at {folder}: {error.strerror}.",
            fix="Run as an ordinary user, where processes can be capped without one.",
        ) from None
    try:
        (folder / "pids.max").write_text(str(processes), encoding="utf-8")
        yield folder
    except FileNotFoundError:
        raise BadMachine(
            f"The cgroup {folder} cannot count processes.",
            fix="Run as an ordinary user, where processes can be capped without one.",
        ) from None
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Its last members may still be dying: an instant of patience, then it is left behind."""
    for _ in range(100):
        with suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.01)


def _pids_folder() -> Path:
    """Our place among the cgroups that count processes, of either version."""
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    places = {controllers: place for _, controllers, place in (one.split(":", 2) for one in lines)}
    for controllers, place in places.items():
        if "pids" in controllers.split(","):
            return _CGROUPS / controllers / place.lstrip("/")
    return _CGROUPS / places.get("", "/").lstrip("/")
