import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from surpass.text.vectors import nearest

COLLECTION = pl.Series(
    ["my router is dead", "refund my last bill", "we move house in may", "the router blinks red"]
)
words = st.lists(
    st.sampled_from(["router", "bill", "house", "red", "dead", "may"]), min_size=1, max_size=4
)


def test_the_text_itself_is_the_nearest():
    found = nearest(COLLECTION, COLLECTION, 2)
    assert found.places[:, 0].tolist() == [0, 1, 2, 3]
    assert np.allclose(found.similarity[:, 0], 1)


def test_what_shares_words_is_near():
    assert nearest(COLLECTION, pl.Series(["a dead router"]), 2).places[0].tolist() == [0, 3]


@given(st.lists(words.map(" ".join), max_size=5))
def test_the_nearest_come_first_whatever_is_asked(questions):
    found = nearest(COLLECTION, pl.Series(questions, dtype=pl.String), 3)
    assert found.places.shape == found.similarity.shape == (len(questions), 3)
    assert (np.diff(found.similarity, axis=1) <= 1e-12).all()


def test_ties_go_to_the_earlier_text():
    same = pl.Series(["one text", "one text", "one text"])
    assert nearest(same, pl.Series(["one text"]), 2).places[0].tolist() == [0, 1]
