import random

import polars as pl
import pytest

from surpass.data.checks import leakage
from surpass.data.checks.beside import Beside, LaterSide
from surpass.data.leaks import fingerprints

WORDS = [f"word{n}" for n in range(40)]


def texts(count, fresh=0, seed=0):
    """Texts of twelve words; the last `fresh` of them have words that the others lack."""
    draw = random.Random(seed)
    made = []
    for place in range(count):
        new = place >= count - fresh
        made.append(" ".join(draw.choices(WORDS if not new else [*WORDS, *["novel"] * 20], k=12)))
    return made


def timed(frame):
    days = [f"2024-{1 + n // 100:02d}-{1 + n % 100 // 5:02d}" for n in range(frame.height)]
    return frame.with_columns(pl.Series("time", days))


def find(frame, kind="classify", **beside):
    return leakage.find(frame, leakage.Options(), kind, Beside(**beside))


def later(name, frame, *, sealed=False):
    times = () if sealed else tuple(frame["time"])
    return LaterSide(name, fingerprints(frame), times, sealed)


# the instruction


def test_a_quoted_row_is_found_before_it_is_dealt_to_a_side(examples, varied):
    result = find(examples(varied), prompt=f"Answer.\nExample: {varied[3]}")
    assert (result.state, result.severity) == ("found", "review")
    assert result.evidence["row"].to_list() == ["r4"]
    assert "may become a row of the test" in result.evidence["reason"][0]


@pytest.mark.parametrize(
    ("side", "state", "severity"),
    [("train", "clear", "note"), ("valid", "found", "review"), ("test", "found", "error")],
)
def test_a_quoted_test_row_is_an_error_and_a_training_row_is_fine(
    examples, varied, side, state, severity
):
    sides = {f"r{n}": side for n in range(1, 61)}
    result = find(examples(varied), prompt=f"Like this: {varied[3]}", side_of=sides)
    assert (result.state, result.severity) == (state, severity)


def test_a_sealed_row_is_found_by_its_hashes(examples, varied):
    test = examples(varied[40:], rows=[f"t{n}" for n in range(20)])
    sealed = later("test", test, sealed=True)
    result = find(examples(varied[:40]), prompt=f"Text: {varied[45]}", later=(sealed,))
    assert result.severity == "error"
    assert result.evidence["row"].to_list() == ["t5"]
    assert varied[45] not in str(result.evidence.to_dicts())


def test_without_an_instruction_nothing_is_quoted(examples, varied):
    assert find(examples(varied)).state == "cannot tell"
    assert find(examples(varied), prompt="Say what the customer wants.").state == "clear"


# the sides


def test_rows_that_show_the_users_own_test_are_named_with_what_they_show(examples, varied):
    groups = [f"g{n}" for n in range(40)]
    test = examples([varied[0], varied[50]], rows=["t0", "t1"], groups=["x", "g7"])
    result = find(examples(varied[:40], groups=groups), later=(later("test", test),))
    assert set(result.evidence["row"]) == {"r1", "r8"}
    assert set(result.evidence["partner"]) == {"t0", "t1"}
    assert "`surpass split` removes them" in result.advice
    alone = examples(varied[50:], rows=[f"t{n}" for n in range(10)])
    assert find(examples(varied[:40]), later=(later("test", alone),)).state == "clear"


# time


def test_rows_that_change_with_time_ask_for_a_test_of_the_newest(examples):
    result = find(timed(examples(texts(400, fresh=100))))
    assert result.state == "found"
    assert "nearly all of them older" in result.summary
    assert "since 2024-04-01 into a file" in result.advice
    assert set(result.evidence["row"]) <= {f"r{n}" for n in range(301, 401)}


def test_rows_that_do_not_change_are_fine(examples):
    result = find(timed(examples(texts(400))))
    assert result.state == "clear"
    assert "they do not seem to change" in result.summary


def test_test_rows_before_the_newest_training_row_are_counted(examples):
    frame = timed(examples(texts(300, fresh=75)))
    sides = {row: ("train", "train", "test")[n % 3] for n, row in enumerate(frame["row"])}
    result = find(frame, side_of=sides)
    assert "98 of 100 test rows came about before the newest training row" in result.summary
    own = find(frame.head(225), later=(later("test", frame.tail(75)),))
    assert "No test row is older than the newest training row." in own.summary
    assert own.state == "clear"
    mixed = find(frame.tail(225), later=(later("test", frame.head(75)),))
    assert "75 of 75 test rows came about before" in mixed.summary


def test_the_times_of_a_sealed_test_stay_closed(examples):
    frame = timed(examples(texts(300, fresh=75)))
    sides = dict.fromkeys(frame["row"], "train")
    result = find(frame, side_of=sides, later=(later("test", frame.head(3), sealed=True),))
    assert "The times of the sealed test stay closed." in result.summary


@pytest.mark.parametrize("time", [None, "03/04/2024", "Tuesday", "2024-05-01"])
def test_times_that_tell_no_order_are_said_to_tell_nothing(examples, time):
    frame = examples(texts(210)).with_columns(pl.lit(time, dtype=pl.String).alias("time"))
    result = find(frame)
    assert "cannot be told without times" in result.summary
    assert result.state == "cannot tell"


def test_no_rows_and_few_rows_cannot_be_told(examples):
    assert find(examples([])).state == "cannot tell"
    assert "it cannot be told if it matters" in find(timed(examples(texts(50)))).summary
