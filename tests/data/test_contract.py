import json

import polars as pl
import pytest

from surpass.data.contract import broken


def reasons(examples, answers, kind="generate", inputs=None):
    frame = examples(inputs or [f"question {n}" for n in range(len(answers))], answers)
    return {one.row: one.reason for one in broken(frame, kind, 0.95)}


REPORT = "# Result\nSummary: it works\n<cause>none</cause>\n```\nx = {}\n```"


@pytest.mark.parametrize(
    ("usual", "stray", "said"),
    [
        ("Summary: fine {}", "Fine {}", "the part 'Summary:'"),
        (REPORT, REPORT.replace("# Result", "Result"), "the heading 'Result'"),
        (REPORT, REPORT.replace("cause", "why"), "the tag '<cause>'"),
        (REPORT, REPORT.replace("```", ""), "a block of code"),
        ('{{"a": {}}}', "it is {}", "the form of a JSON object"),
        ('{{"a": {}, "b": 1}}', '{{"a": {}}}', "the key 'b'"),
        ('{{"a": {}}}', '{{"a": "{}"}}', "the key 'a' is a text; in 60 of 61 answers it is a"),
        ("one line {}", "two\nlines {}", "has several lines"),
    ],
)  # fmt: skip
def test_what_nearly_all_answers_have_is_missed_in_the_others(examples, usual, stray, said):
    answers = [usual.format(n) for n in range(60)] + [stray.format(60)]
    found = reasons(examples, answers)
    assert list(found) == ["r61"]
    assert said in found["r61"]


def test_answers_of_every_form_break_none(examples):
    answers = [f"Summary: {n}" if n % 2 else f"plain {n}\nand more" for n in range(60)]
    assert reasons(examples, answers) == {}
    assert reasons(examples, ["", "  ", "one"]) == {}
    assert reasons(examples, []) == {}


def test_urls_and_times_are_no_parts(examples):
    assert reasons(examples, [f"https://example.org/{n}" for n in range(60)] + ["see there"]) == {}


def test_records_are_asked_for_their_keys_and_types_only(examples):
    answers = [json.dumps({"city": "Leeds", "nights": n}) for n in range(60)]
    found = reasons(examples, [*answers, '{"city":"York"}', "no record"], "extract")
    assert list(found) == ["r61"]  # what is no record is left to `structure`
    assert "the key 'nights'" in found["r61"]


def test_code_that_does_not_parse_is_named(examples):
    prompts = [f"def add{n}(a, b):\n" for n in range(60)]
    bodies = ["    return a + b\n"] * 59 + ["    return a +\n"]
    assert list(reasons(examples, bodies, "code", prompts)) == ["r60"]
    fenced = [f"```python\ndef f{n}(): return {n}\n```" for n in range(60)]
    assert reasons(examples, fenced, "code") == {}
    odd = ['    return "\\d" is 1\n'] * 60  # Python warns of both
    assert reasons(examples, odd, "code", prompts) == {}


@pytest.mark.parametrize("answer", ["[" * 5000, "{" * 5000, "\0", "(" * 3000, '{"a":' * 900])
@pytest.mark.parametrize("kind", ["generate", "extract", "code"])
def test_hostile_answers_stop_nothing(examples, answer, kind):
    frame = examples(["x"] * 3, [answer, "b", "c"])
    assert isinstance(broken(frame, kind, 0.95), list)
    assert isinstance(frame, pl.DataFrame)
