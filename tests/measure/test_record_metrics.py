"""Metrics of structured answers: entities, fields, schemas, calls of tools, numbers."""

import gzip
import json

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from surpass.core.errors import BadInput
from surpass.measure.intervals import score_interval
from surpass.measure.metrics.records.field_accuracy import FieldAccuracy
from surpass.measure.metrics.records.field_f1 import FieldF1
from surpass.measure.metrics.records.number_match import NumberMatch
from surpass.measure.metrics.records.schema_valid import SchemaValid
from surpass.measure.metrics.records.span_f1 import SpanF1
from surpass.measure.metrics.records.tools import ToolArguments, ToolCall, ToolName
from surpass.measure.scores import score, sure_score

HOSTILE = [
    "",
    " ",
    "null",
    "[]",
    "{}",
    "[1, 2]",
    "NaN",
    "1e999999999",
    "{" * 5_000,
    "[" * 100_000,
    '{"name": {"name": []}}',
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "\u202e\u0000",
    '{"\\ud83d": "\\ude00"}',
]


def spans(*found):
    return json.dumps([{"type": kind, "start": start, "end": end} for kind, start, end in found])


def calls(*made):
    return json.dumps([{"name": name, "arguments": arguments} for name, arguments in made])


EXAMPLES = [
    (SpanF1(), spans(("PER", 0, 3))),
    (SpanF1(overlaps=True), spans(("PER", 0, 3))),
    (FieldAccuracy(), '{"name": "Ada"}'),
    (SchemaValid(), '{"name": "Ada"}'),
    (ToolName(), calls(("search", {"q": "x"}))),
    (ToolArguments(), calls(("search", {"q": "x"}))),
    (ToolCall(), calls(("search", {"q": "x"}))),
    (NumberMatch(), "It is 42."),
]
each = pytest.mark.parametrize(("metric", "right"), EXAMPLES, ids=lambda one: type(one).__name__)


@each
def test_the_expected_answer_is_right_and_an_unread_one_is_wrong(metric, right):
    assert sure_score(metric, answers([right], [right]), ()) == 1
    for status in ("unreadable", "truncated"):
        frame = answers([right, right], [right, right], status=["ok", status])
        assert sure_score(metric, frame, ()) < 1


@each
@pytest.mark.parametrize("right_rows", [0, 15, 30])
def test_bounds_hold_the_score_and_are_never_sure_of_it(metric, right, right_rows):
    answered = [right] * right_rows + ["[}"] * (30 - right_rows)
    interval = score_interval(metric, answers([right] * 30, answered), ())
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert interval.low < interval.high


@each
def test_no_rows_are_no_score(metric, right):
    assert score(metric, answers([], []), ()) is None


@each
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_written_breaks_a_metric_or_is_right(metric, right, text):
    found = sure_score(metric, answers([right, right], [right, text]), ())
    assert 0 < found <= 1
    assert found < 1 or isinstance(metric, SchemaValid)  # any object keeps to the default schema


@each
def test_options_are_closed(metric, right):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"no_such_option": 1}, type(metric))


@pytest.mark.parametrize(
    ("metric", "target"),
    [
        (SpanF1(), "nothing"),
        (SpanF1(field="found"), '{"other": []}'),
        (ToolCall(), '{"name": '),
        (NumberMatch(), "none"),
        (FieldAccuracy(), "[]"),
    ],
    ids=str,
)
def test_an_expected_answer_that_cannot_be_read_is_refused_by_its_row(metric, target):
    with pytest.raises(BadInput, match="'r00000'"):
        metric.statistics(answers([target], ["x"]), ())


