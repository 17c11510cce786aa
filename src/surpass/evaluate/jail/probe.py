"""Finds a way to hold a jail on this machine, and proves that it holds before code runs in it."""

import functools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from surpass.core.errors import BadMachine
from surpass.evaluate.jail.command import Way
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.running import Ended, Jail, job_line, open_jail

INSTALL = (
    "Install bubblewrap: `apt-get install bubblewrap` (dnf, pacman and zypper have it too); on "
    "macOS or Windows run surpass in a Linux container. Generated code never runs without a jail."
)
_ATTEMPTS = Path(__file__).with_name("attempts.py").read_text(encoding="utf-8")
_SMALL = Limits(memory_bytes=192 << 20, processes=24, disk_bytes=4 << 20, cpu_seconds=20)
_SECONDS = 10.0  # for one attempt
_SHORT_SECONDS = 0.2  # after which an endless one is killed


@functools.cache
def require_jail() -> Way:
    """The way that generated code is held on this machine; tried once a process, about a second.

    Raises:
        BadMachine: no jail works here; says why, and what to install.
    """
    if sys.platform != "linux":
        raise BadMachine("Generated code runs only inside a jail that Linux has.", fix=INSTALL)
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise BadMachine(
            "Generated code runs only inside bubblewrap, which is missing.", fix=INSTALL
        )
    reasons = []
    for way in _ways(bwrap):
        try:
            broken = self_test(way)
        except (BadMachine, Ended) as error:
            broken = [error.args[0]]
        if not broken:
            return way
        reasons.append(f"{way.words}: {'; '.join(broken)}")
    raise BadMachine(
        f"Generated code runs only inside a jail, and none holds here. Tried {' | '.join(reasons)}",
        fix="Allow unprivileged user namespaces, or run as an ordinary user. " + INSTALL,
    )


def self_test(way: Way) -> list[str]:
    """What a jail fails to forbid; empty if it holds.

    Each forbidden act is attempted inside, by the code that an answer would be.

    Raises:
        BadMachine: the jail does not start.
        Ended: an attempt ended the jail.
    """
    with tempfile.TemporaryDirectory(prefix="surpass-jail-") as named:
        folder = Path(named)
        folder.chmod(0o777)  # the jail's user could write here if it were there
        secret = folder / "secret"
        secret.write_text("secret", encoding="utf-8")
        secret.chmod(0o666)
        secrets = [str(secret), "/etc/shadow", "/etc/passwd"]
        folders = [named, "/", "/usr", "/tmp", "/dev", "/dev/shm", "/proc/sys/kernel", way.prefix]  # noqa: S108
        hidden = sorted(set(os.environ) - {"HOME", "LC_ALL", "PATH", "PWD", "TMPDIR", "LC_CTYPE"})
        calls: list[tuple[str, list[object]]] = [
            ("network", []),
            ("secrets", [list(secrets), list(hidden)]),
            ("writing", [list(folders)]),
            ("others", []),
            ("forks", [_SMALL.processes]),
            ("memory", [_SMALL.memory_bytes]),
            ("hidden_memory", []),
            ("disk", [_SMALL.disk_bytes]),
            ("tracing", []),
            ("namespaces", []),
        ]
        with open_jail(way, _SMALL) as jail:
            _load(jail)
            told = [_attempt(jail, name, args, _SECONDS) for name, args in calls]
    return [one for one in (*told, *_endings(way)) if one]


def _endings(way: Way) -> Iterator[str]:
    """Attempts that only a SIGKILL from outside ends."""
    share = _SMALL.memory_bytes // 2
    for name, args, why, seconds in (
        ("together", [4, share], "memory", _SECONDS),
        ("for_ever", [], "time", _SHORT_SECONDS),
    ):
        with open_jail(way, _SMALL) as jail:
            _load(jail)
            try:
                _attempt(jail, name, list(args), seconds)
            except Ended as ended:
                yield "" if ended.why == why else f"`{name}` ended by {ended.why}, not by {why}"
            else:
                yield f"`{name}` came back"


def _load(jail: Jail) -> None:
    until = time.monotonic() + _SECONDS
    jail.say(job_line("answer", "", "", "", _ATTEMPTS), until)
    if jail.hear(until) != b"loaded":
        raise BadMachine("The jail's Python lacks what the self-test needs.", fix=INSTALL)


def _attempt(jail: Jail, name: str, args: list[object], seconds: float) -> str:
    """What an attempt says worked; the empty text if it was stopped."""
    until = time.monotonic() + seconds
    jail.say(json.dumps([name, args, {"dict": []}]).encode(), until)
    said = jail.hear(until).decode()
    return "" if said == 'value""' else f"{name}: {said}"


def _ways(bwrap: str) -> Iterator[Way]:
    """As root first those that stop being root; our own Python before the system's."""
    root = os.geteuid() == 0
    own = os.path.realpath(sys.executable)
    pythons = {own: sys.base_prefix, "/usr/bin/python3": "/usr"}
    there = {python: prefix for python, prefix in pythons.items() if Path(python).exists()}
    for drop, cgroup in ((True, False), (False, True)) if root else ((False, False),):
        for python, prefix in there.items():
            yield Way(bwrap, python, prefix, drop=drop, cgroup=cgroup)
