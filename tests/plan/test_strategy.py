import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.plan.methods import NAMES
from surpass.plan.strategy import Facts, advise

facts = st.builds(
    Facts,
    fits=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
    base_parameters=st.integers(10**8, 10**11),
    adapter_parameters=st.integers(10**5, 10**9),
    rows=st.none() | st.integers(1, 10**7),
    tokens=st.none() | st.floats(1, 1e10),
    shift=st.sampled_from([None, "small", "profound"]),
    last_point=st.booleans(),
    tasks=st.integers(1, 100),
    fast_answers=st.booleans(),
    prompt_that_meets=st.sampled_from([None, "few-shot"]),
    no_room=st.sampled_from([None, "linear"]),
)


def known(**more):
    usual = {"fits": NAMES, "base_parameters": 8 * 10**9, "adapter_parameters": 4 * 10**7}
    return Facts(**usual | {"rows": 5000, "tokens": 1e6} | more)


def first(**more):
    return advise(known(**more))[0].choice


@given(facts)
def test_only_what_fits_is_advised_each_once_with_a_reason(given_facts):
    found = advise(given_facts)
    choices = [one.choice for one in found]
    assert len(set(choices)) == len(choices)
    assert set(choices) <= {*given_facts.fits, "do not tune"}
    assert all(one.reason.endswith(".") for one in found)


@given(facts)
def test_a_prompt_that_meets_the_criteria_comes_before_any_tuning(given_facts):
    if given_facts.prompt_that_meets or given_facts.no_room:
        assert advise(given_facts)[0].choice == "do not tune"


@pytest.mark.parametrize(
    ("more", "choice"),
    [
        ({}, "lora"),
        ({"rows": 40}, "do not tune"),
        ({"shift": "profound"}, "lora"),
        ({"shift": "profound", "last_point": True}, "full"),
        ({"shift": "profound", "last_point": True, "tasks": 5}, "lora"),
        ({"shift": "profound", "last_point": True, "fits": ("lora", "qlora")}, "lora"),
        ({"tokens": 2e8}, "full"),
        ({"fits": ("qlora",)}, "qlora"),
        ({"prompt_that_meets": "few-shot"}, "do not tune"),
        ({"no_room": "linear"}, "do not tune"),
    ],
)
def test_what_comes_first(more, choice):
    assert first(**more) == choice


def test_nothing_fits_and_nothing_is_advised():
    assert advise(known(fits=())) == ()


def test_many_tasks_share_one_base():
    assert "30 tasks share one base" in advise(known(tasks=30))[0].reason


def test_prompts_are_not_advised_where_the_first_word_matters():
    assert "prompt" in {one.choice for one in advise(known())}
    assert "prompt" not in {one.choice for one in advise(known(fast_answers=True))}


def test_the_last_point_brings_dora_into_play():
    assert [one.choice for one in advise(known(last_point=True))][:2] == ["lora", "dora"]
