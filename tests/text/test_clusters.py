"""Clusters of texts with the same words, their centres as data, and their names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planted import WORDS, examples
from surpass.text.clusters import centres, encoded, most_central, similarity
from surpass.text.terms import distinctive_terms, plain_words


def test_texts_of_one_subject_form_one_cluster_that_is_named_by_its_words():
    frame = examples(200, 0, ("fibre", "tv"))
    texts, products = frame["input"].to_list(), frame["@product"].to_numpy()
    encoding = encoded(texts)
    for centre in centres(encoding, 0):
        inside = similarity(encoding, centre.places, centre.weights) >= centre.at_least - 1e-9
        names, counts = np.unique(products[inside], return_counts=True)
        assert counts.max() >= 0.9 * counts.sum()
        terms = distinctive_terms([texts[i] for i in np.flatnonzero(inside)], texts)
        assert terms
        assert terms[0] in WORDS[names[counts.argmax()]]


def test_a_centre_asks_a_later_text_the_same_question_in_any_company():
    texts = examples(120, 1)["input"].to_list()
    centre = centres(encoded(texts), 0)[0]
    together = similarity(encoded(texts), centre.places, centre.weights)
    alone = [similarity(encoded([text]), centre.places, centre.weights)[0] for text in texts]
    np.testing.assert_allclose(together, alone)


def test_the_same_texts_and_seed_give_the_same_centres():
    encoding = encoded(examples(120, 2)["input"].to_list())
    assert centres(encoding, 5) == centres(encoding, 5)


def test_too_few_or_empty_texts_have_no_clusters():
    assert centres(encoded(["a b", "c d"]), 0) == ()
    assert centres(encoded([""] * 200), 0) == ()


def test_the_most_central_text_is_the_one_like_the_others():
    assert most_central(["red green blue", "red green", "yellow pears", "red blue"])[0] == 0
    assert most_central([""]) == [0]


def test_what_is_common_everywhere_names_nothing():
    inside, outside = ["the router is dead"] * 5, ["the bill is wrong"] * 5
    assert set(distinctive_terms(inside, inside + outside)) == {"router", "dead"}
    assert distinctive_terms([], outside) == ()


@given(st.lists(st.text(), max_size=6), st.lists(st.text(), max_size=6))
def test_terms_are_words_of_the_texts(inside, outside):
    found = distinctive_terms(inside, [*inside, *outside])
    assert set(found) <= {word for text in inside for word in plain_words(text)}
