"""Small slices of public data with the real model: what must come out is known beforehand."""

import csv
import gzip
import json
import random

import pytest

from surpass.core.progress import Silent
from surpass.core.records.verdict import Outcome
from surpass.steps.go import Ears, go
from surpass.steps.project import open_project
from surpass.steps.verdict import verdict

pytestmark = [pytest.mark.shared, pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(1200)]

SETTINGS = """
[task]
name = "snips"
kind = "classify"
output = "label"
[data]
train = ["train.csv"]
valid = ["valid.csv"]
test = ["test.csv"]
[ladder]
rungs = ["zero-shot", "few-shot"]
[criteria]
[[criteria.primary]]
metric = "macro_f1"
margin = 0.20
expect = 0.35
"""


def outcome(folder, shared, *, shuffled, test_rows):
    """The verdict on SNIPS intents, with training labels in order or dealt out at random."""
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    draw = random.Random(0)
    pairs = [(row["text"].strip(), row["intent"]) for row in draw.sample(rows, 420 + test_rows)]
    train, valid, test = pairs[:340], pairs[340:420], pairs[420:]
    if shuffled:
        labels = [label for _, label in train]
        draw.shuffle(labels)
        train = [(text, label) for (text, _), label in zip(train, labels, strict=True)]
    for name, side in (("train", train), ("valid", valid), ("test", test)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("text", "label"), *side])
    (folder / "surpass.toml").write_text(SETTINGS, encoding="utf-8")
    project = open_project(folder)
    go(project, Ears(Silent(), lambda said: None, lambda proposal: True))
    return verdict(project, Silent()).verdict.outcome


def test_shuffled_training_labels_fail(tmp_path, shared_data):
    """Not for want of any gain: even shuffled rows teach the names of the labels (10 points)."""
    assert outcome(tmp_path, shared_data, shuffled=True, test_rows=300) is Outcome.FAIL


def test_a_real_gain_passes(tmp_path, shared_data):
    assert outcome(tmp_path, shared_data, shuffled=False, test_rows=300) is Outcome.PASS


def test_thirty_test_rows_are_inconclusive(tmp_path, shared_data):
    assert outcome(tmp_path, shared_data, shuffled=False, test_rows=30) is Outcome.INCONCLUSIVE
