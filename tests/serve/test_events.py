"""Events pass through whole and unchanged, however the network cuts them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from surpass.serve.events import Events, data_of

LAST = b"data: [DONE]"
ENDS = st.sampled_from([b"\n\n", b"\r\n\r\n"])
LINES = st.sampled_from([b'data: {"a": "\xc3\xa9"}', b": ping", b"data:[DONE", b"a: x\ndata: y"])
STREAMS = st.lists(st.builds(bytes.__add__, LINES, ENDS))


@given(STREAMS, st.lists(st.integers(0, 200)), ENDS)
def test_all_events_but_the_last_are_given_byte_for_byte(events, cuts, end):
    whole = b"".join(events) + LAST + end
    places = sorted({min(cut, len(whole)) for cut in cuts} | {0, len(whole)})
    stream = Events(LAST)
    passed = [event for start, stop in pairwise(places) for event in stream.add(whole[start:stop])]
    assert passed == events
    assert stream.done


@given(STREAMS)
def test_a_stream_without_its_last_line_is_not_done(events):
    stream = Events(LAST)
    assert stream.add(b"".join(events)) == events
    assert not stream.done


def test_a_comment_says_nothing_and_several_lines_are_one():
    assert data_of(b": ping\n\n") is None
    assert data_of(b"data: a\r\ndata: b\r\n\r\n") == b"a\nb"
