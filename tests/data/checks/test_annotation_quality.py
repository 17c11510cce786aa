import gzip
import json
import random

import polars as pl
import pytest

from surpass.data.checks import annotation_quality
from surpass.data.checks.annotation_quality import Options
from surpass.data.checks.beside import Beside
from surpass.measure.agreement import krippendorff_alpha


def said(answers):
    """Annotations from (row, annotator, answer) or (row, annotator, answer, time)."""
    rows = [(*one, None)[:4] for one in answers]
    schema = ["row", "annotator", "target", "time"]
    return Beside(
        annotations=pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    )


def find(frame, beside, kind="classify", **options):
    return annotation_quality.find(frame, Options(**options), kind, beside)


def careful(count, people=("ann", "bob", "cem"), slips=0.05, careless=(), seed=0):
    """Answers "a" or "b" to each row, right but for slips; careless people answer by chance."""
    draw = random.Random(seed)
    made = []
    for at in range(1, count + 1):
        right = draw.choice("ab")
        for person in people:
            by_chance = person in careless or draw.random() < slips
            made.append((f"r{at}", person, draw.choice("ab") if by_chance else right))
    return made


def test_agreement_comes_with_its_interval_and_its_level(examples, varied):
    result = find(examples(varied), said(careful(60)))
    assert result.summary.startswith("3 annotators agree with alpha 0.")
    assert "firm (0.67 and 0.80 are the conventions)" in result.summary
    assert "60 inputs that both judged" in result.summary
    poor = find(examples(varied), said(careful(60, careless=("bob", "cem"))))
    assert "too low to build on" in poor.summary
    assert poor.severity == "review"


def test_the_most_contested_rows_are_shown_first_ten_at_most(examples, varied):
    answers = [(f"r{at}", person, "a") for at in range(1, 61) for person in "wxyz"]
    answers = [
        (row, person, "b" if row == "r7" and person in "wx" else answer)
        for row, person, answer in answers
    ]
    answers += [(f"r{at}", "v", "b") for at in range(20, 60)]
    result = find(examples(varied), said(answers))
    assert result.evidence["row"][0] == "r7"
    assert result.evidence["reason"][0] == "Of 4 people 2 say 'a', 2 say 'b'."
    assert result.evidence.height == 10


def test_the_annotator_who_stands_apart_is_named(examples, varied):
    answers = careful(60, people=("ann", "bob", "cem", "dan"), slips=0.02, careless=("dan",))
    assert (
        "dan stands apart: the same as most others on "
        in find(examples(varied), said(answers)).summary
    )
    assert "stands apart" not in find(examples(varied), said(careful(60))).summary


def test_of_two_who_differ_neither_stands_apart(examples, varied):
    answers = careful(60, people=("ann", "bob"), careless=("bob",))
    assert "stands apart" not in find(examples(varied), said(answers)).summary


def test_agreement_that_drifts_is_told_with_its_date(examples, varied):
    before = careful(30, slips=0.0)
    after = careful(60, people=("ann", "bob", "cem"), careless=("ann", "bob", "cem"))[90:]
    dated = [(*one, f"2024-0{1 if one in before else 6}-01") for one in [*before, *after]]
    assert "Agreement drifts: 100% up to 2024-01-01" in find(examples(varied), said(dated)).summary
    assert "drifts" not in find(examples(varied), said(careful(60))).summary


def test_rows_with_the_same_input_are_one_thing_that_several_people_judged(examples, varied):
    """A column names the annotator: each row has one."""
    inputs = [*varied[:30], *[text.upper() for text in varied[:30]]]
    frame = examples(inputs, ["a", "b"] * 30)
    answers = [
        (f"r{at}", "ann" if at <= 30 else "bob", "a" if at % 2 else "b") for at in range(1, 61)
    ]
    result = find(frame, said(answers))
    assert result.state == "clear"
    assert "2 annotators agree with alpha 1.00" in result.summary


def test_the_last_answer_of_a_person_counts(examples, varied):
    answers = [(f"r{at}", p, "a" if at % 2 else "b") for at in range(1, 41) for p in ("x", "y")]
    first_wrong = [(row, person, "b" if answer == "a" else "a") for row, person, answer in answers]
    result = find(examples(varied), said([*first_wrong[:20], *answers]))
    assert result.state == "clear"


def test_of_records_the_field_with_the_least_agreement_is_judged(examples, varied):
    draw = random.Random(0)
    answers = [
        (f"r{at}", person, json.dumps({"city": "ab"[at % 2], "mood": draw.choice("xy")}))
        for at in range(1, 61)
        for person in ("ann", "bob")
    ]
    result = find(examples(varied), said(answers), "extract")
    assert "on the field 'mood', where they agree least" in result.summary


@pytest.mark.parametrize(
    ("beside", "kind"),
    [
        (None, "classify"),
        (Beside(), "classify"),
        (said([]), "classify"),
        (said(careful(19)), "classify"),
        (said(careful(60, people=("ann",))), "classify"),
        (said([(f"r{at}", p, "a") for at in range(1, 61) for p in "xy"]), "classify"),
        (said([("r99", "x", "a"), ("r99", "y", "b")]), "classify"),
        (said([(f"r{at}", p, "not json") for at in range(1, 61) for p in "xy"]), "extract"),
        (said(careful(60)), "generate"),
    ],
)
def test_too_little_cannot_be_told(examples, varied, beside, kind):
    assert find(examples(varied), beside, kind).state == "cannot tell"


@pytest.mark.shared
def test_abuse_in_conversations_judged_by_eight_people(shared_data, examples):
    """ConvAbuse: five levels; the alpha is that of the measure on the same judgements."""
    path = shared_data / "convabuse_annotators" / "ConvAbuse_train.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        items = json.load(stream)
    answers = [
        (f"r{number}", person, level)
        for number, item in enumerate(items.values(), 1)
        for person, level in zip(
            item["annotators"].split(","), item["annotations"].split(","), strict=True
        )
    ]
    frame = examples([f"{number} {item['text']}" for number, item in enumerate(items.values(), 1)])
    result = find(frame, said(answers))
    judged = pl.DataFrame(answers, schema=["item", "rater", "value"], orient="row")
    alpha = krippendorff_alpha(judged, "value").alpha
    print(result.summary)
    assert f"8 annotators agree with alpha {alpha:.2f}" in result.summary
    assert "too low to build on" in result.summary
    assert result.evidence.height == 10
