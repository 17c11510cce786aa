from hypothesis import given
from hypothesis import strategies as st

from surpass.text.log_odds import leanings

texts = st.lists(st.text("ab cde", max_size=20), max_size=12)


@given(texts, texts)
def test_swapping_the_sides_turns_every_leaning_round(first, second):
    there = {one.word: one.z for one in leanings(first, second)}
    back = {one.word: one.z for one in leanings(second, first)}
    assert there.keys() == back.keys()
    assert all(abs(there[word] + back[word]) < 1e-9 for word in there)


def test_a_word_of_one_side_leans_and_one_of_both_does_not():
    first = ["the refund portal is down"] * 30
    second = ["the parcel is late"] * 30
    found = leanings(first, second)
    z = {one.word: one.z for one in found}
    assert z["portal"] > 3
    assert abs(z["the"]) < 2
    assert z["parcel"] < -3
    assert (found[0].first, found[0].second) == (1.0, 0.0)
