import json
import random
import re

import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Data, Extract, Settings
from surpass.data.checks import (
    all_checks,
    contradictions,
    exact_duplicates,
    imbalance,
    leaking_columns,
    near_duplicates,
    personal_data,
    run_checks,
    straddle,
    structure,
)
from surpass.data.checks.beside import Beside


def found_rows(module, frame, kind="classify", **options):
    return set(module.find(frame, module.Options(**options), kind).evidence["row"])


def reasons(module, frame, kind="classify", **options):
    result = module.find(frame, module.Options(**options), kind)
    return dict(zip(result.evidence["row"], result.evidence["reason"], strict=True))


def settings_of(task=None, **more):
    return Settings(task=task or Classify(name="t"), data=Data(train=("x",)), **more)


# exact and near duplicates


def test_exact_copies_are_found_and_the_first_row_stays(examples, varied):
    frame = examples([*varied, varied[3].upper(), f"  {varied[3]}", varied[4]], [*["a"] * 62, "b"])
    assert found_rows(exact_duplicates, frame) == {"r61", "r62"}
    result = exact_duplicates.find(frame, exact_duplicates.Options(), "classify")
    assert result.evidence["partner"].to_list() == ["r4", "r4"]
    assert result.evidence["proposal"].unique().to_list() == ["drop"]


def test_records_are_copies_whatever_the_order_of_their_keys(examples):
    frame = examples(["same", "same"], ['{"a":1,"b":2}', '{"b":2,"a":1}'])
    assert found_rows(exact_duplicates, frame, "extract") == {"r2"}


def test_near_copies_are_found_and_exact_ones_left_to_the_other_check(examples, varied):
    near = [text.replace(".", " indeed.") for text in varied[:20]]
    frame = examples([*varied, *near, varied[30]])
    assert found_rows(near_duplicates, frame) == {f"r{number}" for number in range(1, 21)}


def test_answers_and_both_are_compared_where_asked(examples, varied):
    again = [text.replace(".", " indeed.") for text in varied[:5]]
    frame = examples([*varied, *varied[20:25]], [*varied[7:], *varied[:7], *again])
    assert found_rows(near_duplicates, frame, "generate") == set()
    same_answers = found_rows(near_duplicates, frame, "generate", on="output")
    assert same_answers == {f"r{number}" for number in range(54, 59)}
    assert found_rows(near_duplicates, frame, "generate", on="both") == set()
    both = examples([*varied, *again], [*varied, *varied[:5]])
    first = {f"r{number}" for number in range(1, 6)}
    assert found_rows(near_duplicates, both, "generate", on="both", threshold=0.6) == first
    labels = near_duplicates.find(frame, near_duplicates.Options(on="output"), "classify")
    assert labels.state == "cannot tell"


# contradictions


def test_planted_contradictions_are_found_and_nothing_else(examples, varied):
    labels = ["a", "b"] * 30
    flipped = ["b", "a"] * 10
    frame = examples([*varied, *varied[:20]], [*labels, *flipped])
    assert found_rows(contradictions, frame) == {f"r{n}" for n in [*range(1, 21), *range(61, 81)]}
    result = contradictions.find(frame, contradictions.Options(), "classify")
    for row, partner, reason in result.evidence.select("row", "partner", "reason").iter_rows():
        assert {row, partner} <= set(re.findall(r"r\d+", reason))
    assert "75.0%" in contradictions.find(frame, contradictions.Options(), "classify").summary


def test_the_minority_of_a_group_is_shown_with_a_row_of_the_majority(examples):
    frame = examples(["where is it"] * 3, ["late", "lost", "late"])
    result = contradictions.find(frame, contradictions.Options(), "classify")
    assert result.evidence.select("row", "partner").rows() == [("r2", "r1")]
    assert "66.7%" in result.summary


def test_nearly_equal_inputs_contradict_too(examples):
    text = "I transferred some money last week but it has not arrived"
    assert found_rows(contradictions, examples([text, text + " yet"], ["a", "b"])) == {"r1", "r2"}


