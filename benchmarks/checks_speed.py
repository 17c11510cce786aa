"""Seconds of the checks that look at every row, and of a row diff, on 100,000 rows.

    python benchmarks/checks_speed.py [--rows 100000] [--rounds 3]

The documents of near_duplicates.py with ten labels, personal data in one in a hundred, and one
label in fifty left out. `leaks` has a fifth of the rows as its test. The diff is between these rows
and the same with one answer in ten changed, one row in a hundred gone and one in a hundred new.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import polars as pl
from near_duplicates import documents  # puts tests/ on the path
from results_table import record

from planted_defects import Row, frame_of, rng
from planted_people import KINDS, put_into
from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.data.checks import (
    contradictions,
    exact_duplicates,
    imbalance,
    near_duplicates,
    personal_data,
    structure,
)
from surpass.data.diff import row_diff
from surpass.data.leaks import leaks

LABELS = 10
CHECKS = (
    structure,
    exact_duplicates,
    near_duplicates,
    contradictions,
    imbalance,
    personal_data,
)
COLUMNS = ("what", "median s", "processor s", "rows shown")


def rows_of(count: int) -> pl.DataFrame:
    draw = rng(0, "checks speed")
    texts, _ = documents(count)
    kinds = list(KINDS.values())
    for place in draw.sample(range(count), count // 100):
        texts[place] = put_into(texts[place], draw.choice(kinds)(draw), draw)
    labels = [f"label{draw.randrange(LABELS)}" if draw.random() > 0.02 else "" for _ in texts]
    return frame_of([Row(*row) for row in zip(texts, labels, strict=True)])


def changed(rows: pl.DataFrame) -> pl.DataFrame:
    """A later version of the rows."""
    place = pl.int_range(pl.len())
    later = rows.with_columns(
        pl.when(place % 10 == 0).then(pl.lit("other")).otherwise(TARGET).alias(TARGET)
    )
    fresh = rows.head(rows.height // 100).with_columns(
        pl.format("new {}", ROW).alias(ROW), pl.format("new {}", INPUT).alias(INPUT)
    )
    return pl.concat([later.filter(place % 100 != 1), fresh])


def tasks(rows: pl.DataFrame) -> dict[str, Callable[[], int]]:
    """Each thing that is timed; it answers how many rows it shows."""
    made: dict[str, Callable[[], int]] = {}
    for check in CHECKS:
        options: Section = check.Options()
        made[check.NAME] = lambda check=check, options=options: (
            check.find(rows, options, "classify").rows
        )
    in_test = pl.Series(np.random.default_rng(0).random(rows.height) < 0.2)
    train, test, later = rows.filter(~in_test), rows.filter(in_test), changed(rows)
    made["leaks"] = lambda: leaks(train, test).select(ROW).n_unique()
    made["row diff by name"] = lambda: row_diff(rows, later, by_input=False).height
    made["row diff by input"] = lambda: row_diff(rows, later, by_input=True).height
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rows, together = rows_of(asked.rows), np.zeros(2)
    for task in tasks(rows.head(1_000)).values():
        task()  # the first call reads the libraries
    for name, task in tasks(rows).items():
        turns = []
        for _ in range(asked.rounds):
            started, spent = time.perf_counter(), time.process_time()
            shown = task()
            turns.append((time.perf_counter() - started, time.process_time() - spent))
        medians = [statistics.median(one) for one in zip(*turns, strict=True)]
        if not name.startswith("row diff"):
            together += medians
        _write(name, asked.rows, medians, f"{shown:,}")
    _write("all checks together", asked.rows, together.tolist(), "")


def _write(name: str, count: int, seconds: list[float], shown: str) -> None:
    row = [f"{name}, {count:,} rows", f"{seconds[0]:.2f}", f"{seconds[1]:.2f}", shown]
    record("Checks of the data", "benchmarks/checks_speed.py", COLUMNS, row)


if __name__ == "__main__":
    main()
