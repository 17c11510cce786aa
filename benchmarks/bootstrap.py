"""How long 10,000 paired resamples take: macro F1, 7 labels, 2,000 single rows.

python benchmarks/bootstrap.py
"""

import statistics
import time

import numpy as np
import polars as pl
from results_table import record

from surpass.core import columns
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.prove.bounds import gain

ROWS, LABELS, DRAWS, TIMES = 2_000, 7, 10_000, 5


def predictions(expected: np.ndarray, right: float, rng: np.random.Generator) -> pl.DataFrame:
    other = (expected + rng.integers(1, LABELS, ROWS)) % LABELS
    answered = np.where(rng.random(ROWS) < right, expected, other)
    rows = [f"r{i}" for i in range(ROWS)]
    return pl.DataFrame(
        {
            columns.ROW: rows,
            columns.GROUP: rows,
            columns.TARGET: expected.astype(str),
            columns.ANSWER: answered.astype(str),
            columns.STATUS: "ok",
        }
    )


def seconds() -> list[float]:
    rng = np.random.default_rng(0)
    expected = rng.integers(0, LABELS, ROWS)
    tuned, base = predictions(expected, 0.9, rng), predictions(expected, 0.8, rng)
    labels = tuple(str(label) for label in range(LABELS))
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        gain(metric("macro_f1"), tuned, base, labels, Levels(low=0.025, high=0.05, draws=DRAWS))
        taken.append(time.perf_counter() - started)
    return taken


if __name__ == "__main__":
    taken = seconds()
    row = [
        f"{DRAWS:,} draws of macro F1 on {ROWS:,} items",
        *(f"{statistics.median(taken):.3f}", f"{max(taken):.3f}"),
    ]
    record("Paired bootstrap", "benchmarks/bootstrap.py", ("what", "median s", "slowest s"), row)
