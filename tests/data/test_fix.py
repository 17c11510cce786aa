import pytest

from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.core.settings import Data, Generate, Settings
from surpass.data.checks import run_checks
from surpass.data.fix import apply, lossless_decisions

AT = "2026-01-01T00:00:00+00:00"


def decision(row, action, column=None, value=None):
    return Decision(
        row=row, action=action, reason="because", by="me", at=AT, column=column, value=value
    )


def test_what_loses_nothing_is_decided_with_a_reason(examples):
    frame = examples(
        ["a question", "", "A  question", "nul\0 here", "last"], ["x", "x", "x", "y", " "]
    )
    settings = Settings(task=Generate(name="t"), data=Data(train=("x",)))
    made = lossless_decisions(run_checks(frame, settings), at=AT)
    assert {(d.row, d.action) for d in made} == {
        ("r2", "drop"),
        ("r3", "drop"),
        ("r4", "fix"),
        ("r5", "drop"),
    }
    assert all(d.reason and d.by == "surpass" and d.at == AT for d in made)
    after = apply(frame, made)
    assert after["row"].to_list() == ["r1", "r4"]
    assert after["input"].to_list() == ["a question", "nul here"]


def test_later_decisions_on_a_row_win(examples):
    frame = examples(["one", "two"])
    assert apply(frame, [decision("r1", "drop"), decision("r1", "keep")]).height == 2
    assert apply(frame, [decision("r1", "keep"), decision("r1", "drop")]).height == 1
    fixes = [
        decision("r1", "fix", "input", "1"),
        decision("r1", "fix", "input", "uno"),
        decision("r1", "fix", "target", "b"),
    ]
    assert apply(frame, fixes).select("input", "target").row(0) == ("uno", "b")


def test_no_decisions_change_nothing(examples):
    frame = examples(["one", "two"])
    assert apply(frame, []).equals(frame)


@pytest.mark.parametrize(
    "wrong",
    [
        decision("r9", "drop"),
        decision("r1", "burn"),
        decision("r1", "fix"),
        decision("r1", "fix", "nothing", "x"),
    ],
)
def test_a_decision_that_means_nothing_is_refused(examples, wrong):
    with pytest.raises(BadInput):
        apply(examples(["one"]), [wrong])
