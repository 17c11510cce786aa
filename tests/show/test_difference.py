from hypothesis import given
from hypothesis import strategies as st

from surpass.show.difference import pieces

answers = st.text(st.sampled_from("ab ,.\n"), max_size=40)


@given(answers, answers)
def test_joined_pieces_are_the_answer(answer, expected):
    assert "".join(piece.text for piece in pieces(answer, expected)) == answer


@given(answers)
def test_a_right_answer_is_not_marked(answer):
    assert not any(piece.differs for piece in pieces(answer, answer))


def test_only_the_wrong_word_is_marked():
    found = pieces('{"intent":"outage","since":"may"}', '{"intent":"cancel","since":"may"}')
    assert [piece.text for piece in found if piece.differs] == ["outage"]


def test_an_answer_with_nothing_in_common_is_not_all_marked():
    assert not pieces("completely different words", "a{b}")[0].differs


def test_a_very_long_answer_is_shown_unmarked():
    assert len(pieces("a " * 500, "b " * 500)) == 1
