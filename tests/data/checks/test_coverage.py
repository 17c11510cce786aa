import gzip
import json
import random

import pytest

from surpass.data.checks import coverage
from surpass.data.checks.beside import Beside
from surpass.data.traffic_clusters import traffic_clusters


def asked_of(examples, texts):
    rows = [f"asked {number}" for number in range(len(texts))]
    return examples(texts, rows=rows).drop("target", "group")


def found(frame, traffic=None, slices=(), kind="classify", **options):
    beside = Beside(traffic=traffic, slices=slices)
    return coverage.find(frame, coverage.Options(**options), kind, beside)


def test_without_traffic_and_slices_nothing_is_said(examples, varied):
    result = found(examples(varied))
    assert result.state == "cannot tell"
    assert "traffic" in result.advice
    assert found(examples([]), slices=("region",)).state == "cannot tell"


def test_a_slice_with_few_rows_is_shown_with_its_rows(examples, varied):
    frame = examples(varied, region=[*["north"] * 55, *["south"] * 5])
    result = found(frame, slices=("region", "not there"))
    assert "region = 'south' has 5 rows" in result.summary
    assert result.evidence["row"].to_list() == ["r56", "r57", "r58"]


def test_a_label_that_a_slice_lacks_is_shown_where_both_are_common(examples, varied):
    frame = examples(varied, ["a"] * 30 + ["b"] * 30, region=["north"] * 30 + ["south"] * 30)
    result = found(frame, slices=("region",))
    assert result.evidence["reason"].n_unique() == 2
    assert "region = 'north' has 0 rows of 'b'." in set(result.evidence["reason"])
    spread = examples(varied, ["a", "b"] * 30, region=["north"] * 30 + ["south"] * 30)
    assert found(spread, slices=("region",)).state == "clear"


def test_inputs_that_all_begin_alike_are_a_note(examples, varied):
    frame = examples([f"You are a helpful clerk who sorts messages: {text}" for text in varied])
    result = found(frame)
    assert (result.state, result.severity) == ("found", "note")
    assert result.rows == 60


def test_few_rows_of_traffic_are_not_grouped(examples, varied):
    frame = examples(varied)
    assert traffic_clusters(frame, asked_of(examples, varied[:9])) == ()
    assert traffic_clusters(frame, asked_of(examples, [])) == ()
    assert found(frame, asked_of(examples, ["  "] * 500)).state == "cannot tell"


def test_every_text_of_the_traffic_is_in_one_group(examples, varied):
    groups = traffic_clusters(examples(varied), asked_of(examples, varied))
    assert sum(group.share for group in groups) == pytest.approx(1)
    rows = [row for group in groups for row in group.asked]
    assert sorted(rows) == sorted(f"asked {number}" for number in range(60))
    assert sum(group.near for group in groups) >= 0.8 * 60


def snips(shared):
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["intent"]) for row in map(json.loads, stream)]


@pytest.mark.shared
@pytest.mark.parametrize("seed", [51, 52])
def test_topics_that_the_rows_lack_are_found(shared_data, examples, seed):
    draw = random.Random(seed)
    rows = draw.sample(snips(shared_data), 2400)
    gone = set(draw.sample(sorted({intent for _, intent in rows}), 2))
    ours, asked = [row for row in rows[:1600] if row[1] not in gone], rows[1600:]
    topic = {f"asked {n}": intent for n, (_, intent) in enumerate(asked)}
    frame = examples([text for text, _ in ours])
    groups = traffic_clusters(frame, asked_of(examples, [text for text, _ in asked]))
    bare = [row for group in groups if group.near < 10 for row in group.asked]
    right = sum(topic[row] in gone for row in bare)
    lacking = sum(intent in gone for _, intent in asked)
    print(f"precision {right / len(bare):.2f}, recall {right / lacking:.2f}, {len(groups)} groups")
    assert right >= 0.7 * len(bare)
    assert right >= 0.5 * lacking
