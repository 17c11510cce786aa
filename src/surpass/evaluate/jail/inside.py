"""The server inside the jail: takes jobs from a pipe, forks a child for each, answers on another.

The jail's own Python is given this file as text. It runs on any Python from 3.9 and imports next
to nothing, since that is what a jail's start costs. The strict half is in exchange.py.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import time

TYPE_CHECKING = False  # typing takes longer to import than all the rest
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, BinaryIO

_SET_DUMPABLE = 4  # prctl; at 0 the server's memory and pipes in /proc are closed to its equals
_KILL = 9
_OUR_PID = 2  # the jail's init is 1
_BOX, _BOX_MODE = "/box", 0o755
_READY_MODULES = ("collections", "math", "random", "re", "string", "typing")
"""Imported once for all children, the same for every problem: what functions need most often."""


class Job:
    """One job from outside: a letter that the server reads, and a line that only its child reads.

    So nothing of a job is ever in the server's memory, of which all later children are copies.
    """

    def __init__(self, act: bytes, lines: BinaryIO) -> None:
        line = lines.readline().rstrip(b"\n")
        fields = [bytes.fromhex(one.decode()).decode() for one in line.split(b" ")]
        self.act = act  # b"w", answer and tests in one child; b"a", answer, b"t", tests: apart
        self.nonce = fields[0]  # said by a child that came to the end of its tests
        self.call = fields[1]  # run last, such as "check(add)"; or empty
        self.tests = fields[2]
        self.programs = fields[3:]  # the first that compiles is run; for tests: prompt, stubs


def main() -> None:
    """Serve jobs until the pipe ends. Arguments: two pipes, limits, the text of exchange.py."""
    if os.getpid() != _OUR_PID:
        sys.exit("not alone: `kill(-1)` would reach processes of others")
    requests, replies = (int(one) for one in sys.argv[1].split())
    for one in sys.argv[2].split():
        name, _, value = one.partition("=")
        resource.setrlimit(getattr(resource, name), (int(value), int(value)))
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    os.write(replies, b"ready\n")
    while act := os.read(requests, 1):
        if act == b"w":
            _judge(act, requests, replies)
        else:
            _hand_over(act, requests, replies)
        os.write(replies, b"clean\n" if _clean() else b"left\n")


def _judge(act: bytes, requests: int, replies: int) -> None:
    """Run answer and tests in a child that knows the nonce but not the pipes to the outside."""
    for name in _READY_MODULES:
        __import__(name)
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(requests, "rb") as lines:
                job = Job(act, lines)
            for pipe in (heard, replies):
                os.close(pipe)
            _quiet()
            os.write(told, _whole(job).encode("ascii", "replace")[:500])
        finally:
            os._exit(0)
    os.close(told)
    _end(child)
    os.set_blocking(heard, False)
    try:
        said = os.read(heard, 500)
    except BlockingIOError:
        said = b""
    os.close(heard)
    os.write(replies, said.replace(b"\n", b" ") + b"\n")


def _hand_over(act: bytes, requests: int, replies: int) -> None:
    """Let a child speak with the outside: an answer's values are believed there, not its word."""
    exchange: dict[str, Any] = {"__name__": "exchange"}
    exec(compile(sys.argv[3], "<exchange>", "exec", dont_inherit=True), exchange)
    child = os.fork()
    if child == 0:
        try:
            _quiet()
            with os.fdopen(requests, "rb") as lines, os.fdopen(replies, "wb") as stream:
                job = Job(act, lines)
                if act == b"a":
                    exchange["serve_calls"](lambda: compiled(job.programs), lines, stream)
                else:
                    exchange["run_tests"](job, lines, stream)
        finally:
            os._exit(0)
    _end(child)


def _end(child: int) -> None:
    """Wait for the child, then end whatever it started."""
    os.waitpid(child, 0)
    try:
        while True:  # they are gone when the jail's init has seen them die
            os.kill(-1, _KILL)
            time.sleep(0.001)
    except ProcessLookupError:
        pass


def _clean() -> bool:
    """Remove what a child wrote, also behind closed doors; whether the box is as it was."""
    try:
        os.chmod(_BOX, _BOX_MODE)  # by its name: "." is closed to those who may not enter it
        for name in _labels():
            os.removexattr(".", name)
        for folder, folders, _ in os.walk("."):
            for name in folders:
                if not os.path.islink(folder + "/" + name):
                    os.chmod(folder + "/" + name, _BOX_MODE)
        for folder, folders, files in os.walk(".", topdown=False):
            for name in files + folders:
                _remove(folder + "/" + name)
        return not os.listdir(".")
    except (OSError, RecursionError):  # too deep to reach, for example
        return False


def _labels() -> list[str]:
    """Names of attributes that a child may have put on the box; other ones are the system's."""
    try:
        return [name for name in os.listxattr(".") if name.startswith("user.")]
    except OSError:  # this kernel's memory has none
        return []


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    else:
        os.unlink(path)


def _quiet() -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)


def _whole(job: Job) -> str:
    """The word that means "passed", or why the answer does not pass."""
    namespace = {"__name__": "answer"}
    try:
        exec(compiled(job.programs), namespace)
        exec(compile(job.tests, "<tests>", "exec", dont_inherit=True), namespace)
        exec(compile(job.call, "<call>", "exec", dont_inherit=True), namespace)
    except BaseException as error:
        return "failed" + type(error).__name__
    return "passed" + job.nonce


def compiled(programs: list[str]) -> CodeType:
    """The first program that is Python.

    Raises:
        SyntaxError: none is.
    """
    for program in programs[:-1]:
        try:
            return compile(program, "<answer>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return compile(programs[-1], "<answer>", "exec", dont_inherit=True)


if __name__ == "__main__":
    main()
