"""No answer vouches for itself: what forges a pass where answer and tests share a process."""

import subprocess
import sys

import pytest

from jailed import ADD, LIMITS, RIGHT, WRONG, outcome
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.verdicts import Bench, Problem, judge

pytestmark = pytest.mark.jail

EXITS = {
    "sys.exit(0)": "import sys\nsys.exit(0)\n",
    "os._exit(0)": "import os\nos._exit(0)\n",
    "SystemExit": "raise SystemExit(0)\n",
}
FORGED = EXITS | {
    "exits when called": "import os\ndef add(x, y):\n    os._exit(0)\n",
    "prints the nonce": WRONG + "import secrets\nprint('passed' + secrets.token_hex(16))\n",
    "raises what is called passed": "class passed(BaseException): pass\nraise passed\n",
    "another AssertionError": WRONG
    + "import builtins\nbuiltins.AssertionError = type('E', (BaseException,), {})\n"
    + "builtins.isinstance = lambda *_: True\n",
    "its own check": WRONG + "def check(candidate):\n    pass\n",
    "closes every pipe": WRONG + "import os\nos.closerange(0, 200)\n",
    "writes to every pipe": WRONG
    + "import os\n"
    + "for n in range(3, 60):\n"
    + "    try:\n        os.write(n, b'passed')\n    except OSError:\n        pass\n",
    "kills its parent": WRONG + "import os\nos.kill(os.getppid(), 9)\n",
    "kills everybody": WRONG + "import os\nos.kill(-1, 9)\n",
    "does not leave": WRONG + "import os\nos._exit = lambda code: None\n",
    "leaves a speaker behind": WRONG
    + "import os, time\n"
    + "if os.fork() == 0:\n"
    + "    while True:\n"
    + "        for n in range(3, 30):\n"
    + "            try:\n                os.write(n, b'passed\\n')\n"
    + "            except OSError:\n                pass\n"
    + "        time.sleep(0.05)\n",
    "deletes its files": WRONG + "import shutil\nshutil.rmtree('/', ignore_errors=True)\n",
}
BELIEVED_BY_DEFAULT = {
    "its own ==": "class Same:\n    __eq__ = lambda self, other: True\n"
    "def add(x, y):\n    return Same()\n",
    "an int with its own ==": "class Same(int):\n    __eq__ = lambda self, other: True\n"
    "def add(x, y):\n    return Same(0)\n",
    "finds the nonce": "import os, sys\n"
    "def add(x, y):\n"
    "    frame = sys._getframe()\n"
    "    while frame:\n"
    "        if job := frame.f_locals.get('job'):\n"
    "            os.write(frame.f_back.f_locals.get('told', 1), b'passed' + job.nonce.encode())\n"
    "            os._exit(0)\n"
    "        frame = frame.f_back\n",
}


@pytest.mark.parametrize("mode", ["default", "strict"])
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_pass_is_none(name, mode):
    assert not outcome(FORGED[name], mode).passed


@pytest.mark.parametrize("name", EXITS)
def test_an_exit_status_would_have_believed_it(name):
    text = f"{EXITS[name]}\n{ADD.tests}\n{ADD.call}\n"
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0


@pytest.mark.parametrize("name", BELIEVED_BY_DEFAULT)
def test_only_the_strict_mode_sees_through_it(name):
    assert outcome(BELIEVED_BY_DEFAULT[name], "default").passed
    assert not outcome(BELIEVED_BY_DEFAULT[name], "strict").passed


def test_an_answer_cannot_cut_the_tests_short():
    tests = "for got, want in zip(map(add, [1, 2], [2, 2]), [3, 4]):\n    assert got == want\n"
    stops = "def add(x, y):\n    raise StopIteration\n"
    problem = Problem(ADD.prompt, tests, "")
    assert outcome(stops, "default", problem).passed
    assert not outcome(stops, "strict", problem).passed
    assert outcome(RIGHT, "strict", problem).passed


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_the_right_answer_passes_and_the_wrong_one_fails(mode):
    assert outcome(RIGHT, mode).passed
    wrong = outcome(WRONG, mode)
    assert not wrong.passed
    assert wrong.why == "AssertionError"


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_what_is_no_python_says_so(mode):
    found = outcome("def add(x, y) return", mode)
    assert found.why == "SyntaxError"
    assert not found.readable


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_an_attacker_harms_no_neighbour(mode):
    attackers = [FORGED[name] for name in ("kills its parent", "kills everybody", "does not leave")]
    texts = [text for attacker in attackers for text in (attacker, RIGHT)]
    bench = Bench(require_jail(), LIMITS, 4.0)
    found = judge(bench, ADD, [(text,) for text in texts], mode)
    assert [one.passed for one in found] == [False, True] * len(attackers)


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_nothing_outlives_an_answer(mode):
    leaves = RIGHT + (
        "import os, threading, time\n"
        "open('left', 'w').close()\n"
        "os.makedirs('folder/inner')\n"
        "if os.fork() == 0:\n    time.sleep(600)\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n"
    )
    looks = (
        "import os\n"
        "def add(x, y):\n"
        "    seen = [name for name in os.listdir('/proc') if name.isdecimal()]\n"
        "    assert not os.listdir('/box') and len(seen) <= 3, seen\n"
        "    return x + y\n"
    )
    bench = Bench(require_jail(), LIMITS, 8.0)
    found = judge(bench, ADD, [(leaves,), (looks,)], mode)
    assert [one.why for one in found] == ["passed", "passed"]


@pytest.mark.parametrize("mode", ["default", "strict"])
def test_infinite_output_runs_out_of_time(mode):
    endless = "def add(x, y):\n    while True:\n        print('x' * 10_000)\n"
    assert outcome(endless, mode, seconds=1.0).why == "time"
