import json

import pytest

from surpass.core.errors import BadInput
from surpass.data.json_rows import parse_jsonl
from surpass.data.layouts import arranged, layout_of


def rows(*records):
    return parse_jsonl("\n".join(json.dumps(record) for record in records), "r.jsonl")


def chat(*said, system=None, **more):
    """Messages of the user and the assistant in turn."""
    speakers = ("user", "assistant") * len(said)
    messages = [{"role": who, "content": text} for who, text in zip(speakers, said, strict=False)]
    first = [{"role": "system", "content": system}] if system else []
    return {"messages": first + messages, **more}


CALL = {
    "id": "c1", "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Leeds", "days": 2}'},
}  # fmt: skip


def test_each_answer_of_a_conversation_is_a_row_after_what_was_said_before():
    found = layout_of(rows(chat("a?", "b", "c?", "d", topic="x"), chat("e?", "f", topic="y")))
    assert (found.input, found.output, found.group) == ("turns", "reply", "conversation")
    frame = found.rows.frame
    assert frame.select("turns", "reply", "turn", "topic").rows() == [
        ("a?", "b", "1", "x"),
        ("User: a?\nAssistant: b\nUser: c?", "d", "2", "x"),
        ("e?", "f", "1", "y"),
    ]
    assert frame["conversation"].to_list() == ["r.jsonl:1", "r.jsonl:1", "r.jsonl:2"]
    assert found.rows.lines.to_list() == ["1.1", "1.2", "2"]


def test_a_system_message_of_all_rows_is_the_instruction():
    found = layout_of(rows(chat("a", "b", system="Be kind."), chat("c", "d", system="Be kind.")))
    assert (found.instruction, found.input) == ("Be kind.", "turns")
    assert found.rows.frame["turns"].to_list() == ["a", "c"]


def test_system_messages_that_differ_stay_in_the_input():
    given = rows(chat("a", "b", system="Be kind."), chat("c", "d", system="Be brief."))
    found = layout_of(given)
    assert (found.instruction, found.input) == ("", "messages")
    assert found.rows.frame["messages"][0] == "System: Be kind.\nUser: a"
    assert "`turns` leaves them out" in arranged(given, "turns", "reply").warnings[0]


def test_calls_of_tools_are_answers_and_their_results_are_context():
    messages = [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "yes"},
        {"role": "assistant", "content": "Take a coat."},
    ]
    tools = [{"type": "function", "function": {"name": "weather"}}]
    frame = arranged(rows({"messages": messages, "tools": tools}), "messages", "reply").frame
    assert json.loads(frame["reply"][0]) == [
        {"name": "weather", "arguments": {"city": "Leeds", "days": 2}}
    ]
    assert frame["messages"][0].startswith("Tools: [{")
    assert frame["messages"][1].endswith('Tool has: {"tool_call_id":"c1"}\nTool: yes')
    assert "tools" not in frame.columns


def test_answers_of_weight_0_and_greetings_are_context():
    record = chat("a?", "b", "c?", "d")
    record["messages"][1]["weight"] = 0
    record["messages"].insert(0, {"role": "assistant", "content": "Hello!"})
    assert arranged(rows(record), "turns", "reply").frame["reply"].to_list() == ["d"]


def test_a_conversation_can_be_labelled_as_a_whole():
    frame = arranged(rows(chat("a?", "b", label="good")), "messages", "label").frame
    assert frame.row(0, named=True) == {"label": "good", "messages": "User: a?\nAssistant: b"}


def test_traffic_is_what_was_asked_without_the_last_answer():
    assert arranged(rows(chat("a?", "b")), "turns", None).frame["turns"].to_list() == ["a?"]


def test_sharegpt_is_a_chat_under_other_names():
    said = [{"from": "human", "value": "a?"}, {"from": "gpt", "value": "b"}]
    found = layout_of(rows({"conversations": said, "system": "s"}, {"conversations": said}))
    assert "ShareGPT" in found.said
    assert found.rows.frame["messages"].to_list() == ["System: s\nUser: a?", "a?"]


