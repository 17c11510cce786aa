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


class Job:
    """One line from outside: fields in this order, each as hexadecimal UTF-8."""

    def __init__(self, line: bytes) -> None:
        fields = [bytes.fromhex(one.decode()).decode() for one in line.rstrip(b"\n").split(b" ")]
        self.act = fields[0]  # "whole": answer and tests in one child; "answer", "tests": apart
        self.nonce = fields[1]  # said by a child that came to the end of its tests
        self.modules = fields[2].split()  # imported once, before the children need them
        self.call = fields[3]  # run last, such as "check(add)"; or empty
        self.tests = fields[4]
        self.programs = fields[5:]  # the first that compiles is run; for "tests": prompt, stubs


def main() -> None:
    """Serve jobs until the pipe ends. Arguments: two pipes, limits, the text of exchange.py."""
    if os.getpid() != _OUR_PID:
        sys.exit("not alone: `kill(-1)` would reach processes of others")
    requests, replies = (int(one) for one in sys.argv[1].split())
    for one in sys.argv[2].split():
        name, _, value = one.partition("=")
        resource.setrlimit(getattr(resource, name), (int(value), int(value)))
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    with os.fdopen(requests, "rb") as lines:
        os.write(replies, b"ready\n")
        for line in lines:
            job = Job(line)
            _import(job.modules)
            if job.act == "whole":
                _judge(job, (requests, replies))
            else:
                _hand_over(job, lines, replies)


def _import(modules: list[str]) -> None:
    for name in modules:
        try:
            __import__(name)
        except Exception:  # it is named by the data, and may be anything
            continue


def _judge(job: Job, pipes: tuple[int, int]) -> None:
    """Run answer and tests in a child that knows the nonce but not the pipes to the outside."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for pipe in (heard, *pipes):
                os.close(pipe)
            _quiet()
            os.write(told, _whole(job).encode("ascii", "replace")[:500])
        finally:
            os._exit(0)
    os.close(told)
    _end(child)
    os.set_blocking(heard, False)
    try:
        said = os.read(heard, 4096)
    except BlockingIOError:
        said = b""
    os.close(heard)
    word = b"passed" + said if said == job.nonce.encode() else b"failed" + said[:60]
    os.write(pipes[1], word.replace(b"\n", b" ") + b"\n")


def _hand_over(job: Job, lines: BinaryIO, replies: int) -> None:
    """Let a child speak with the outside: an answer's values are believed there, not its word."""
    exchange: dict[str, Any] = {"__name__": "exchange"}
    exec(compile(sys.argv[3], "<exchange>", "exec", dont_inherit=True), exchange)
    child = os.fork()
    if child == 0:
        try:
            _quiet()
            with os.fdopen(replies, "wb") as stream:
                if job.act == "answer":
                    exchange["serve_calls"](lambda: compiled(job.programs), lines, stream)
                else:
                    exchange["run_tests"](job, lines, stream)
        finally:
            os._exit(0)
    _end(child)
    os.write(replies, b"ended\n")


def _end(child: int) -> None:
    """Wait for the child, then end whatever it started and remove what it wrote."""
    os.waitpid(child, 0)
    try:
        while True:  # they are gone when the jail's init has seen them die
            os.kill(-1, _KILL)
            time.sleep(0.001)
    except ProcessLookupError:
        pass
    for folder, folders, files in os.walk(".", topdown=False):
        for name in files + folders:
            try:
                _remove(folder + "/" + name)
            except OSError:
                continue


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
    """The nonce, or why the answer does not pass."""
    namespace = {"__name__": "answer"}
    try:
        exec(compiled(job.programs), namespace)
        exec(compile(job.tests, "<tests>", "exec", dont_inherit=True), namespace)
        exec(compile(job.call, "<call>", "exec", dont_inherit=True), namespace)
    except BaseException as error:
        return type(error).__name__
    return job.nonce


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
