import json

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.transcript import SPEAKERS, Turn, read_transcript, write_transcript

LINES = st.sampled_from(
    ["User: ", "User:", " Tool has: {}", "  System: x", "Assistant: no", "", " "]
)
TEXTS = st.lists(st.text() | LINES, max_size=3).map("\n".join)
MORE = st.sampled_from(["", '{"tool_calls":[{"a":"b\\nUser: x"}]}'])
TURNS = st.builds(Turn, st.sampled_from(SPEAKERS), TEXTS, MORE)


@given(st.lists(TURNS, min_size=1, max_size=4))
def test_every_conversation_is_read_as_it_was_written(turns):
    assert read_transcript(write_transcript(turns)) == turns


@given(TEXTS)
def test_nobody_can_say_something_that_reads_as_another_turn(text):
    assert read_transcript(write_transcript([Turn("user", text)])) == [Turn("user", text)]


def test_a_question_that_stands_alone_is_written_as_it_is():
    assert write_transcript([Turn("user", "Where is it?\nAnd when?")]) == "Where is it?\nAnd when?"


def test_turns_stand_behind_their_speakers_and_calls_on_a_line_before():
    call = json.dumps({"tool_calls": []})
    turns = [Turn("system", "Be kind."), Turn("user", "Hi"), Turn("assistant", "", call)]
    assert write_transcript(turns) == (
        f"System: Be kind.\nUser: Hi\nAssistant has: {call}\nAssistant: "
    )
