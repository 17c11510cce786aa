from datetime import date

import msgspec
import pytest

from small_projects import make_project
from surpass.core.account import Standing
from surpass.core.errors import BadInput, CannotTell
from surpass.core.progress import Silent
from surpass.steps.evaluate import evaluate
from surpass.steps.planning.worth import Asked, Known, Serving, weighed, worth_account

TODAY = date(2026, 11, 24)
SAID = Asked(
    labelling_hours=40,
    wage=50,
    training_hours=6,
    training_price=2,
    traffic=20_000,
    wrong_cost=0.5,
    answer_tokens=900,
    base=Serving(quality=0.88, token_price=4),
    tuned=Serving(quality=0.91, hour_price=1.2, answers_per_hour=2000),
)
TEN = (
    "--labelling-hours", "--wage", "--training-hours", "--training-price", "--base-cost",
    "--tuned-cost", "--base-quality", "--tuned-quality", "--traffic", "--wrong-cost",
)  # fmt: skip


def test_what_is_not_known_is_asked_for_by_name(tmp_path):
    with pytest.raises(CannotTell) as told:
        worth_account(tmp_path, Asked(), TODAY)
    assert all(option in str(told.value) for option in TEN)


@pytest.mark.parametrize("field", ["labelling_hours", "training_price", "traffic", "wrong_cost"])
def test_one_gap_is_named_alone(field):
    with pytest.raises(CannotTell) as told:
        weighed(msgspec.structs.replace(SAID, **{field: None}), Known(), TODAY)
    assert str(told.value.args[0]).count("--") == 1


def test_no_labelling_needs_no_wage():
    asked = msgspec.structs.replace(SAID, labelling_hours=0, wage=None)
    assert weighed(asked, Known(), TODAY).worth.outlay == 12


def test_costs_are_made_of_tokens_and_of_hours(tmp_path):
    data = worth_account(tmp_path, SAID, TODAY).data
    assert data.base.answer_cost == pytest.approx(900 * 4 / 1e6)
    assert data.tuned.answer_cost == pytest.approx(1.2 / 2000)


def test_the_answer_says_when_it_has_paid_and_what_turns_it(tmp_path):
    said = worth_account(tmp_path, SAID, TODAY)
    assert said.standing == Standing.HOLDS
    assert said.data.break_even_date in said.headline
    assert said.data.turns[0].input == "--base-quality"
    short = worth_account(tmp_path, msgspec.structs.replace(SAID, months=1), TODAY)
    assert short.standing == Standing.DOES_NOT_HOLD
    assert "within 1 months" in short.headline


def test_a_worse_and_dearer_model_never_pays(tmp_path):
    worse = Serving(quality=0.5, cost=1)
    said = worth_account(tmp_path, msgspec.structs.replace(SAID, tuned=worse), TODAY)
    assert "never pays" in said.headline
    assert said.data.break_even_answers is None
    assert said.data.break_even_date is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"traffic": 0}, "--traffic"),
        ({"traffic": float("nan")}, "--traffic"),
        ({"wage": -1}, "--wage"),
        ({"wrong_cost": float("inf")}, "--wrong-cost"),
        ({"base": Serving(quality=88, cost=1)}, "--base-quality"),
        ({"tuned": Serving(quality=0, cost=1)}, "--tuned-quality"),
        ({"tuned": Serving(quality=0.9, hour_price=1, answers_per_hour=0)}, "0 answers"),
        ({"months": 0}, "--months"),
    ],
)
def test_impossible_numbers_are_refused(more, words):
    with pytest.raises(BadInput, match=words):
        weighed(msgspec.structs.replace(SAID, **more), Known(), TODAY)


def test_a_project_brings_quality_and_cost_of_its_rungs(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, more="\n[budget]\nprice_per_hour = 3.6\n")
    record = evaluate(project, "linear", "valid", Silent()).record
    asked = msgspec.structs.replace(SAID, training_price=None, base=Serving())
    made = worth_account(tmp_path, asked, TODAY)
    assert made.data.base.accepted_share == pytest.approx(record.scores["accuracy"])
    assert made.data.base.answer_cost == pytest.approx(record.seconds / record.rows / 1000)
    assert made.data.outlay == pytest.approx(40 * 50 + 6 * 3.6)
    with pytest.raises(CannotTell, match="--tuned-quality"):
        worth_account(tmp_path, msgspec.structs.replace(asked, tuned=Serving(cost=1)), TODAY)


def test_a_base_that_is_not_here_is_not_fetched(tmp_path):
    make_project(tmp_path, "org/model", more="\n[budget]\nprice_per_hour = 2\n")
    asked = msgspec.structs.replace(SAID, training_price=None)
    assert worth_account(tmp_path, asked, TODAY).data.outlay == 40 * 50 + 6 * 2
    with pytest.raises(CannotTell, match="--base-quality"):
        worth_account(tmp_path, msgspec.structs.replace(asked, base=Serving(cost=1)), TODAY)
