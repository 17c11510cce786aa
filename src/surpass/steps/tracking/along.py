"""Sends events while a command works, from a process of its own: no tracker slows the command."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from surpass.steps.project import Project

# The shell ends at once and leaves the sender to the system: nobody has to wait for it. It reads a
# pipe that ends with us, however we end.
_START = 'log=$1; shift; "$@" <&{pipe} >"$log" 2>&1 &'


@contextmanager
def sent_along(project: Project) -> Iterator[None]:
    """Send to the trackers while the block runs, and what is left when it ends.

    Nothing where [track] names no tracker. Where no process can be started, the events wait for
    `surpass track`.
    """
    if not project.settings.track.to:
        yield
        return
    reader, writer = os.pipe()
    try:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            _start(project, reader)
    finally:
        os.close(reader)
    try:
        yield
    finally:
        os.close(writer)


def _start(project: Project, reader: int) -> None:
    home = (project.folder / ".surpass" / "outbox").resolve()
    home.mkdir(parents=True, exist_ok=True)
    sender = [sys.executable, "-m", "surpass", "track", str(project.folder.resolve()), "--follow"]
    subprocess.run(  # noqa: S603 (our own command, no word of it from a file)
        ["/bin/sh", "-c", _START.format(pipe=reader), "sh", str(home / "log.txt"), *sender],
        pass_fds=(reader,),
        start_new_session=True,  # Ctrl-C stops the command, not the sender
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=10,
    )
