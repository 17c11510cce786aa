"""The ladder's tables: readable in every terminal, and what a right answer costs."""

import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from answers import answers
from surpass.core import columns
from surpass.core.account import Account
from surpass.core.records.run import Evaluation
from surpass.measure.metrics import metric
from surpass.show.terminal import print_account
from surpass.steps.evaluate import Evaluated
from surpass.steps.tell.ladder import cost_of_right, ladder_chapter
from surpass.steps.tell.numbers import UNKNOWN

NAMES = ("zero-shot", "few-shot", "retrieved", "linear", "tuned")


def evaluated(model="tuned", *, right=20, wrong=20, seconds=10.0, cost=None):
    """A model that took so long for 40 answers; `cost` is the price of each."""
    frame = answers(["a"] * (right + wrong), ["a"] * right + ["b"] * wrong)
    if cost is not None:
        frame = frame.with_columns(pl.Series(columns.COST, cost, dtype=pl.Float64))
    record = Evaluation(
        model=model,
        side="valid",
        rows=right + wrong,
        scores={"macro_f1": 0.5, "accuracy": 0.5, "auc": 0.5},
        unreadable=0,
        truncated=0,
        scoring="calibrated mean per token",
        seconds=seconds,
        prompt_tokens=0,
        environment=None,
    )
    return Evaluated("0" * 64, record, frame, Path(), ("a", "b"), model)


def test_a_right_answer_costs_the_seconds_of_all_answers_or_their_money():
    assert cost_of_right("classify", evaluated(), None) == "0.5 s"
    assert cost_of_right("classify", evaluated(), 3.6) == "0.0005"
    assert cost_of_right("classify", evaluated(seconds=36_000), 3.6) == "1.80"
    assert cost_of_right("classify", evaluated(seconds=4_000), None) == "200 s"


def test_an_endpoint_costs_what_its_tokens_cost_and_not_what_our_machine_does():
    paid = evaluated("endpoint:x", cost=[0.02] * 40)
    assert cost_of_right("classify", paid, 3.6) == "0.04"
    assert cost_of_right("classify", evaluated("endpoint:x"), 3.6) == "0.5 s"
    unknown = evaluated("endpoint:x", cost=[0.02] * 39 + [None])
    assert cost_of_right("classify", unknown, 3.6) == "0.5 s"


def test_what_is_not_known_has_no_cost():
    assert cost_of_right("classify", evaluated(right=0, wrong=40), 1.0) == UNKNOWN
    assert cost_of_right("classify", evaluated("file:x", seconds=0.0), 1.0) == UNKNOWN
    assert cost_of_right("classify", evaluated("file:x", cost=[0.01] * 40), None) == "0.02"


@given(st.integers(1, 39), st.floats(0.1, 1e5))
def test_more_right_answers_in_the_same_time_never_cost_more(right, seconds):
    few, many = (evaluated(right=n, wrong=40 - n, seconds=seconds) for n in (right, right + 1))
    costs = [float(cost_of_right("classify", one, 1.0)) for one in (few, many)]
    assert costs[1] <= costs[0]


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_tables_keep_their_rows_on_one_line(width):
    models = {name: evaluated(name) for name in NAMES}
    chapter = ladder_chapter("Models", "classify", metric("accuracy"), models, "few-shot")
    shown = io.StringIO()
    account = Account(title="Evaluate", headline="So it is.", chapters=(chapter,))
    print_account(account, Console(file=shown, width=width, highlight=False))
    lines = shown.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    for name in NAMES:
        (answered,) = (line for line in lines if line.split()[:2] == [name, "calibrated"])
        assert answered.split()[-2:] == ["0.5", "s"]
        assert any(line.split() == [name, *["50.0", "%"] * 3] for line in lines)
