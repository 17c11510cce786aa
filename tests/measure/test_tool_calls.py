"""Calls of tools."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.measure.tool_calls import facts_of, names_of, read_calls, same_calls

calls = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["search", "send"]),
            "arguments": st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=2),
        }
    ),
    max_size=4,
)


def openai(call):
    function = {"name": call["name"], "arguments": json.dumps(call["arguments"])}
    return {"id": "call_1", "type": "function", "function": function}


@given(calls)
def test_the_short_shape_and_openais_are_the_same_calls(made):
    short = read_calls(json.dumps(made))
    assert short == read_calls(json.dumps([openai(call) for call in made]))
    assert short == read_calls(json.dumps({"tool_calls": [openai(call) for call in made]}))
    assert names_of(short) == [call["name"] for call in made]


@given(calls, st.randoms())
def test_order_matters_only_where_it_is_said_to(made, random):
    read = read_calls(json.dumps(made))
    shuffled = list(read)
    random.shuffle(shuffled)
    assert same_calls(read, shuffled, ordered=False)
    assert same_calls(read, shuffled, ordered=True) == (read == shuffled)
    assert facts_of(read) == facts_of(shuffled)


@given(calls, calls)
def test_calls_are_the_same_from_either_side(one, other):
    one, other = read_calls(json.dumps(one)), read_calls(json.dumps(other))
    assert same_calls(one, other, ordered=False) == same_calls(other, one, ordered=False)


def test_one_call_may_stand_alone():
    assert len(read_calls('{"name": "search", "arguments": {"q": "x"}}')) == 1


def test_values_are_compared_as_in_records():
    one = read_calls('[{"name": "pay", "arguments": {"sum": "34.50", "to": " ADA "}}]')
    other = read_calls('[{"name": "pay", "arguments": {"sum": 34.5, "to": "ada", "note": null}}]')
    assert same_calls(one, other, ordered=True)


@pytest.mark.parametrize("text", ["", "Which city do you mean?", "[]", '{"tool_calls": null}'])
def test_prose_and_empty_lists_ask_for_no_call(text):
    assert read_calls(text) == []


@pytest.mark.parametrize("arguments", ['""', "null", "{}", '"{}"'])
def test_a_call_may_have_no_arguments(arguments):
    (call,) = read_calls(f'[{{"name": "now", "arguments": {arguments}}}]')
    assert (call.name, call.arguments) == ("now", {})


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x"',
        "[1]",
        '{"arguments": {}}',
        '{"name": 5, "arguments": {}}',
        '{"name": "x", "arguments": "not json"}',
        '{"name": "x", "arguments": [1]}',
        '{"function": {"name": null}}',
        "[" * 100_000,
    ],
)
def test_broken_calls_cannot_be_read(text):
    assert read_calls(text) is None
