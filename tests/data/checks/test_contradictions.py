import csv
import gzip
import json
import random

import numpy as np
import polars as pl
import pytest

from surpass.data.checks import contradictions
from surpass.data.checks.beside import Beside
from surpass.data.checks.contradictions import label_ceiling


def find(frame, kind="classify", beside=None):
    return contradictions.find(frame, contradictions.Options(), kind, beside)


def dated(frame, times):
    return frame.with_columns(pl.Series("time", times, dtype=pl.String))


def by(frame, people):
    """Who gave each row its answer."""
    return Beside(annotations=frame.select("row", pl.Series("annotator", people), "target", "time"))


# the label ceiling


def test_the_ceiling_comes_with_an_interval(examples, varied):
    frame = examples([*varied, *varied[:20]], [*["a", "b"] * 30, *["b", "a"] * 10])
    assert "Label ceiling: no model can get more than 75.0% (" in find(frame).summary
    low, share, high = label_ceiling([1] * 20, [2] * 20, 80)
    assert low < 0.75 == share < high


def test_rows_of_one_input_count_as_fewer():
    """The same rows lost, by one input or by many: one input tells less of others."""
    many = label_ceiling([1] * 20, [2] * 20, 400)
    one = label_ceiling([20], [40], 400)
    assert one[1] == many[1]
    assert one[2] - one[0] > 1.5 * (many[2] - many[0])


def test_the_interval_of_the_ceiling_covers():
    """Inputs with a random number of rows, a third of them contested; 500 worlds."""
    rng = np.random.default_rng(5)

    def world(inputs):
        sizes = rng.integers(1, 6, inputs)
        contested = rng.random(inputs) < 1 / 3
        lost = np.where(contested, rng.binomial(sizes // 2, 0.5), 0)
        return lost, sizes

    lost, sizes = world(200_000)
    truth = 1 - lost.sum() / sizes.sum()
    covered = 0
    for _ in range(500):
        lost, sizes = world(150)
        repeated = sizes > 1
        low, _, high = label_ceiling(
            lost[repeated].tolist(), sizes[repeated].tolist(), int(sizes.sum())
        )
        covered += low <= truth <= high
    assert covered >= 500 * 0.95 - 4 * (500 * 0.95 * 0.05) ** 0.5


# who and when


def test_a_date_that_separates_the_sides_is_named(examples, varied):
    frame = examples([*varied[:12], *varied[:12]], ["old"] * 12 + ["new"] * 12)
    times = [f"2024-01-{day:02}" for day in range(1, 13)]
    frame = dated(frame, [*times, *[time.replace("-01-", "-03-") for time in times]])
    assert "A date separates them: before 2024-03-01 all say 'old', since then 'new'" in (
        find(frame).summary
    )
    assert "A date" not in find(dated(frame, times * 2)).summary
    assert "A date" not in find(dated(frame, [None] * 24)).summary


def test_an_annotator_who_stands_on_one_side_is_named(examples, varied):
    frame = examples([*varied[:12], *varied[:12]], ["usual"] * 12 + ["odd"] * 12)
    people = [*["ann", "bob", "cem"] * 4, *["dan"] * 12]
    assert (
        "A person separates them: dan says 'odd' where everybody else says 'usual'."
        in find(frame, beside=by(frame, people)).summary
    )
    anybody = random.Random(0).choices(["ann", "bob", "cem", "dan"], k=24)
    assert "A person" not in find(frame, beside=by(frame, anybody)).summary


def test_a_date_that_separates_a_field_is_named(examples, varied):
    frame = examples(
        [*varied[:12], *varied[:12]],
        ['{"team":"north","n":1}'] * 12 + ['{"team":"south","n":1}'] * 12,
    )
    frame = dated(frame, ["2023-05-01"] * 12 + ["2024-05-01"] * 12)
    assert "before 2024-05-01 all say team = 'north', since then team = 'south'" in (
        find(frame, "extract").summary
    )


# what is planted is found


def snips(shared):
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["intent"]) for row in map(json.loads, stream)]


def banking(shared):
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


def reworded(text, draw):
    """The same in other case, spacing or with one more word, as a second export has it."""
    return draw.choice([text, text.upper(), f"  {text.replace(' ', '  ')} ", f"{text} please"])


@pytest.mark.shared
@pytest.mark.parametrize("source", [snips, banking])
@pytest.mark.parametrize("seed", [11, 12])
def test_planted_contradictions_are_found(shared_data, examples, source, seed):
    """Of planted pairs 95 % and more are found; 90 % of what is found is in a planted pair."""
    draw = random.Random(seed)
    rows = {}
    for text, label in draw.sample(source(shared_data), 4000):
        if len(text) >= 30:
            rows.setdefault(text, label)
    rows = list(rows.items())[:2000]
    labels = sorted({label for _, label in rows})
    before = set(find(examples(*map(list, zip(*rows, strict=True)))).evidence["row"])
    chosen = draw.sample([at for at in range(2000) if f"r{at + 1}" not in before], 100)
    twins = [
        (reworded(rows[at][0], draw), draw.choice([one for one in labels if one != rows[at][1]]))
        for at in chosen
    ]
    frame = examples(*map(list, zip(*rows, *twins, strict=True)))
    found = set(find(frame).evidence["row"])
    pairs = [{f"r{at + 1}", f"r{2001 + number}"} for number, at in enumerate(chosen)]
    planted = set().union(*pairs)
    recall = sum(bool(found & pair) for pair in pairs) / len(pairs)
    precision = len(found & planted) / len(found - before)
    print(
        f"{source.__name__}: recall {recall:.2f}, precision {precision:.2f}, before {len(before)}"
    )
    assert recall >= 0.95
    assert precision >= 0.9
