"""Runs the text of an attack inside the jail, and outside of it to show that it is one."""

import json
import subprocess
import sys
import time

from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.running import job_line, open_jail
from surpass.evaluate.jail.verdicts import Bench, Outcome, Problem, judge

LIMITS = Limits(memory_bytes=256 << 20, processes=32, disk_bytes=16 << 20, cpu_seconds=20)
ADD = Problem(
    prompt='def add(x, y):\n    """The sum."""\n',
    tests="def check(candidate):\n"
    "    assert candidate(1, 2) == 3\n"
    "    assert candidate(5, 7) == 12\n",
    call="check(add)",
)
RIGHT = "def add(x, y):\n    return x + y\n"
WRONG = "def add(x, y):\n    return x - y\n"


def inside(attack: str, *args: object, seconds: float = 10.0) -> object:
    """What `attack(*args)` returns in a jail; the exception's name where it raises."""
    until = time.monotonic() + seconds
    with open_jail(require_jail(), LIMITS) as jail:
        jail.say(job_line("answer", "", "", "", attack), until)
        said = jail.hear(until)
        assert said == b"loaded", said
        jail.say(json.dumps(["attack", list(args), {"dict": []}]).encode(), until)
        said = jail.hear(until).decode()
    return json.loads(said.removeprefix("value")) if said.startswith("value") else said


def outside(attack: str, *args: object, **environment: str) -> object:
    """The same in a plain process."""
    call = f"{attack}\nimport json\nprint(json.dumps(attack(*json.loads({json.dumps(args)!r}))))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", call],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=30,
    )
    return json.loads(done.stdout)


def outcome(program: str, mode: str, problem: Problem = ADD, seconds: float = 4.0) -> Outcome:
    """What becomes of one answer."""
    return judge(Bench(require_jail(), LIMITS, seconds), problem, [(program,)], mode)[0]