def test_the_field_that_differs_is_named(examples):
    same = ["two nights in Leeds"] * 3
    frame = examples(
        same,
        [
            '{"city":"Leeds","nights":2}',
            '{"city":"Leeds","nights":3}',
            '{"city":"Leeds","nights":2}',
        ],
    )
    assert reasons(contradictions, frame, "extract") == {
        "r2": "Row r1 has the same input and nights = '2', row r2 '3'."
    }


def test_fields_that_differ_because_the_texts_differ_are_no_contradiction(examples):
    text = "Please book me a room for two nights in the old town of {} near the station"
    frame = examples(
        [text.format("Leeds"), text.format("Derby")], ['{"city":"Leeds"}', '{"city":"Derby"}']
    )
    assert found_rows(contradictions, frame, "extract", threshold=0.5) == set()


def test_texts_contradict_by_numbers_and_by_yes_or_no_only(examples):
    asked = ["Is it open?"] * 2 + ["How many?"] * 2 + ["Who are you?"] * 2
    said = [
        "Yes, it is.",
        "No, sorry.",
        "There are 5.",
        "There are 6.",
        "A shop.",
        "We sell lamps.",
    ]
    assert found_rows(contradictions, examples(asked, said), "generate") == {"r1", "r2", "r3", "r4"}


# structure


@pytest.mark.parametrize(
    ("text", "answer", "kind", "options", "said"),
    [
        (" \t", "a", "classify", {}, "The input is empty."),
        ("hello", "", "classify", {}, "The answer is empty."),
        ("hel\0lo", "a", "classify", {}, "The input holds NUL bytes."),
        ("caf\ufffd", "a", "classify", {}, "lost characters"),
        ("caf\u00c3\u00a9", "a", "classify", {}, "UTF-8 and read as Latin-1"),
        ("N/A", "a", "classify", {}, "The input is a placeholder: 'N/A'."),
        ("hello", "Dear {{name}}", "generate", {}, "The answer is a placeholder"),
        ("hello", "TODO", "generate", {}, "The answer is a placeholder"),
        ("hello", "{broken", "extract", {}, "not a JSON object"),
        ("hello", "[1]", "extract", {}, "not a JSON object"),
        ("hello", '{"a":[1]}', "extract", {}, "not flat"),
        ("hello", '{"b":1}', "extract", {"fields": ("a",)}, "not declared: 'b'"),
        ("hello", "x", "classify", {"labels": ("a", "b")}, "not in the declared set: 'x'"),
        ("hello", "A ", "classify", {"labels": ("a", "b")}, "spelled differently: 'A '"),
    ],
)
def test_each_defect_is_named(examples, text, answer, kind, options, said):
    fine = '{"a":1}' if kind == "extract" else "a"
    frame = examples(["a fine question", text], [fine, answer])
    found = reasons(structure, frame, kind, **options)
    assert list(found) == ["r2"]
    assert said in found["r2"]


def test_a_field_of_ten_megabytes_is_a_finding_and_stops_no_check(examples, varied):
    frame = examples([*varied, "x" * 10_000_000, "1:2" * 100_000], ["a", "b"] * 31)
    results = {result.check: result for result in run_checks(frame, settings_of())}
    assert set(results["structure"].evidence["row"]) == {"r61", "r62"}
    assert "10,000,000 characters" in results["structure"].evidence["reason"][0]


def test_sound_rows_are_clear(examples, varied):
    frame = examples([*varied, "Se\u00f1or \u00c0 la carte, \u00bfqu\u00e9?"], ["none"] * 61)
    assert structure.find(frame, structure.Options(), "classify").state == "clear"


def test_mojibake_comes_with_what_it_was(examples):
    result = structure.find(
        examples(["caf\u00c3\u00a9 \u00e2\u20ac\u2122"]), structure.Options(), "classify"
    )
    assert result.evidence["replacement"].to_list() == ["caf\u00e9 \u2019"]
    assert result.severity == "fix"


def test_the_rarer_spelling_of_a_label_is_shown(examples, varied):
    frame = examples(varied, ["spam"] * 59 + ["Spam"])
    assert found_rows(structure, frame) == {"r60"}


