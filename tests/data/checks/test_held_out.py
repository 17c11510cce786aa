"""Checks that estimate, on public rows: what they find of what is planted, and what else.

The rows are drawn with other seeds than any that the rules were written with.
"""

import csv
import gzip
import json
import random

import pytest

from surpass.data.checks import leaking_columns, truncated

pytestmark = pytest.mark.shared

ROWS = 1500
SEEDS = (11, 12)


def snips(shared):
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["intent"]) for row in map(json.loads, stream)]


def sms(shared):
    lines = (shared / "sms_spam" / "SMSSpamCollection.tsv").read_text(encoding="utf-8").split("\n")
    return [(text, label) for label, tab, text in (line.partition("\t") for line in lines) if tab]


def banking(shared):
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


def gsm8k(shared):
    with gzip.open(shared / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["question"], row["answer"]) for row in map(json.loads, stream)]


def within_a_word(words, draw):
    """The text up to some letters of a long word, or None where there is no such word."""
    long = [at for at in range(6, len(words)) if len(words[at]) >= 5 and words[at].isalpha()]
    if not long:
        return None
    at = draw.choice(long)
    return " ".join([*words[:at], words[at][: draw.randint(2, len(words[at]) - 2)]])


def between_words(words, draw):
    """The text up to some word before its last."""
    return " ".join(words[: draw.randint(6, len(words) - 1)]) if len(words) > 6 else None


def planted(texts, cut, draw):
    """The texts with one in ten cut, and the places of those."""
    made, places = list(texts), set()
    for place in draw.sample(range(len(texts)), len(texts)):
        shorter = cut(texts[place].split(), draw)
        if shorter and len(places) < len(texts) // 10:
            made[place] = shorter
            places.add(place)
    return made, places


def called_cut(texts, examples):
    found = truncated.find(examples(texts), truncated.Options(), "generate")
    return {int(row[1:]) - 1 for row in found.evidence["row"]}


@pytest.mark.parametrize("source", [snips, sms, banking, gsm8k])
def test_whole_texts_are_hardly_ever_called_cut(shared_data, examples, source):
    for seed in SEEDS:
        rows = random.Random(seed).sample(source(shared_data), ROWS)
        found = called_cut([text for text, _ in rows], examples)
        print(f"{source.__name__} whole: {len(found)} of {ROWS} called cut")
        assert len(found) <= 0.01 * ROWS


@pytest.mark.parametrize(
    ("source", "cut", "precision", "recall"),
    [
        (snips, within_a_word, 0.8, 0.5),
        (sms, within_a_word, 0.85, 0.5),
        (banking, within_a_word, 0.95, 0.7),
        (gsm8k, within_a_word, 0.95, 0.75),
        (snips, between_words, 0.55, 0.12),
        (sms, between_words, 0.5, 0.1),
        (banking, between_words, 0.85, 0.15),
        (gsm8k, between_words, 0.95, 0.85),
    ],
)
def test_planted_cuts_are_found(shared_data, examples, source, cut, precision, recall):
    """Where few texts end in a full stop, a cut between words leaves little to see."""
    for seed in SEEDS:
        draw = random.Random(seed)
        texts = [text for text, _ in draw.sample(source(shared_data), ROWS)]
        made, places = planted(texts, cut, draw)
        found = called_cut(made, examples)
        right = len(found & places)
        print(
            f"{source.__name__} {cut.__name__}: precision {right / len(found):.2f}, "
            f"recall {right / len(places):.2f} of {len(places)}"
        )
        assert right >= precision * len(found)
        assert right >= recall * len(places)


def sensible(texts, draw):
    """Columns that people keep beside a text, and that tell its label no more than it does."""
    return {
        "day": [str(draw.randrange(7)) for _ in texts],
        "channel": [draw.choice(["mail", "web", "phone"]) for _ in texts],
        "agent": [f"a{draw.randrange(len(texts) // 5)}" for _ in texts],
        "length": [str(min(len(text) // 20, 8)) for text in texts],
        "size": [("short", "long")[len(text) > 60] for text in texts],
        "question": [str("?" in text) for text in texts],
        "first word": [text.split()[0].lower() for text in texts],
    }


@pytest.mark.parametrize("source", [snips, sms, banking])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_noisy_copy_of_the_label_is_found_and_no_sensible_column(
    shared_data, examples, source, seed
):
    draw = random.Random(seed)
    rows = [row for row in draw.sample(source(shared_data), ROWS) if row[0].split()]
    texts, labels = zip(*rows, strict=True)
    names = sorted(set(labels))
    noisy = [draw.choice(names) if draw.random() < 0.05 else label for label in labels]
    columns = {"queue": [f"q{names.index(label)}" for label in noisy], **sensible(texts, draw)}
    result = leaking_columns.find(
        examples(list(texts), list(labels), **columns), leaking_columns.Options(), "classify"
    )
    assert result.summary.startswith("1 column gives the answer away: 'queue' guesses, on 9")
