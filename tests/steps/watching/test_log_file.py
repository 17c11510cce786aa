"""A log of the user's own, read by whatever names its keys have."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.steps.watching.log_file import read_log


def written(folder, *lines):
    path = folder / "log.jsonl"
    rows = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_keys_are_found_by_any_of_their_names(tmp_path):
    path = written(
        tmp_path,
        {"timestamp": 1767225600, "user_id": 7, "prompt": "Where is it?", "answer": "Lost"},
        {"at": "2026-01-01T01:00:00+01:00", "text": "And now?", "label": "a", "expected": "A "},
        "",
        {"time": 1767225600000, "messages": [{"role": "user", "content": "Hi"}], "correct": False},
    )
    found = read_log(path)
    assert found["at"].to_list() == [datetime(2026, 1, 1, tzinfo=UTC)] * 3
    assert found["input"].to_list() == ["Where is it?", "And now?", "Hi"]
    assert found["unit"].to_list() == ["7", "line 2", "line 3"]
    assert found["right"].to_list() == [None, 1.0, 0.0]


def test_two_lines_of_one_name_stay_two_requests(tmp_path):
    line = {"id": "a", "at": "2026-01-01", "input": "x"}
    assert read_log(written(tmp_path, line, line))["request"].to_list() == ["line 1", "line 2"]


def test_slices_are_kept_and_other_keys_are_not(tmp_path):
    path = written(tmp_path, {"at": "2026-01-01", "input": "x", "region": "eu", "secret": "s"})
    found = read_log(path, ("region", "tier"))
    assert found["@region"].to_list() == ["eu"]
    assert found["@tier"].to_list() == [None]
    assert not [name for name in found.columns if "secret" in name]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", ":2 is not a JSON object"),
        ("[1]", ":2 is not a JSON object"),
        ('{"input": "x"}', ":2 has no time"),
        ('{"at": "yesterday", "input": "x"}', "at is 'yesterday'"),
        ('{"at": "2026-01-01", "confidence": "high"}', "confidence is 'high'"),
        ('{"at": 1e300, "input": "x"}', "at is '1e\\+300'"),
        ('{"at": "2026-01-01", "confidence": "nan"}', "confidence is 'nan'"),
        ('{"at": "\\ud800"}', ":2"),
        ("[" * 5000, ":2 is not a JSON object"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, line, said):
    path = written(tmp_path, {"at": "2026-01-01", "input": "x"}, line)
    with pytest.raises(BadInput, match=said):
        read_log(path)


def test_an_empty_log_and_a_missing_one_are_told_apart(tmp_path):
    with pytest.raises(BadInput, match="holds no requests"):
        read_log(written(tmp_path, ""))
    with pytest.raises(BadInput, match="There is no file"):
        read_log(tmp_path / "none.jsonl")


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(plain, lambda one: st.lists(one, max_size=3), max_leaves=4)


@given(st.dictionaries(st.sampled_from(["at", "input", "label", "right", "user", "cost"]), values))
def test_any_object_is_read_or_refused_in_words(tmp_path_factory, line):
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    problem = ""
    try:
        read = read_log(path).height
    except BadInput as error:
        problem, read = str(error), 0
    assert read == 1 or "log.jsonl:1" in problem
