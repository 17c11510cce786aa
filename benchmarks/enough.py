"""Whether `surpass enough` predicts rows: five criteria, declared here before anything was run.

    python benchmarks/enough.py [--data FOLDER] [--repeats 3] [--shuffle 0]

For each public set some rows are at hand (the rest is hidden), the proxy tier measures its curve
on them with the command's own defaults, and predicts how many rows cut the error by a declared
share. Then the same model is trained on that many rows that were hidden, and scored on other
hidden rows. A criterion holds where the first such training's score lies in the interval that was
predicted for one training. Sets, sizes, criteria and the rule were fixed before the first run and
not changed since; what the first two runs showed of the method is told in docs/enough.md.
"""

import argparse
import csv
import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from results_table import HERE, record

from surpass.core import columns
from surpass.cycle.enough import measured_errors
from surpass.evaluate.linear import linear_probabilities
from surpass.evaluate.predictions import label_predictions
from surpass.measure.learning_curve import (
    MIN_SEEDS,
    LearningCurve,
    Reach,
    error_at,
    fit_curve,
    rows_for,
)
from surpass.measure.metrics import metric
from surpass.measure.one_more import grouped
from surpass.measure.scores import sure_score
from surpass.measure.subsets import nested_order, subset_sizes


class Criterion(NamedTuple):
    """Cut the error that the rows at hand leave by this share."""

    name: str
    cut: float


class Fresh(NamedTuple):
    """What the curve never saw."""

    hidden: pl.DataFrame  # to train on
    items: pl.DataFrame  # to score on
    labels: tuple[str, ...]
    repeats: int


class Trial(NamedTuple):
    """A set, and how its rows are dealt out after one shuffle: at hand, valid, hidden, items."""

    name: str
    at_hand: int
    valid: int
    hidden: int  # rows to train on later; the rest are the items to score them on
    criteria: tuple[Criterion, ...]


