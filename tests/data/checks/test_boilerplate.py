import csv
import gzip
import json
import random

import pytest

from surpass.data.checks import boilerplate

REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I cannot provide medical advice; please see a doctor.",
    "Sorry, I can't do that.",
    "I am unable to answer this question.",
    "I must decline to write this.",
    "We are not able to share that kind of information.",
)
MACHINES = (
    "As an AI language model, I have no opinions of my own. {}",
    "{} Please note that as an AI I may be wrong.",
    "I am an AI, so take this with care. {}",
    "{} My knowledge cutoff is last year.",
    "I'm just a language model trained by OpenAI. {}",
)


def found(frame, kind="generate", **options):
    return boilerplate.find(frame, boilerplate.Options(**options), kind)


def said(examples, asked, answer, kind="generate"):
    return found(examples([asked], [answer]), kind).evidence["reason"].to_list()


def test_each_kind_is_named(examples):
    asked = "Where is the parcel that I ordered last Monday?"
    assert said(examples, asked, "I'm sorry, but I can't help with that.") == [
        "The answer refuses."
    ]
    assert "speaks as a machine" in said(examples, asked, "As an AI, I do not know.")[0]
    assert said(examples, asked, asked.upper()) == [
        "The answer says the input again and nothing else."
    ]
    assert said(examples, asked, f"{asked} On its way.") == [
        "The answer says the input again and goes on."
    ]
    assert "goes round" in said(examples, asked, "It is on its way. " * 20)[0]
    assert said(examples, asked, "It is on its way.") == []


def test_the_values_of_records_are_looked_at(examples):
    refusal = json.dumps({"when": "Monday", "note": "As an AI language model, I cannot tell."})
    assert len(said(examples, "When?", refusal, "extract")) == 1
    assert said(examples, "When?", '{"when": "Monday"}', "extract") == []


def test_labels_and_no_rows_cannot_be_told(examples):
    assert found(examples(["a"], ["b"]), "classify").state == "cannot tell"
    assert found(examples([])).state == "cannot tell"


def gsm8k(shared):
    with gzip.open(shared / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["question"], row["answer"]) for row in map(json.loads, stream)]


def e2e(shared):
    with gzip.open(shared / "e2e_nlg" / "devset.csv.gz", "rt", encoding="utf-8") as stream:
        return [(row["mr"], row["ref"]) for row in csv.DictReader(stream)]


def looped(answer, draw):
    last = " ".join(answer.split()[-draw.randint(2, 12) :])
    return f"{answer} {' '.join([last] * draw.randint(8, 30))}"


def planted(asked, answer, draw):
    """The answer with one of four defects."""
    made = (
        lambda: draw.choice(REFUSALS),
        lambda: draw.choice(MACHINES).format(answer),
        lambda: looped(answer, draw),
        lambda: draw.choice([asked, f"{asked}\n{answer}", asked.lower() + "."]),
    )
    return draw.choice(made)()


@pytest.mark.shared
@pytest.mark.parametrize("source", [gsm8k, e2e])
@pytest.mark.parametrize("seed", [31, 32])
def test_planted_answers_are_found_and_hardly_any_other(shared_data, examples, source, seed):
    draw = random.Random(seed)
    rows = draw.sample(source(shared_data), 1500)
    bad = set(draw.sample(range(1500), 150))
    answers = [planted(*row, draw) if n in bad else row[1] for n, row in enumerate(rows)]
    result = found(examples([asked for asked, _ in rows], answers))
    called = {int(row[1:]) - 1 for row in result.evidence["row"]}
    right = len(called & bad)
    print(f"{source.__name__}: precision {right / len(called):.3f}, recall {right / len(bad):.3f}")
    assert right >= 0.95 * len(bad)
    assert right >= 0.9 * len(called)
