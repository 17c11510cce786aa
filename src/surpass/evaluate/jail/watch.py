"""What a jail's processes use together, read from outside."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PARENT, _USER_TIME, _SYSTEM_TIME = 1, 11, 12  # fields of stat after the name
_OWN_MEMORY = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)
_PROC = Path("/proc")


class Use(NamedTuple):
    """Sums over a process and all that came from it."""

    processes: int
    memory_bytes: int  # without pages of files; what a fork shares counts for each that has it
    cpu_seconds: float


def use_of(root: int) -> Use:
    """What a process and its descendants use now; those that ended are not counted.

    A process whose parent died belongs to the jail's first process, so none gets out of the tree.
    """
    stats = {int(f.name): _read(f / "stat") for f in _PROC.iterdir() if f.name.isdecimal()}
    fields = {pid: text.rpartition(")")[2].split() for pid, text in stats.items() if text}
    children: dict[int, list[int]] = {}
    for pid, own in fields.items():
        children.setdefault(int(own[_PARENT]), []).append(pid)
    members, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        members += [pid] if pid in fields else []
    ticks = sum(int(fields[pid][at]) for pid in members for at in (_USER_TIME, _SYSTEM_TIME))
    kilobytes = sum(
        int(size) for pid in members for size in _OWN_MEMORY.findall(_read(_PROC / f"{pid}/status"))
    )
    return Use(len(members), kilobytes << 10, ticks / os.sysconf("SC_CLK_TCK"))


def _read(path: Path) -> str:
    """The empty text if the process has ended."""
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""
