"""How long paired cluster resamples of macro F1 take: ours beside a loop over scikit-learn.

python benchmarks/bootstrap.py [PEER_DRAWS]    of 10,000 that the loop really makes (default 100)

2,000 rows, single and in groups of four, 7 labels. The loop draws whole groups, puts their rows
together and calls `f1_score` for either model; its time is measured for PEER_DRAWS draws and
multiplied up to 10,000, since each draw costs the same. The two take turns; the medians of five
are shown.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl
from results_table import record
from sklearn.metrics import f1_score

from surpass.core import columns
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.prove.bounds import gain

ROWS, LABELS, DRAWS, TIMES = 2_000, 7, 10_000, 5
SIZES = (1, 4)  # of groups
NAMES = tuple(str(label) for label in range(LABELS))
COLUMNS = ("what", "median s", "slowest s", "draws made", "gain, its 2.5 % and 97.5 % points")
Sides = tuple[np.ndarray, np.ndarray, np.ndarray]  # expected, tuned, base, as numbers of labels
Found = tuple[float, tuple[float, float, float]]  # seconds; gain, low, high


def predictions(expected: np.ndarray, answered: np.ndarray, size: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            columns.ROW: [f"r{row}" for row in range(ROWS)],
            columns.GROUP: [f"g{row // size}" for row in range(ROWS)],
            columns.TARGET: expected.astype(str),
            columns.ANSWER: answered.astype(str),
            columns.STATUS: "ok",
        }
    )


def data() -> Sides:
    """Expected labels, and answers of which 90 and 80 % are right."""
    rng = np.random.default_rng(0)
    expected = rng.integers(0, LABELS, ROWS)
    others = [(expected + rng.integers(1, LABELS, ROWS)) % LABELS for _ in range(2)]
    tuned, base = (
        np.where(rng.random(ROWS) < right, expected, other)
        for right, other in zip((0.9, 0.8), others, strict=True)
    )
    return expected, tuned, base


def ours(sides: Sides, size: int) -> Found:
    expected, tuned, base = sides
    frames = predictions(expected, tuned, size), predictions(expected, base, size)
    started = time.perf_counter()
    found = gain(metric("macro_f1"), *frames, NAMES, Levels(low=0.025, high=0.025, draws=DRAWS))
    return time.perf_counter() - started, (found.estimate, found.low, found.high)


def looped(sides: Sides, size: int, draws: int) -> Found:
    """Seconds of `draws` draws, scaled to DRAWS, and what they say."""
    expected, tuned, base = sides
    rng = np.random.default_rng(0)
    groups = np.arange(ROWS).reshape(-1, size)
    started = time.perf_counter()
    gains = []
    for _ in range(draws):
        rows = groups[rng.integers(0, len(groups), len(groups))].reshape(-1)
        scores = [f1_score(expected[rows], one[rows], average="macro") for one in (tuned, base)]
        gains.append(scores[0] - scores[1])
    seconds = time.perf_counter() - started
    value = f1_score(expected, tuned, average="macro") - f1_score(expected, base, average="macro")
    low, high = np.quantile(gains, [0.025, 0.975])
    return seconds * DRAWS / draws, (float(value), float(low), float(high))


def compare(size: int, draws: int) -> None:
    """Two lines in the results, for rows in groups of a size."""
    everything = data()
    ours(everything, size)  # the first call reads the libraries
    sides: dict[str, tuple[Callable[[], Found], int]] = {
        "surpass": (lambda: ours(everything, size), DRAWS),
        "loop over scikit-learn, scaled": (lambda: looped(everything, size, draws), draws),
    }
    turns = [{name: side() for name, (side, _) in sides.items()} for _ in range(TIMES)]
    for name, (_, made) in sides.items():
        seconds = [turn[name][0] for turn in turns]
        row = [
            f"{name}: {DRAWS:,} draws of macro F1, {ROWS // size:,} groups of {size}",
            f"{statistics.median(seconds):.3f}",
            f"{max(seconds):.3f}",
            f"{made:,}",
            "{:+.4f}, {:+.4f}, {:+.4f}".format(*turns[0][name][1]),
        ]
        record("Paired bootstrap", "benchmarks/bootstrap.py", COLUMNS, row)


if __name__ == "__main__":
    for size in SIZES:
        compare(size, int(sys.argv[1]) if len(sys.argv) > 1 else 100)
