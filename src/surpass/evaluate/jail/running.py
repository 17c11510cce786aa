"""One running jail: lines in, lines out, and a clock, a watch and a SIGKILL around it."""

import os
import platform
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple

from surpass.core.errors import BadMachine
from surpass.evaluate.jail.command import Way, jail_command
from surpass.evaluate.jail.limits import OPEN_FILES, Limits
from surpass.evaluate.jail.process_cap import ENTER, capped_cgroup, jail_uid
from surpass.evaluate.jail.seccomp import filter_program
from surpass.evaluate.jail.watch import use_of

_INSIDE, _EXCHANGE = (
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("inside.py", "exchange.py")
)
_TICK_SECONDS = 0.1  # between two looks at what the jail uses
_START_SECONDS = 20.0
_PIECE = 1 << 16

Act = Literal["whole", "answer", "tests"]
"""Answer and tests in one child; or each in a child of its own, in different jails."""


class Ended(Exception):
    """The jail is gone; `why` is "time", "memory", "processor", "output" or "exit"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Inner(NamedTuple):
    """The ends of the pipes that belong to the jail."""

    requests: FileIO
    replies: FileIO
    complaints: FileIO


def job_line(act: Act, nonce: str, call: str, *texts: str) -> bytes:
    """A job as inside.py reads it; `texts` are the tests and the programs."""
    fields = (nonce, call, *texts)
    return act[:1].encode() + b" ".join(
        one.encode("utf-8", "replace").hex().encode() for one in fields
    )


class Jail:
    """A jail that is ready for jobs. Use `open_jail`; whatever raises Ended has killed it."""

    def __init__(
        self, process: subprocess.Popen[bytes], pipes: tuple[int, int], limits: Limits
    ) -> None:
        self._process, self._limits = process, limits
        self._requests, self._replies = pipes
        self._heard = b""
        self._jobs = 0
        for pipe in pipes:
            os.set_blocking(pipe, False)

    @property
    def alive(self) -> bool:
        """Whether it takes jobs still, as far as we have seen."""
        return self._process.returncode is None

    def say(self, line: bytes, until: float) -> None:
        """Send one line; foreign code may refuse to read it, so this has a deadline too."""
        left = memoryview(line + b"\n")
        while left:
            self._wait(self._requests, select.POLLOUT, until)
            try:
                left = left[os.write(self._requests, left[:_PIECE]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._killed("exit") from None

    def hear(self, until: float) -> bytes:
        """The next line, without its end.

        Args:
            until: Deadline on the clock of `time.monotonic`.

        Raises:
            Ended: nothing came in time, the jail used too much, said too much, or ended.
        """
        while b"\n" not in self._heard:
            if len(self._heard) > self._limits.output_bytes:
                raise self._killed("output")
            self._wait(self._replies, select.POLLIN, until)
            piece = os.read(self._replies, _PIECE)
            if not piece:
                raise self._killed("exit")
            self._heard += piece
        line, _, self._heard = self._heard.partition(b"\n")
        return line

    def finish(self, until: float) -> None:
        """Wait until nothing of the job is left; a jail that keeps something, or is worn, ends.

        Raises:
            Ended: as `hear`.
        """
        self._jobs += 1
        if self.hear(until) != b"clean" or self._jobs >= self._limits.jobs:
            self.kill()

    def kill(self) -> None:
        """SIGKILL from outside; the kernel ends everything inside with the jail's first process."""
        self._process.kill()
        self._process.wait()

    def _wait(self, pipe: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise self._killed("time")
            if poll.poll(min(left, _TICK_SECONDS) * 1000):
                return
            use = use_of(self._process.pid)
            if use.memory_bytes > self._limits.memory_bytes:
                raise self._killed("memory")
            if use.cpu_seconds > self._limits.cpu_seconds:
                raise self._killed("processor")

    def _killed(self, why: str) -> Ended:
        self.kill()
        return Ended(why)


@contextmanager
def open_jail(way: Way, limits: Limits) -> Iterator[Jail]:
    """Start a jail and wait until it takes jobs; it is dead when the block ends.

    Raises:
        BadMachine: it does not start; says what bubblewrap or Python said.
    """
    with ExitStack() as stack:
        requests, replies, complaints = _pipe(stack), _pipe(stack), _pipe(stack)
        process = _start(stack, way, limits, Inner(requests[0], replies[1], complaints[1]))
        jail = Jail(process, (requests[1].fileno(), replies[0].fileno()), limits)
        stack.callback(jail.kill)
        try:
            jail.hear(time.monotonic() + _START_SECONDS)
        except Ended as ended:
            os.set_blocking(complaints[0].fileno(), False)
            said = (complaints[0].read(_PIECE) or b"").decode("utf-8", "replace").splitlines()
            raise BadMachine(
                f"The jail does not start ({said[-1] if said else ended.why}).",
                fix="Allow unprivileged user namespaces, or run in a container that does.",
            ) from None
        yield jail


def _start(stack: ExitStack, way: Way, limits: Limits, inner: Inner) -> subprocess.Popen[bytes]:
    seccomp, write = _pipe(stack)
    write.write(filter_program(platform.machine()))  # shorter than a pipe's buffer
    write.close()
    numbers = (inner.requests.fileno(), inner.replies.fileno())
    held = " ".join(f"{name}={value}" for name, value in _kernel_limits(limits).items())
    program = ["-I", "-S", "-B", "-c", _INSIDE, " ".join(map(str, numbers)), held, _EXCHANGE]
    command = jail_command(way, limits, seccomp.fileno(), program)
    if way.cgroup:
        cgroup = stack.enter_context(capped_cgroup(limits.processes))
        command = ["/bin/sh", "-c", ENTER, str(cgroup), *command]
    user = jail_uid() if way.drop else None
    process = subprocess.Popen(  # noqa: S603 (our own command line)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=inner.complaints,
        pass_fds=(*numbers, seccomp.fileno()),
        env={},
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if way.drop else None,
        start_new_session=True,
    )
    for end in inner:  # while we hold these too, the jail's end would never be seen
        end.close()
    return process


def _kernel_limits(limits: Limits) -> dict[str, int]:
    """By the names of the `resource` module; set inside, where the jail's processes are counted."""
    return {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_FSIZE": limits.disk_bytes,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,
    }


def _pipe(stack: ExitStack) -> tuple[FileIO, FileIO]:
    """Reading and writing end, closed with the stack; not inherited unless passed on."""
    read, write = os.pipe()
    ends = FileIO(read, "rb"), FileIO(write, "wb")
    for end in ends:
        stack.callback(end.close)
    return ends
