"""Problems that share a jail: what one does is not seen by the next, and changes nothing there."""

import os

import msgspec
import pytest

from jailed import ADD, LIMITS, RIGHT, WRONG
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.shared import shared_jails
from surpass.evaluate.jail.verdicts import Bench, Problem, judge

pytestmark = pytest.mark.jail

MARK = "mark-7f3a"
OTHER = Problem('def join(a, b):\n    """Both."""\n', "assert join('x', 'y') == 'xy'\n", "")
JOIN = "def join(a, b):\n    return a + b\n"
DEEDS = {
    "leaves files": "open('left', 'w').close()\n",
    "leaves a closed folder": "import os\n"
    "os.makedirs('closed/inner')\nopen('closed/inner/left', 'w').close()\nos.chmod('closed', 0)\n",
    "leaves a link to a closed place": "import os\nos.symlink('/proc/2', 'link')\n",
    "closes the box": "import os\nos.chmod('/box', 0)\n",
    "labels the box": "import os\n"
    "try:\n    os.setxattr('/box', 'user.left', b'1')\nexcept OSError:\n    pass\n",
    "leaves processes": "import os, time\n"
    "for _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n",
    "leaves a thread": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(600,)).start()\n",
    "changes its own Python": "import builtins, math, os, random, sys\n"
    "builtins.len = math.sqrt = lambda *_: 0\nrandom.seed(1)\nsys.path.append('left')\n"
    "os.environ['LEFT'] = '1'\nos.umask(0o777)\nsys.modules['json'] = None\n",
    "caps the server": "import resource\n"
    "for kind in range(16):\n"
    "    try:\n        resource.prlimit(2, kind, (1, 1))\n"
    "    except (OSError, ValueError):\n        pass\n",
    "slows the server": "import os\n"
    "for change in (lambda: os.setpriority(os.PRIO_PROCESS, 2, 19),\n"
    "    lambda: os.sched_setscheduler(2, os.SCHED_IDLE, os.sched_param(0)),\n"
    "    lambda: os.sched_setaffinity(2, [0])):\n"
    "    try:\n        change()\n    except OSError:\n        pass\n",
}
LOOKS = """
import math, os, resource, sys
def join(a, b):
    assert not os.listdir('/box') and os.stat('/box').st_mode & 0o7777 == 0o755
    assert not [one for one in os.listxattr('/box') if one[:5] == 'user.']
    assert len([name for name in os.listdir('/proc') if name.isdecimal()]) <= 3
    assert len('ab') == 2 and math.sqrt(4) == 2 and 'left' not in sys.path
    assert 'LEFT' not in os.environ and os.umask(0o22) == UMASK and 'json' not in sys.modules
    assert resource.getrlimit(resource.RLIMIT_NPROC)[0] == PROCESSES
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == SECONDS
    assert os.getpriority(os.PRIO_PROCESS, 0) == os.getpriority(os.PRIO_PROCESS, 2) == NICE
    assert os.sched_getscheduler(2) == os.SCHED_OTHER
    assert os.sched_getaffinity(2) == set(PLACES)
    open('mine', 'w').close()
    return a + b
"""
REMEMBERS = """
import ctypes, re
def join(a, b):
    for line in open('/proc/self/maps'):
        place, rights, *rest = line.split()
        if rights.startswith('rw') and '[stack]' not in rest:
            start, end = (int(one, 16) for one in place.split('-'))
            held = ctypes.string_at(start, end - start)
            for found in re.finditer(b'mark', held):  # the rest byte by byte: not in our own text
                if tuple(held[found.end():found.end() + 5]) == (45, 55, 102, 51, 97):
                    raise LookupError
    return a + b
"""


def bench(shared):
    return Bench(require_jail(), LIMITS, 8.0, shared)


def jail_of(shared):
    with shared.lend() as jail:
        return jail


def judged(shared, problem, *texts):
    return judge(bench(shared), problem, [(text,) for text in texts], "default")


@pytest.fixture
def shared():
    with shared_jails(require_jail(), LIMITS) as jails:
        yield jails


@pytest.fixture
def looks():
    """An answer that fails unless all is as in a jail that nobody used."""
    os.umask(umask := os.umask(0o22))
    known = {
        "UMASK": umask,
        "NICE": os.getpriority(os.PRIO_PROCESS, 0),
        "PLACES": sorted(os.sched_getaffinity(0)),
        "PROCESSES": LIMITS.processes,
        "SECONDS": LIMITS.cpu_seconds,
    }
    return "".join(f"{name} = {value}\n" for name, value in known.items()) + LOOKS


@pytest.mark.parametrize("name", DEEDS)
def test_the_next_problem_finds_the_jail_as_if_nobody_had_used_it(name, shared, looks):
    first = jail_of(shared)
    judged(shared, ADD, DEEDS[name] + RIGHT)
    assert [one.why for one in judged(shared, OTHER, looks)] == ["passed"]
    assert jail_of(shared) is first


def test_looking_is_not_in_vain(shared, looks):
    spoilt = looks.replace("    open('mine'", "    assert not os.listdir('/box')\n    open('mine'")
    spoilt = "import os\nopen('left', 'w').close()\n" + spoilt
    assert judged(shared, OTHER, spoilt)[0].why == "AssertionError"


def test_memory_holds_nothing_of_an_earlier_problem(shared):
    marked = ADD._replace(tests=f"{ADD.tests}# {MARK}\n", prompt=f"{ADD.prompt}# {MARK}\n")
    assert judged(shared, marked, f"{RIGHT}# {MARK}\n", WRONG)[0].passed
    assert judged(shared, OTHER, REMEMBERS)[0].why == "passed"
    own = OTHER._replace(tests=f"{OTHER.tests}# {MARK}\n")
    assert judged(shared, own, REMEMBERS)[0].why == "LookupError"


def test_a_jail_in_which_something_is_left_is_not_used_again(shared):
    deep = "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\n"
    first = jail_of(shared)
    assert judged(shared, ADD, deep + RIGHT)[0].passed
    assert judged(shared, OTHER, "import os\nassert not os.listdir('/box')\n" + JOIN)[0].passed
    assert jail_of(shared) is not first


@pytest.mark.parametrize("deed", ["os.kill(2, 9)", "os.kill(2, 19)", "os.kill(2, 2)"])
def test_who_ends_or_stops_the_server_fails_alone(deed, shared):
    ends = f"import os, time\n{deed}\ntime.sleep(600)\n"
    quick = bench(shared)._replace(seconds=1.0)
    assert not judge(quick, ADD, [(ends + RIGHT,)], "default")[0].passed
    assert judged(shared, OTHER, JOIN)[0].passed


def test_a_jail_ends_after_so_many_answers():
    limits = msgspec.structs.replace(LIMITS, jobs=3)
    with shared_jails(require_jail(), limits) as shared:
        first = jail_of(shared)
        assert all(one.passed for one in judged(shared, ADD, RIGHT, RIGHT))
        assert first.alive
        assert all(one.passed for one in judged(shared, OTHER, JOIN, JOIN))
        assert not first.alive
        assert jail_of(shared).alive


def test_a_jail_whose_job_was_interrupted_is_not_used_again(shared):
    def interrupted():
        with shared.lend() as jail:
            raise KeyboardInterrupt(jail)

    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted()
    assert not caught.value.args[0].alive


def test_jails_end_with_the_block():
    with shared_jails(require_jail(), LIMITS) as jails:
        jail = jail_of(jails)
        assert jail.alive
    assert not jail.alive
