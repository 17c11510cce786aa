import math
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.plan.worth import (
    Inputs,
    accepted_cost,
    answer_cost_by_hours,
    answer_cost_by_tokens,
    day_after,
    pays,
    turning_points,
    weigh,
)

money = st.floats(0.001, 1000)
shares = st.floats(0.05, 1)
inputs = st.builds(
    Inputs,
    labelling_hours=money,
    wage=money,
    training_hours=money,
    training_price=money,
    base_cost=money,
    tuned_cost=money,
    base_share=shares,
    tuned_share=shares,
    traffic=st.floats(1, 1e6),
    wrong_cost=money,
)
USUAL = Inputs(
    labelling_hours=40,
    wage=50,
    training_hours=12,
    training_price=2,
    base_cost=0.004,
    tuned_cost=0.001,
    base_share=0.7,
    tuned_share=0.9,
    traffic=20_000,
    wrong_cost=0.5,
)


def test_break_even_is_where_the_saving_has_earned_the_outlay():
    found = weigh(USUAL)
    assert found.outlay == 40 * 50 + 12 * 2
    assert found.base_accepted == pytest.approx((0.004 + 0.3 * 0.5) / 0.7)
    assert found.tuned_accepted == pytest.approx((0.001 + 0.1 * 0.5) / 0.9)
    saved = found.answers * (found.base_accepted - found.tuned_accepted)
    assert saved == pytest.approx(found.outlay)
    assert found.months == pytest.approx(found.answers / 20_000)


@given(money, shares, money)
def test_a_right_answer_costs_no_less_than_any_answer(cost, share, wrong):
    assert accepted_cost(cost, share, wrong) >= cost
    assert accepted_cost(cost, 1.0, wrong) == cost


def test_where_none_is_right_a_right_answer_is_infinitely_dear():
    assert accepted_cost(0.1, 0.0, 1.0) == math.inf


@given(inputs)
def test_a_dearer_or_worse_model_never_pays(one):
    worse = msgspec.structs.replace(
        one, tuned_cost=one.base_cost, tuned_share=one.base_share * 0.999
    )
    assert weigh(worse).answers is None
    assert not pays(worse, months=1e9)


@given(inputs, st.floats(0.1, 1e4))
def test_the_answer_is_one_before_its_turning_point_and_the_other_behind(one, months):
    answer = pays(one, months)
    for name, at in turning_points(one, months).items():
        if at is None:
            continue
        now = getattr(one, name)
        before, behind = now * (at / now) ** 0.99, now * (at / now) ** 1.01
        if (name.endswith("_share") and behind > 1) or abs(at / now - 1) < 1e-9:
            continue  # beyond what a share can be, or nearer than numbers tell apart
        assert pays(msgspec.structs.replace(one, **{name: before}), months) == answer
        if 0.0101 < at / now < 99:
            assert pays(msgspec.structs.replace(one, **{name: behind}), months) != answer


def test_the_nearest_turn_comes_first():
    found = turning_points(USUAL, 12)
    assert next(iter(found)) == "base_share"
    assert found["training_hours"] is None


def test_an_answer_costs_its_tokens_or_its_share_of_an_hour():
    assert answer_cost_by_tokens(800, 5) == pytest.approx(0.004)
    assert answer_cost_by_hours(3, 1000) == pytest.approx(0.003)
    with pytest.raises(BadInput, match="0 answers"):
        answer_cost_by_hours(3, 0)


def test_the_day_is_counted_from_the_start():
    assert day_after(date(2026, 1, 1), 12) == date(2027, 1, 2)
    assert day_after(date(2026, 1, 1), 0) == date(2026, 1, 1)
    assert day_after(date(2026, 1, 1), 1e9) is None
    assert day_after(date(2026, 1, 1), math.inf) is None


def test_on_the_line_itself_it_pays_and_turns_at_once():
    ones = dict.fromkeys(("labelling_hours", "wage", "training_hours", "training_price"), 1.0)
    more = {"base_cost": 3.0, "tuned_cost": 1.0, "base_share": 1.0, "tuned_share": 1.0}
    line = Inputs(**ones, **more, traffic=1.0, wrong_cost=1.0)
    assert pays(line, months=1)
    assert turning_points(line, 1)["base_cost"] == pytest.approx(3)
