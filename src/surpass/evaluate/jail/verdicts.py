"""Judges the answers to one problem: in one jail with the tests, or strictly in another one."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from surpass.evaluate.jail.command import Way
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.running import Ended, Jail, job_line, open_jail
from surpass.evaluate.jail.shared import SharedJails

Mode = Literal["default", "strict"]
_UNREADABLE = frozenset({"SyntaxError", "IndentationError", "TabError"})
_LONGEST_NAME = 60
_FUNCTIONS = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


class Problem(NamedTuple):
    """One item, as the data states it."""

    prompt: str
    tests: str
    call: str  # run after the tests' text, such as "check(add)"; or empty
    entry_point: str | None = None  # the function under test; none: the last that the prompt begins

    @property
    def stubs(self) -> list[str]:
        """What the prompt only begins; its other functions may be used by tests as they are."""
        return [self.entry_point] if self.entry_point else _FUNCTIONS.findall(self.prompt)[-1:]


class Outcome(NamedTuple):
    """What became of one answer."""

    passed: bool  # it came to the end of its tests and none failed
    why: str  # "passed"; else an exception's name, what ended the jail (see `Ended`) or "failed"
    seconds: float

    @property
    def readable(self) -> bool:
        """It was Python at all, as far as it says itself."""
        return self.passed or self.why not in _UNREADABLE


class Bench(NamedTuple):
    """What every answer is judged with."""

    way: Way
    limits: Limits
    seconds: float  # wall-clock time of one answer with its tests
    shared: SharedJails | None = None  # for the default mode; none: a jail for each problem


Programs = tuple[str, ...]
"""Ways to read one answer as a program; the first that compiles is run."""


def judge(
    bench: Bench, problem: Problem, answers: list[Programs], mode: Mode = "strict"
) -> list[Outcome]:
    """Run each answer against the problem's tests, one after the other.

    `default` runs an answer and its tests in one child process, in a jail that many answers share:
    fast, but a hostile answer can find the nonce in its own process and forge a pass. `strict`
    gives each answer a jail of its own and runs the tests in another; only plain values come back
    from the answer, so it cannot vouch for itself.

    Raises:
        BadMachine: the jail does not start.
    """
    shared = bench.shared if mode == "default" else None
    run = _whole if mode == "default" else _apart
    done: list[Outcome] = []
    while len(done) < len(answers):
        with shared.lend() if shared else open_jail(bench.way, bench.limits) as jail:
            for programs in answers[len(done) :]:
                done.append(_timed(run, bench, jail, problem, programs))
                if not jail.alive:
                    break  # the rest gets a new jail
    return done


_Run = Callable[[Bench, Jail, Problem, Programs], str | None]
"""None for a pass, else why it is none."""


def _timed(run: _Run, bench: Bench, jail: Jail, problem: Problem, programs: Programs) -> Outcome:
    started = time.monotonic()
    why: str | None
    try:
        why = run(bench, jail, problem, programs)
    except Ended as ended:
        why = ended.why
        jail.kill()  # if it was the other one that ended, this one is in the middle of a job
    seconds = time.monotonic() - started
    return Outcome(why is None, "passed" if why is None else why, seconds)


def _whole(bench: Bench, jail: Jail, problem: Problem, programs: Programs) -> str | None:
    until = time.monotonic() + bench.seconds
    nonce = secrets.token_hex(16)
    jail.say(job_line("whole", nonce, problem.call, problem.tests, *programs), until)
    said = jail.hear(until)
    jail.finish(until)
    return _reason(said, nonce)


def _apart(bench: Bench, tests: Jail, problem: Problem, programs: Programs) -> str | None:
    """The tests' jail asks, the answer's jail answers; we carry lines and read none of them."""
    with open_jail(bench.way, bench.limits) as answer:
        until = time.monotonic() + bench.seconds
        nonce = secrets.token_hex(16)
        answer.say(job_line("answer", "", "", "", *programs), until)
        loaded = answer.hear(until)
        if loaded != b"loaded":
            return _reason(loaded, nonce)
        texts = (problem.tests, problem.prompt, *problem.stubs)
        tests.say(job_line("tests", nonce, problem.call, *texts), until)
        while (said := tests.hear(until)).startswith(b"call"):
            answer.say(said.removeprefix(b"call"), until)
            tests.say(answer.hear(until), until)
        tests.finish(until)
        return _reason(said, nonce)


def _reason(said: bytes, nonce: str) -> str | None:
    """None for the word that only a finished test knows; else the exception that was named."""
    if secrets.compare_digest(said, f"passed{nonce}".encode()):
        return None
    word = said.decode("ascii", "replace").removeprefix("failed").removeprefix("raised").strip('"')
    named = word.isidentifier() and len(word) <= _LONGEST_NAME and not word.startswith("passed")
    return word if named else "failed"