# imbalance


def test_rare_labels_are_named(examples, varied):
    frame = examples(varied, ["usual"] * 57 + ["rare"] * 3)
    assert found_rows(imbalance, frame) == {"r58", "r59", "r60"}
    assert found_rows(imbalance, examples(varied, ["a", "b"] * 30)) == set()


def test_rare_fields_are_named(examples, varied):
    frame = examples(varied, ['{"a":1}'] * 58 + ['{"a":1,"b":2}'] * 2)
    assert found_rows(imbalance, frame, "extract") == {"r59", "r60"}


def test_few_rows_and_free_text_cannot_be_told(examples, varied):
    for frame, kind in ((examples(varied[:19]), "classify"), (examples(varied), "generate")):
        assert imbalance.find(frame, imbalance.Options(), kind).state == "cannot tell"


# personal data


def test_personal_data_is_named_by_kind_and_place_and_never_shown(examples, varied):
    frame = examples(
        [*varied, "write to jane@example.org"], [*["a"] * 59, "call +44 20 7946 0958", "a"]
    )
    result = personal_data.find(frame, personal_data.Options(), "generate")
    assert set(result.evidence["row"]) == {"r60", "r61"}
    assert "1 email" in result.summary
    shown = result.summary + json.dumps(result.evidence.to_dicts())
    assert "jane" not in shown
    assert "7946" not in shown


# leaking columns


def test_a_column_that_tells_the_label_is_found(examples, varied):
    labels = [random.Random(i).choice("abc") for i in range(60)]
    frame = examples(
        varied, labels,
        queue=[{"a": "q1", "b": "q2", "c": "q3"}[label] for label in labels],
        copied=labels,
        region=[random.Random(i + 99).choice("NSEW") for i in range(60)],
        number=[str(i) for i in range(60)],
        constant=["x"] * 60,
    )  # fmt: skip
    result = leaking_columns.find(frame, leaking_columns.Options(), "classify")
    assert "'queue' guesses" in result.summary
    assert "'copied' repeats" in result.summary
    assert "2 columns" in result.summary


def test_a_column_that_tells_a_field_is_found(examples, varied):
    cities = [random.Random(i).choice(["Leeds", "Derby", "York"]) for i in range(60)]
    frame = examples(
        varied,
        [json.dumps({"city": city, "n": i}) for i, city in enumerate(cities)],
        branch=[city[0] for city in cities],
    )
    result = leaking_columns.find(frame, leaking_columns.Options(), "extract")
    assert "'branch' guesses" in result.summary
    assert "the field 'city'" in result.summary


def test_columns_with_a_meaning_of_their_own_are_not_called_missing(examples, varied):
    summary = leaking_columns.find(examples(varied), leaking_columns.Options(), "classify").summary
    assert summary == "No other column is left: those declared in surpass.toml are not looked at."
    frame = examples(varied, ["a", "b"] * 30, region=["x", "y", "z"] * 20)
    summary = leaking_columns.find(frame, leaking_columns.Options(), "classify").summary
    assert summary == "1 other column was looked at: nothing gives the answer away."


def test_a_skewed_label_alone_is_no_leak(examples, varied):
    frame = examples(varied, ["a"] * 59 + ["b"], channel=["web", "mail"] * 30)
    assert leaking_columns.find(frame, leaking_columns.Options(), "classify").state == "clear"


def test_few_rows_cannot_be_told(examples, varied):
    frame = examples(varied[:10], ["a", "b"] * 5, queue=["1", "2"] * 5)
    assert leaking_columns.find(frame, leaking_columns.Options(), "classify").state == "cannot tell"


# straddle


def test_rows_that_belong_together_are_counted(examples, varied):
    groups = ["c1"] * 10 + [f"g{i}" for i in range(51)]
    frame = examples([*varied, varied[0] + "!"], groups=groups)
    result = straddle.find(frame, straddle.Options(), "classify")
    assert result.evidence.height == 11
    assert "(10 by group, 2 by nearly the same input)" in result.summary