TRIALS = (
    Trial(
        "banking77",
        at_hand=1_500,
        valid=1_000,
        hidden=6_500,
        criteria=(Criterion("B1", 0.10), Criterion("B2", 0.20), Criterion("B3", 0.30)),
    ),
    Trial(
        "snips",
        at_hand=400,
        valid=1_000,
        hidden=2_000,
        criteria=(Criterion("S1", 0.10), Criterion("S2", 0.25)),
    ),
)
METRIC = metric("macro_f1")
COLUMNS = (
    "criterion",
    "macro F1 at hand",
    "rows predicted",
    "score predicted for one training",
    "score on fresh rows and items",
    "holds",
    "mean of repeats",
    "repeats in the interval",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--shuffle", type=int, default=0)
    asked = parser.parse_args()
    lines = [line for trial in TRIALS for line in tried(trial, asked)]
    for line in lines:
        record("How much data is enough", "benchmarks/enough.py", COLUMNS, [*line.values()])
    print(f"{sum(line['holds'] == 'yes' for line in lines)} of {len(lines)} criteria hold")


def tried(trial: Trial, asked: argparse.Namespace) -> list[dict[str, str]]:
    """One line of the table for each criterion."""
    rows = READERS[trial.name](asked.data / trial.name)
    rows = rows[np.random.default_rng(asked.shuffle).permutation(rows.height).tolist()]
    labels = tuple(sorted(set(rows[columns.TARGET])))
    ends = np.cumsum([0, trial.at_hand, trial.valid, trial.hidden, rows.height]).tolist()
    at_hand, valid, hidden, items = (rows[start:end] for start, end in pairwise(ends))
    curve = measured_curve(at_hand, valid, labels)
    print(trial.name, "errors", curve.errors.round(4), "law", law_of(curve), flush=True)
    fresh = Fresh(hidden, items, labels, asked.repeats)
    return [
        answered(f"{trial.name} shuffle {asked.shuffle}", criterion, curve, fresh)
        for criterion in trial.criteria
    ]


def measured_curve(
    at_hand: pl.DataFrame, valid: pl.DataFrame, labels: tuple[str, ...]
) -> LearningCurve:
    """As the command has it, with its defaults."""
    sizes = subset_sizes(at_hand.height)
    member = grouped(at_hand).member
    answers = [
        trained(at_hand[np.sort(nested_order(member, seed)[:size]).tolist()], valid, labels, 0)
        for size in sizes
        for seed in range(MIN_SEEDS)
    ]
    return fit_curve(measured_errors(METRIC, answers, labels, sizes), seed=0)


def answered(name: str, criterion: Criterion, curve: LearningCurve, fresh: Fresh) -> dict[str, str]:
    """Predict, then train on hidden rows and see."""
    hidden, items, labels, repeats = fresh
    error = float(curve.errors[-1])
    needed = rows_for(curve, (1 - criterion.cut) * error)
    line = dict.fromkeys(COLUMNS, "")
    line["criterion"] = f"{name} {criterion.name}: error cut by {100 * criterion.cut:.0f} %"
    line["macro F1 at hand"] = percent(1 - error)
    if needed.reach is not Reach.NEEDED:
        return line | {"rows predicted": str(needed.reach), "holds": "no prediction"}
    told = error_at(curve, needed.rows, one_training=True)
    low, high = 1 - told.high, 1 - told.low
    scores = []
    for repeat in range(repeats):
        order = np.random.default_rng(1_000 + repeat).permutation(hidden.height)
        predictions = trained(hidden[order[: needed.rows].tolist()], items, labels, repeat)
        scores.append(sure_score(METRIC, predictions, labels))
        print(criterion, needed, percent(low), percent(high), percent(scores[-1]), flush=True)
    within = [low <= score <= high for score in scores]
    most = "more" if needed.high is None else f"{needed.high:,}"
    return line | {
        "rows predicted": f"{needed.rows:,} ({needed.low:,} to {most})",
        "score predicted for one training": f"{percent(low)} to {percent(high)}",
        "score on fresh rows and items": percent(scores[0]),
        "holds": "yes" if within[0] else "no",
        "mean of repeats": percent(float(np.mean(scores))),
        "repeats in the interval": f"{sum(within)} of {repeats}",
    }


def trained(
    train: pl.DataFrame, rows: pl.DataFrame, labels: tuple[str, ...], seed: int
) -> pl.DataFrame:
    """Predictions of the linear model on words."""
    return label_predictions(rows, labels, linear_probabilities(train, rows, labels, seed))


def law_of(curve: LearningCurve) -> str:
    law = curve.law
    return (
        f"{law.floor[0]:.3f} + {law.scale[0]:.3f} (n/N)^-{law.exponent[0]:.2f}, "
        f"n shifted by {law.shift[0]:.0f}"
    )


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def frame(pairs: list[tuple[str, str]]) -> pl.DataFrame:
    """Examples, each a group of its own; equal texts once."""
    found = pl.DataFrame(pairs, schema=[columns.INPUT, columns.TARGET], orient="row")
    found = found.unique(subset=[columns.INPUT], keep="first", maintain_order=True)
    names = pl.Series(columns.ROW, [f"r{place}" for place in range(found.height)])
    return found.with_columns(names, names.alias(columns.GROUP))


def banking77(folder: Path) -> pl.DataFrame:
    pairs = []
    for name in ("train.csv", "test.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            pairs += [(row["text"], row["category"]) for row in csv.DictReader(stream)]
    return frame(pairs)


def snips(folder: Path) -> pl.DataFrame:
    pairs = []
    for name in ("train.jsonl.gz", "test.jsonl.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8") as stream:
            rows = [json.loads(line) for line in stream]
        pairs += [(row["text"], row["intent"]) for row in rows]
    return frame(pairs)


READERS = {"banking77": banking77, "snips": snips}


if __name__ == "__main__":
    main()
