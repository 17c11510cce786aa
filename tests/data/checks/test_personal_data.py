import csv
import gzip
import json
import random
import string

import pytest

from surpass.data.checks import personal_data

ALL = string.ascii_letters + string.digits


def found(frame, **options):
    return personal_data.find(frame, personal_data.Options(**options), "generate")


def test_a_secret_is_an_error_and_its_mark_is_proposed(examples):
    key = "ghp_" + "a1B2" * 9
    frame = examples([f"It says {key}", "hello"], [f"Do not use {key}.", "hi"])
    result = found(frame)
    assert (result.state, result.severity) == ("found", "error")
    assert result.evidence["replacement"].to_list() == [
        "It says <SECRET_1>",
        "Do not use <SECRET_1>.",
    ]
    assert result.evidence["proposal"].unique().to_list() == ["review"]
    assert key not in result.summary + json.dumps(result.evidence.to_dicts())


def test_kinds_that_do_not_matter_are_neither_shown_nor_masked(examples):
    frame = examples(["jane@example.org or +44 20 7946 0958"])
    result = found(frame, kinds=("phone",))
    assert result.evidence["replacement"].to_list() == ["jane@example.org or <PHONE_1>"]
    assert found(frame, kinds=("secret",)).state == "clear"


def texts(shared):
    with gzip.open(shared / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        sums = [row["question"] for row in map(json.loads, stream)]
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        bank = [row["text"] for row in csv.DictReader(stream)]
    with gzip.open(shared / "commits_vue" / "commits.jsonl.gz", "rt", encoding="utf-8") as stream:
        commits = [line.strip() for line in stream]
    return [*sums, *bank, *commits]


def run(draw, length, letters=ALL):
    return "".join(draw.choices(letters, k=length))


def planted(draw):
    """A value of one of eight kinds, made up."""
    digits = string.digits
    return draw.choice(
        (
            lambda: f"{run(draw, 7, string.ascii_lowercase)}.{run(draw, 3, digits)}@example.org",
            lambda: f"+44 20 {run(draw, 4, digits)} {draw.randrange(1000, 9999)}",
            lambda: f"ghp_{run(draw, 36)}",
            lambda: f"sk-{run(draw, 48)}",
            lambda: f"AKIA{run(draw, 16, string.ascii_uppercase + digits)}",
            lambda: f"password: {run(draw, 5)}{draw.randrange(10, 99)}{draw.choice('ab')}!",
            lambda: f"-----BEGIN PRIVATE KEY-----\n{run(draw, 90)}\n-----END PRIVATE KEY-----",
            lambda: run(draw, 40),
        )
    )()


@pytest.mark.shared
@pytest.mark.parametrize("seed", [71, 72])
def test_planted_values_are_found_and_hardly_anything_else(shared_data, examples, seed):
    draw = random.Random(seed)
    rows = draw.sample(texts(shared_data), 2000)
    bad = set(draw.sample(range(2000), 200))
    made = [
        " ".join(
            [*(words := row.split(" "))[: (at := draw.randint(0, 5))], planted(draw), *words[at:]]
        )
        if number in bad
        else row
        for number, row in enumerate(rows)
    ]
    result = found(examples(made))
    called = {int(row[1:]) - 1 for row in result.evidence["row"]}
    right = len(called & bad)
    print(f"precision {right / len(called):.3f}, recall {right / len(bad):.3f}")
    assert right >= 0.95 * len(bad)
    assert right >= 0.9 * len(called)