def test_rows_of_their_own_are_clear(examples, varied):
    assert straddle.find(examples(varied), straddle.Options(), "classify").state == "clear"


# running them


def test_every_check_says_what_it_does_and_answers_on_any_frame(examples, varied):
    for frame in (examples([]), examples(["one"]), examples(varied)):
        for kind in ("classify", "extract", "generate"):
            for name, check in all_checks().items():
                beside = (Beside(),) if check.needs else ()
                result = check.find(frame, check.options(), kind, *beside)
                assert result.check == name
                assert result.examined == frame.height
                assert result.summary.endswith(".")
                assert (result.state == "found") == (not result.evidence.is_empty())


def test_what_costs_most_comes_first(examples, varied):
    results = run_checks(examples([*varied, "", varied[0]]), settings_of())
    assert [result.check for result in results[:2]] == ["structure", "exact_duplicates"]
    assert len(results) == len(all_checks())
    states = [result.state for result in results]
    assert states == sorted(states, key=("found", "cannot tell", "clear").index)


def test_options_come_from_the_settings(examples, varied):
    frame = examples(varied, ["a", "b"] * 30)
    strict = settings_of(
        Classify(name="t", labels=("a",)), checks={"imbalance": {"fewest_rows": 40}}
    )
    found = {result.check for result in run_checks(frame, strict) if result.state == "found"}
    assert found == {"structure", "imbalance"}


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ({"imbalanse": {}}, "names no check"),
        ({"imbalance": {"fewest": 1}}, "Its options are: fewest_rows"),
        ({"imbalance": {"fewest_rows": "many"}}, "[checks.imbalance]"),
    ],
)
def test_unknown_checks_and_options_are_refused(examples, checks, said):
    with pytest.raises(BadInput) as error:
        run_checks(examples(["x"]), settings_of(checks=checks))
    assert said in str(error.value)


PLUGIN = """
from surpass.core.settings import Section
from surpass.data.checks import Check
from surpass.data.checks.result import CheckResult, Evidence, evidence_frame

class Options(Section, frozen=True, kw_only=True):
    word: str = "please"

def find(examples, options, kind):
    asked = examples.filter(examples["input"].str.contains(options.word))
    return CheckResult(
        check="polite", examined=examples.height, state="found", severity="note", summary="Polite.",
        evidence=evidence_frame(Evidence(row, None, "It is polite.") for row in asked["row"]),
    )

polite = Check("polite", Options, find)
wrong = find
"""


def test_an_installed_check_runs_when_it_is_named(examples, tmp_path, monkeypatch):
    (tmp_path / "polite_plugin.py").write_text(PLUGIN, encoding="utf-8")
    metadata = tmp_path / "polite_plugin-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: polite-plugin\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[surpass.checks]\npolite = polite_plugin:polite\nwrong = polite_plugin:wrong\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    frame = examples(["help me", "help me now"])
    assert "polite" not in {result.check for result in run_checks(frame, settings_of())}
    results = run_checks(frame, settings_of(checks={"polite": {"word": "now"}}))
    found = {result.check: result for result in results}["polite"]
    assert found.evidence["row"].to_list() == ["r2"]
    with pytest.raises(BadInput, match="is not a surpass Check"):
        run_checks(frame, settings_of(checks={"wrong": {}}))


def test_row_order_does_not_change_what_is_found(examples, varied):
    frame = examples(
        [*varied, *varied[:5], *[text + " indeed" for text in varied[5:9]]],
        [*["a", "b"] * 30, *"bbabaabbb"],
    )
    task = settings_of()
    before = {r.check: set(r.evidence["row"]) for r in run_checks(frame, task)}
    after = {r.check: set(r.evidence["row"]) for r in run_checks(frame.reverse(), task)}
    assert before == after


def test_extract_fields_come_from_the_task(examples, varied):
    frame = examples(varied, ['{"a":1}'] * 60)
    results = run_checks(frame, settings_of(Extract(name="t", fields=("b",))))
    assert isinstance(results[0].evidence, pl.DataFrame)
    assert results[0].check == "structure"
