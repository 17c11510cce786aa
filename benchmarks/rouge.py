"""Pairs of texts a second for ROUGE-1, -2 and -L together: ours beside the package rouge-score.

python benchmarks/rouge.py [PAIRS]    of about 120 words each (default 400)

The peer lives in a virtual environment of its own, made of peers/rouge-score/requirements.txt:
python -m venv benchmarks/scratch/rouge-score
benchmarks/scratch/rouge-score/bin/pip install -r benchmarks/peers/rouge-score/requirements.txt
Without it only our own line is measured. The two take turns; the medians of five are shown.
"""

import json
import random
import statistics
import subprocess
import sys
import time

import polars as pl
from results_table import HERE, record

from surpass.core import columns
from surpass.measure.metrics import metric
from surpass.measure.statistics import value_of

PEER = HERE / "scratch" / "rouge-score" / "bin" / "python"
NAMES = {"rouge_1": "rouge1", "rouge_2": "rouge2", "rouge_l": "rougeL"}
WORDS, VOCABULARY, TIMES = 120, 400, 5
THEIRS = """
import json, sys, time
from rouge_score.rouge_scorer import RougeScorer

pairs, names = json.load(sys.stdin)
scorer = RougeScorer(names)
started = time.perf_counter()
found = [scorer.score(expected, answer) for expected, answer in pairs]
seconds = time.perf_counter() - started
means = [sum(one[name].fmeasure for one in found) / len(found) for name in names]
print(json.dumps([means, seconds]))
"""


def pairs(count: int) -> list[tuple[str, str]]:
    """Expected texts with words as frequent as in prose, and answers with every third changed."""
    rng = random.Random(0)
    words = [f"w{number}" for number in range(VOCABULARY)]
    often = [1 / (rank + 1) for rank in range(VOCABULARY)]
    found = []
    for _ in range(count):
        expected = rng.choices(words, often, k=WORDS)
        answer = [rng.choice(words) if rng.random() < 1 / 3 else word for word in expected]
        found.append((" ".join(expected), " ".join(answer)))
    return found


def ours(texts: list[tuple[str, str]]) -> tuple[list[float], float]:
    rows = [f"r{number}" for number in range(len(texts))]
    frame = pl.DataFrame(
        {
            columns.ROW: rows,
            columns.TARGET: [expected for expected, _ in texts],
            columns.ANSWER: [answer for _, answer in texts],
            columns.STATUS: ["ok"] * len(texts),
        }
    )
    started = time.perf_counter()
    means = [value_of(metric(name).statistics(frame, ())) for name in NAMES]
    return means, time.perf_counter() - started


def theirs(texts: list[tuple[str, str]]) -> tuple[list[float], float]:
    done = subprocess.run(
        [PEER, "-c", THEIRS],
        input=json.dumps([texts, list(NAMES.values())]),
        capture_output=True,
        text=True,
        check=True,
    )
    means, seconds = json.loads(done.stdout)
    return means, seconds


def main() -> None:
    texts = pairs(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    sides = {"surpass": ours} | ({"rouge-score 0.1.2": theirs} if PEER.exists() else {})
    turns = [{name: side(texts) for name, side in sides.items()} for _ in range(TIMES)]
    for name in sides:
        means = turns[0][name][0]
        seconds = statistics.median(turn[name][1] for turn in turns)
        row = [
            f"{name}, {len(texts)} pairs of {WORDS} words",
            *(f"{mean:.10f}" for mean in means),
            f"{len(texts) / seconds:,.0f}",
        ]
        titles = ("what", "ROUGE-1", "ROUGE-2", "ROUGE-L", "pairs a second")
        record("ROUGE", "benchmarks/rouge.py", titles, row)


if __name__ == "__main__":
    main()
