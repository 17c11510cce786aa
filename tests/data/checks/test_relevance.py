import csv
import random

import pytest

from surpass.data.checks import relevance
from surpass.data.checks.beside import Beside


def asked_of(examples, texts, **known):
    rows = [f"asked {number}" for number in range(len(texts))]
    return examples(texts, rows=rows, **known).drop("target", "group")


def found(examples, ours, asked, **options):
    frame = examples(ours)
    beside = Beside(traffic=asked_of(examples, asked))
    return relevance.find(frame, relevance.Options(**options), "classify", beside)


def portals(varied):
    return [text.replace("order", "refund portal") for text in varied]


def test_without_traffic_it_says_how_to_name_it(examples, varied):
    result = relevance.find(examples(varied), relevance.Options(), "classify", Beside())
    assert result.state == "cannot tell"
    assert "traffic" in result.advice


def test_few_texts_cannot_be_told(examples, varied):
    assert found(examples, varied, varied[:9]).state == "cannot tell"
    assert found(examples, varied, ["the same"] * 90).state == "cannot tell"
    assert found(examples, [], varied).state == "cannot tell"


def test_words_and_rows_of_both_sides_explain_a_difference(examples, varied):
    result = found(examples, varied, portals(varied))
    assert result.state == "found"
    assert "Commoner in production than in your rows: 'portal'" in result.summary
    assert "in your rows: 'order' (100% against 0%)" in result.summary
    rows = result.evidence["row"].to_list()
    assert sum(row.startswith("asked") for row in rows) == 10 == len(rows) / 2


def test_the_same_texts_on_both_sides_are_no_difference(examples, varied):
    assert found(examples, varied, varied[::-1]).state == "clear"


def banking(shared):
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


@pytest.mark.shared
@pytest.mark.parametrize("seed", [41, 42])
def test_traffic_with_other_topics_is_found_and_like_traffic_is_not(shared_data, examples, seed):
    draw = random.Random(seed)
    rows = draw.sample(banking(shared_data), 1200)
    ours, asked = rows[:600], rows[600:]
    gone = set(draw.sample(sorted({topic for _, topic in rows}), 40))
    left = [text for text, topic in ours if topic not in gone]
    alike = found(examples, [text for text, _ in ours], [text for text, _ in asked])
    other = found(examples, left, [text for text, _ in asked])
    print(alike.summary, other.summary, sep="\n")
    assert alike.state == "clear"
    assert other.state == "found"
    topic = dict(asked)
    text = {f"asked {n}": text for n, (text, _) in enumerate(asked)}
    shown = [row for row in other.evidence["row"] if row in text]
    assert sum(topic[text[row]] in gone for row in shown) > 0.6 * len(shown)