def test_span_f1_counts_over_all_rows():
    expected = [spans(("PER", 0, 3), ("CITY", 8, 12)), spans(("PER", 0, 4)), "[]"]
    answered = [spans(("PER", 0, 3), ("PER", 8, 12)), spans(("PER", 0, 3)), spans(("PER", 0, 1))]
    frame = answers(expected, answered)
    assert sure_score(SpanF1(), frame, ()) == pytest.approx(2 * 1 / 7, abs=1e-9)
    assert sure_score(SpanF1(overlaps=True), frame, ()) == pytest.approx(2 * 1.5 / 7, abs=1e-9)


def test_entities_may_stand_in_a_record():
    one = json.dumps({"id": 7, "found": [{"text": "Ada", "type": "PER"}]})
    other = json.dumps({"found": [{"text": " ADA ", "type": "PER"}]})
    assert sure_score(SpanF1(field="found"), answers([one], [other]), ()) == 1


def test_texts_without_entities_cannot_be_scored():
    assert score(SpanF1(), answers(["[]"], ["[]"]), ()) is None


def test_a_field_counts_where_it_is_expected_or_answered():
    expected = ['{"sum": 10, "city": "Bern"}', '{"sum": 20}', '{"city": "Rome"}', "{}"]
    answered = ['{"sum": 10.4, "city": "Bern"}', "{}", '{"city": "Rome"}', '{"sum": 1}']
    frame = answers(expected, answered)
    assert sure_score(FieldAccuracy(field="city"), frame, ()) == 1
    assert sure_score(FieldAccuracy(field="sum"), frame, ()) == 0
    near = FieldAccuracy(field="sum", absolute=0.5)
    assert sure_score(near, frame, ()) == pytest.approx(1 / 3, abs=1e-9)
    assert sure_score(FieldAccuracy(relative=0.05), frame, ()) == pytest.approx(3 / 5, abs=1e-9)
    assert score(FieldAccuracy(field="no such field"), frame, ()) is None


def test_field_f1_may_leave_room_for_numbers():
    frame = answers(['{"sum": 100, "who": "Ada"}'], ['{"sum": 101, "who": "Bob", "more": 1}'])
    assert sure_score(FieldF1(), frame, ()) == 0
    assert sure_score(FieldF1(absolute=1), frame, ()) == pytest.approx(2 / 5, abs=1e-9)
    assert sure_score(FieldF1(relative=0.01), frame, ()) == pytest.approx(2 / 5, abs=1e-9)


SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["name", "age"],
        "additionalProperties": False,
        "properties": {"name": {"$ref": "#/$defs/name"}, "age": {"type": "integer", "minimum": 0}},
        "$defs": {"name": {"type": "string", "minLength": 1}},
    }
)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ('{"name": "Ada", "age": 36}', 1),
        ('{"name": "Ada", "age": 36.0}', 1),  # the standard: a whole number whatever its spelling
        ('{"name": "Ada"}', 0),
        ('{"name": "", "age": 1}', 0),
        ('{"name": "Ada", "age": -1}', 0),
        ('{"name": "Ada", "age": "36"}', 0),
        ('{"name": "Ada", "age": 36, "more": 1}', 0),
        ('{"name": "Ada", "age": NaN}', 0),
        ("Ada, 36", 0),
    ],
)
def test_an_answer_keeps_to_its_schema_or_not(answer, kept):
    assert sure_score(SchemaValid(schema=SCHEMA), answers(["{}"], [answer]), ()) == kept


@pytest.mark.parametrize(
    "schema",
    [
        "schema.json",
        "[]",
        '{"type": "no such type"}',
        '{"$ref": "https://example.com/schema.json"}',
        '{"$ref": "file:///etc/passwd"}',
        '{"$ref": "#/$defs/missing"}',
        '{"$ref": "#"}',
    ],
)
def test_a_schema_that_is_none_or_reaches_elsewhere_is_refused(schema):
    with pytest.raises(BadInput, match="schema of schema_valid"):
        SchemaValid(schema=schema).statistics(answers(["{}"], ["{}"]), ())


