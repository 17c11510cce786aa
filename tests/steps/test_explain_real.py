"""A real model that never saw one product: the gap is named, its rows are found, and it closes."""

import json
from hashlib import blake2b
from importlib.resources import files

import pytest

from surpass.core.progress import Silent
from surpass.core.records.explanation import Labelled
from surpass.steps.explain import explain, said_explanation
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.train import train

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(1800)]

MISSING = "fibre"  # the commonest: the gap must show on the 70 validation rows that are left
SETTINGS = """
[task]
name = "product"
kind = "classify"
input = "text"
output = "product"
labels = ["fibre", "tv", "phone", "mobile", "wifi", "email"]

[data]
train = ["train.jsonl"]
valid = ["valid.jsonl"]
test = ["test.jsonl"]
id = "id"
group = "customer"

[training]
epochs = 4

[ladder]
rungs = ["zero-shot"]
"""


def messages():
    """The demo's messages that are about a product, as rows of a classifier of products."""
    text = (files("surpass.demo") / "messages.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, text.splitlines()):
        if product := row["record"].get("product"):
            kept = {name: row[name] for name in ("id", "text", "customer", "channel", "region")}
            yield kept | {"product": product}


def share(text):
    """A number from 0 to 1 that is the same for the same text everywhere."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32


def sides():
    """Rows by customer: valid, test, and a rest of which the missing product goes to the pool."""
    found = {"valid": [], "test": [], "train": [], "pool": []}
    for row in messages():
        place = share(row["customer"])
        side = "valid" if place < 0.4 else "test" if place < 0.52 else "train"
        if side == "train" and (row["product"] == MISSING or share(row["id"]) < 0.2):
            side = "pool"
        found[side].append(row)
    return found


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_gap_in_training_is_named_filled_and_closed(tmp_path):
    rows = sides()
    for side in ("train", "valid", "test"):
        write(tmp_path / f"{side}.jsonl", rows[side])
    unlabelled = [{k: v for k, v in row.items() if k != "product"} for row in rows["pool"]]
    write(tmp_path / "pool.jsonl", unlabelled)
    (tmp_path / "surpass.toml").write_text(SETTINGS, encoding="utf-8")
    project = open_project(tmp_path)
    seal(project)
    train(project, Silent())
    gaps = explain(project, Silent()).record.gaps
    assert gaps
    first = gaps[0]
    assert first.predicate == Labelled(label=MISSING)
    assert first.request is not None
    assert first.request.training_rows == 0

    of_pool = sum(row["product"] == MISSING for row in rows["pool"])
    said_explanation(project, Silent(), pool=tmp_path / "pool.jsonl", queue=of_pool)
    (queued,) = (tmp_path / "requests").glob("pool-*.jsonl")
    names = {json.loads(line)["id"] for line in queued.read_text(encoding="utf-8").splitlines()}
    labelled = [row for row in rows["pool"] if row["id"] in names]
    right = sum(row["product"] == MISSING for row in labelled)
    assert right / len(labelled) > of_pool / len(rows["pool"])

    write(tmp_path / "train.jsonl", rows["train"] + labelled)
    project = open_project(tmp_path)
    seal(project, amend="rows that the gap asked for were labelled")
    train(project, Silent())
    after = explain(project, Silent()).record.followed[0]
    assert after.predicate == first.predicate
    assert after.now < after.before
    assert after.standing == "closed"