def test_alpaca_has_one_instruction_or_a_prompt_for_each_row():
    same = [{"instruction": "Translate", "input": word, "output": word * 2} for word in "abc"]
    found = layout_of(rows(*same))
    assert (found.input, found.output, found.instruction) == ("input", "output", "Translate")
    other = [*same, {"instruction": "Sum", "input": "", "output": "3", "history": [["q", "a"]]}]
    found = layout_of(rows(*other))
    assert (found.input, found.instruction) == ("prompt", "")
    assert found.rows.frame["prompt"][0] == "Translate\n\na"
    assert found.rows.frame["prompt"][3] == "User: q\nAssistant: a\nUser: Sum"
    assert arranged(rows(*other), "prompt", "output").frame.equals(found.rows.frame)


def test_pairs_are_texts_or_messages_and_what_was_rejected_is_kept():
    texts = {"prompt": "q", "chosen": "good", "rejected": "bad", "margin": 2}
    messages = {
        "prompt": [{"role": "user", "content": "q"}],
        "chosen": [{"role": "assistant", "content": "good"}],
        "rejected": [{"role": "assistant", "content": "bad"}],
        "margin": 2,
    }
    whole = {name: messages["prompt"] + messages[name] for name in ("chosen", "rejected")}
    columns = ("prompt", "chosen", "rejected")
    for record in (texts, messages, whole):
        found = layout_of(rows(record, record))
        assert (found.input, found.output) == ("prompt", "chosen")
        assert found.rows.frame.select(columns).row(0) == ("q", "good", "bad")


def test_prompts_and_completions_are_input_and_output():
    found = layout_of(rows({"prompt": "a", "completion": "b", "user": "x"}))
    assert (found.input, found.output) == ("prompt", "completion")
    assert found.rows.frame.row(0) == ("a", "b", "x")


def test_other_columns_are_no_format():
    given = rows({"text": "a", "label": "b"})
    assert layout_of(given) is None
    assert arranged(given, "text", "label") is given


USER = {"role": "user", "content": "x"}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"messages": [{"content": "x"}]}, "r.jsonl:2, messages[1] has no role"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "has the role 'wizard'"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[1].content is int, not text"),
        ({"messages": [USER, {"role": "user", "content": [{"type": "image_url"}]}]},
         "messages[2].content has a part of type 'image_url'"),
        ({"messages": [USER, {"role": "assistant", "tool_calls": [
            {"function": {"name": "f", "arguments": "{no"}}]}]},
         "messages[2].tool_calls[1] (f) arguments: '{no' is not JSON"),
        ({"messages": [USER, {"role": "assistant", "tool_calls": [{}]}]}, "names no function"),
        ({"messages": "hello"}, "r.jsonl:2, messages is not a list of messages"),
        ({"messages": None, "text": "a"}, "r.jsonl:2 has no 'messages', which 1 row has"),
        ({"instruction": "a", "output": "b"},
         "1 row has messages, 1 has instruction and output (first: r.jsonl:2)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_conversation_is_named_with_its_place(record, said):
    with pytest.raises(BadInput) as error:
        layout_of(rows(chat("a", "b"), record))
    assert said in str(error.value)
    assert error.value.fix


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"chosen": "a", "rejected": "b"}, "r.jsonl:1 has no prompt"),
        ({"chosen": [USER, USER], "rejected": [{"role": "user", "content": "z"}, USER]},
         "answer different questions"),
        ({"instruction": "a", "output": "b", "history": [["q"]]}, "history is not a list of pairs"),
        ({"messages": [USER]}, "holds an answer to learn"),
    ],
)  # fmt: skip
def test_what_no_row_can_be_made_of_is_named(record, said):
    with pytest.raises(BadInput) as error:
        layout_of(rows(record))
    assert said in str(error.value)


def test_odd_conversations_are_read_with_a_warning():
    laid = arranged(rows(chat("", "b"), chat("c"), chat("d", "e")), "turns", "reply")
    assert laid.frame["reply"].to_list() == ["b", "e"]
    assert laid.warnings == (
        "r.jsonl: 1 conversation has no answer to learn (first: line 2).",
        "r.jsonl: 1 conversation has an empty turn (first: line 1).",
    )