TOOL_ROWS = [
    # expected, answered, name, call
    (calls(("a", {"x": 1})), calls(("a", {"x": 1})), 1, 1),
    (calls(("a", {"x": 1})), calls(("a", {"x": 2})), 1, 0),
    (calls(("a", {"x": 1})), calls(("b", {"x": 1})), 0, 0),
    (calls(("a", {}), ("b", {})), calls(("b", {}), ("a", {})), 1, 1),
    (calls(("a", {})), calls(("a", {}), ("a", {})), 0, 0),
    ("[]", "Which city?", 1, 1),
    ("[]", calls(("a", {})), 0, 0),
    (calls(("a", {})), "I would call a.", 0, 0),
    ("[]", '[{"name": ', 0, 0),
]


@pytest.mark.parametrize(("expected", "answered", "name", "call"), TOOL_ROWS)
def test_calls_of_tools(expected, answered, name, call):
    frame = answers([expected], [answered])
    assert sure_score(ToolName(), frame, ()) == name
    assert sure_score(ToolCall(), frame, ()) == call


def test_the_order_of_calls_counts_where_it_is_said_to():
    frame = answers([calls(("a", {}), ("b", {}))], [calls(("b", {}), ("a", {}))])
    assert sure_score(ToolName(ordered=True), frame, ()) == 0
    assert sure_score(ToolCall(ordered=True), frame, ()) == 0


def test_tool_arguments_are_counted_over_all_rows():
    expected = [calls(("a", {"x": 1, "y": "Bern"})), calls(("b", {"z": True}))]
    answered = [calls(("a", {"x": "1.0", "y": "Rome"})), calls(("c", {"z": True}))]
    found = sure_score(ToolArguments(), answers(expected, answered), ())
    assert found == pytest.approx(2 * 1 / 6, abs=1e-9)


@given(st.permutations(range(len(TOOL_ROWS))))
def test_the_order_of_rows_does_not_matter(order):
    frame = answers(*map(list, zip(*[TOOL_ROWS[at][:2] for at in order], strict=True)))
    assert sure_score(ToolName(), frame, ()) == pytest.approx(4 / 9, abs=1e-9)
    assert sure_score(ToolCall(), frame, ()) == pytest.approx(3 / 9, abs=1e-9)


@pytest.mark.parametrize(
    ("answer", "metric", "right"),
    [
        ("So it is 1,000.", NumberMatch(), 1),
        ("So it is 1000.00", NumberMatch(), 1),
        ("1000 apples, not 999", NumberMatch(), 0),
        ("999", NumberMatch(absolute=1), 1),
        ("989", NumberMatch(relative=0.01), 0),
        ("990", NumberMatch(relative=0.01), 1),
        ("many", NumberMatch(), 0),
    ],
)
def test_the_last_number_is_compared(answer, metric, right):
    assert sure_score(metric, answers(["#### 1000"], [answer]), ()) == right


@given(st.integers(-999, 999), st.integers(-999, 999), st.floats(0, 5))
def test_more_room_never_lowers_a_score(expected, answered, room):
    frame = answers([str(expected)], [str(answered)])
    assert sure_score(NumberMatch(), frame, ()) <= sure_score(NumberMatch(absolute=room), frame, ())


def test_a_frame_of_other_columns_too_is_fine():
    frame = answers(["1"], ["1"]).with_columns(pl.lit("=cmd()").alias("@note"))
    assert sure_score(NumberMatch(), frame, ()) == 1


@pytest.mark.shared
@pytest.mark.parametrize(
    "model", ["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"]
)
def test_right_numbers_are_those_that_gsm8k_published(shared_data, model):
    path = shared_data / "gsm8k" / "example_model_solutions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    frame = answers([row["ground_truth"] for row in rows], [row[model]["solution"] for row in rows])
    ours = NumberMatch().statistics(frame, ()).items[:, 0]
    assert ours.tolist() == [float(row[model]["is_correct"]) for row in rows]
