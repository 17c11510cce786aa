"""Texts as weighted words and pieces of words, and which texts are most alike by them."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from surpass.text.terms import plain_words

_AT_ONCE = 500  # questions compared in memory at a time
_CHARACTERS = 1_000  # of a text that are read where every two are compared


def words_and_pieces() -> FeatureUnion:
    """TF-IDF of words and word pairs and of 2 to 5 characters, not fitted yet."""
    words = TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True)
    return FeatureUnion([("words", words), ("pieces", _pieces())])


def short_pieces() -> FeatureUnion:
    """The same with pieces of 2 to 4 characters: a third of the work, not fitted yet."""
    words = TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True)
    return FeatureUnion([("words", words), ("pieces", _pieces(4))])


def hashed_words(places: int) -> HashingVectorizer:
    """Which words and word pairs a text has, each at a place given by its hash, of length 1.

    Nothing is fitted: a text has the same places in any company. Numbers count for nothing.
    """
    return HashingVectorizer(
        n_features=places, analyzer=_plain_words_and_pairs, alternate_sign=False, binary=True
    )


class Nearest(NamedTuple):
    """The most similar texts of each question, the nearest first."""

    places: NDArray[np.int64]  # in the collection, shape (questions, count)
    similarity: NDArray[np.float64]  # cosine, 0 to 1, same shape


def nearest(collection: pl.Series, questions: pl.Series, count: int) -> Nearest:
    """Cosine of TF-IDF over words and pieces of 2 to 5 characters; ties go to the earlier text.

    Args:
        collection: Texts to choose from; at least one.
        questions: Texts to find likes of.
        count: Wanted for each question; at most as many as there are texts.
    """
    weigh = _pieces()
    known = weigh.fit_transform(collection.to_list())
    places, similarity = [], []
    for start in range(0, questions.len(), _AT_ONCE):
        asked = weigh.transform(questions[start : start + _AT_ONCE].to_list())
        cosine = np.asarray((asked @ known.T).todense())
        order = np.argsort(-cosine, axis=1, kind="stable")[:, :count]
        places.append(order)
        similarity.append(np.take_along_axis(cosine, order, axis=1))
    if not places:
        return Nearest(np.zeros((0, count), dtype=np.int64), np.zeros((0, count)))
    return Nearest(np.vstack(places), np.vstack(similarity))


def nearness(collection: list[str]) -> Callable[[list[str]], NDArray[np.float64]]:
    """How much later texts resemble the nearest one of a collection: a function of the texts.

    The collection is weighed once; cosines as in `nearest`, shape (texts,).
    """
    weigh = _pieces()
    known = weigh.fit_transform([text[:_CHARACTERS] for text in collection])

    def asked(texts: list[str]) -> NDArray[np.float64]:
        found = np.zeros(len(texts))
        for start in range(0, len(texts), _AT_ONCE):
            part = weigh.transform([text[:_CHARACTERS] for text in texts[start : start + _AT_ONCE]])
            found[start : start + _AT_ONCE] = (part @ known.T).max(axis=1).toarray()[:, 0]
        return found

    return asked


def similarities(texts: list[str]) -> NDArray[np.float64]:
    """Cosine of every two texts over words and pieces of words, shape (texts, texts).

    At least one text has a character that is no space. Memory is O(texts^2).
    """
    weighed = short_pieces().fit_transform([text[:_CHARACTERS] for text in texts])
    return np.asarray((weighed @ weighed.T).todense()) / 2  # words and pieces each have length 1


def _pieces(longest: int = 5) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, longest), sublinear_tf=True)


def _plain_words_and_pairs(text: str) -> list[str]:
    found = plain_words(text)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def _words_and_pairs(text: str) -> list[str]:
    """Words and pairs of neighbours; unlike scikit-learn's, also of single characters and signs."""
    words = text.casefold().split()
    return words + [f"{first} {second}" for first, second in pairwise(words)]
