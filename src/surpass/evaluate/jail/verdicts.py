"""Judges the answers to one problem: in one jail with the tests, or strictly in another one."""

import re
import secrets
import sys
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from surpass.evaluate.jail.command import Way
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.running import Ended, Jail, job_line, open_jail

Mode = Literal["default", "strict"]
_UNREADABLE = frozenset({"SyntaxError", "IndentationError", "TabError"})
_LONGEST_NAME = 60
_IMPORTS = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w+)", re.MULTILINE)
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


Programs = tuple[str, ...]
"""Ways to read one answer as a program; the first that compiles is run."""


def judge(
    bench: Bench, problem: Problem, answers: list[Programs], mode: Mode = "strict"
) -> list[Outcome]:
    """Run each answer against the problem's tests, one after the other.

    `default` runs an answer and its tests in one child process, in a jail that all answers to the
    problem share: fast, but a hostile answer can find the nonce in its own process and forge a
    pass. `strict` gives each answer a jail of its own and runs the tests in another; only plain
    values come back from the answer, so it cannot vouch for itself.

    Raises:
        BadMachine: the jail does not start.
    """
    run = _whole if mode == "default" else _apart
    done: list[Outcome] = []
    while len(done) < len(answers):
        with open_jail(bench.way, bench.limits) as jail:
            for programs in answers[len(done) :]:
                outcome, alive = _timed(run, bench, jail, problem, programs)
                done.append(outcome)
                if not alive:
                    break  # the rest gets a new jail
    return done


_Run = Callable[[Bench, Jail, Problem, Programs], str | None]
"""None for a pass, else why it is none."""


def _timed(
    run: _Run, bench: Bench, jail: Jail, problem: Problem, programs: Programs
) -> tuple[Outcome, bool]:
    """The outcome, and whether the jail lives on."""
    started = time.monotonic()
    alive = True
    why: str | None
    try:
        why = run(bench, jail, problem, programs)
    except Ended as ended:
        why, alive = ended.why, False
    seconds = time.monotonic() - started
    return Outcome(why is None, "passed" if why is None else why, seconds), alive


def _whole(bench: Bench, jail: Jail, problem: Problem, programs: Programs) -> str | None:
    until = time.monotonic() + bench.seconds
    nonce = secrets.token_hex(16)
    modules = _modules(problem.prompt + problem.tests)
    job = job_line("whole", nonce, modules, problem.call, problem.tests, *programs)
    jail.say(job, until)
    return _reason(jail.hear(until), nonce)


def _apart(bench: Bench, tests: Jail, problem: Problem, programs: Programs) -> str | None:
    """The tests' jail asks, the answer's jail answers; we carry lines and read none of them."""
    with open_jail(bench.way, bench.limits) as answer:
        until = time.monotonic() + bench.seconds
        nonce = secrets.token_hex(16)
        answer.say(job_line("answer", "", [], "", "", *programs), until)
        loaded = answer.hear(until)
        if loaded != b"loaded":
            return _reason(loaded, nonce)
        texts = (problem.tests, problem.prompt, *problem.stubs)
        job = job_line("tests", nonce, [], problem.call, *texts)
        tests.say(job, until)
        while (said := tests.hear(until)).startswith(b"call"):
            answer.say(said.removeprefix(b"call"), until)
            tests.say(answer.hear(until), until)
        tests.hear(until)  # its child has ended
        return _reason(said, nonce)


def _modules(text: str) -> list[str]:
    """Modules of the standard library that a text imports by name."""
    return sorted(set(_IMPORTS.findall(text)) & sys.stdlib_module_names)


def _reason(said: bytes, nonce: str) -> str | None:
    """None for the word that only a finished test knows; else the exception that was named."""
    if secrets.compare_digest(said, f"passed{nonce}".encode()):
        return None
    word = said.decode("ascii", "replace").removeprefix("failed").removeprefix("raised").strip('"')
    return word if word.isidentifier() and len(word) <= _LONGEST_NAME else "failed"
