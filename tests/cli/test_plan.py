"""`surpass plan --gpu` and `surpass worth` at the command line, where there is no project."""

import json

import msgspec
import pytest

from surpass.core.records.results import DATA_OF

PLAN = ("--base", "llama-3-70b", "--gpu", "a100-80gb", "--hours", "12")
WORTH = (
    "--labelling-hours", "40", "--wage", "50", "--training-hours", "6", "--training-price", "2",
    "--traffic", "20000", "--wrong-cost", "0.5", "--base-quality", "0.88",
    "--tuned-quality", "0.91", "--base-cost", "0.0036", "--tuned-cost", "0.0006",
)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "record", "options"), [("plan", "plan --gpu", PLAN), ("worth", "worth", WORTH)]
)
def test_the_data_is_the_record(tmp_path, surpass, command, record, options):
    status, out, _ = surpass(command, tmp_path, *options, "--json")
    data = json.loads(out)["data"]
    assert status == 0
    assert set(data) == set(msgspec.convert(data, DATA_OF[record]).__struct_fields__)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("plan", *PLAN), 0),
        (("plan", "--base", "llama-3-70b", "--gpu", "t4"), 1),
        (("plan", "--base", "llama-3-70b", "--gpu", "abacus"), 3),
        (("plan", "--hours", "12"), 3),
        (("plan",), 3),
        (("worth", *WORTH), 0),
        (("worth", *WORTH, "--months", "0.1"), 1),
        (("worth",), 2),
        (("worth", *WORTH, "--wage", "-1"), 3),
    ],
)
def test_the_exit_status_is_the_answer(tmp_path, surpass, monkeypatch, words, status):
    monkeypatch.chdir(tmp_path)
    found, out, err = surpass(*words)
    assert found == status, out + err
    assert (out if status < 2 else err).strip()


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_plan_is_whole_on_any_terminal(tmp_path, surpass, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = surpass("plan", tmp_path, *PLAN)
    assert "15.6" in out
    assert "qlora" in out
