"""The rung without a language model: a linear classifier on words and pieces of words.

The only file that imports scikit-learn's classifiers.
"""

from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline

from surpass.core import columns


def linear_probabilities(
    train: pl.DataFrame, rows: pl.DataFrame, labels: tuple[str, ...], seed: int
) -> NDArray[np.float64]:
    """Probability of each label for each row, shape (rows, labels).

    TF-IDF of words and word pairs and of 2 to 5 characters, logistic regression with balanced
    classes. A label without training rows gets probability 0; with one label in all, it gets 1.
    Training rows with a label outside the closed set are left out.
    """
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True)),
            ("pieces", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    classifier = LogisticRegression(
        C=10.0, class_weight="balanced", max_iter=1000, random_state=seed
    )
    train = train.filter(pl.col(columns.TARGET).is_in(labels))
    known = train[columns.TARGET].n_unique()
    result = np.zeros((rows.height, len(labels)))
    if known == 0:
        return np.full_like(result, 1 / len(labels))
    if known == 1:
        result[:, labels.index(train[columns.TARGET][0])] = 1.0
        return result
    model = make_pipeline(features, classifier)
    model.fit(train[columns.INPUT].to_list(), train[columns.TARGET].to_list())
    place = [labels.index(label) for label in model.classes_]
    result[:, place] = model.predict_proba(rows[columns.INPUT].to_list())
    return result


def _words_and_pairs(text: str) -> list[str]:
    """Words and pairs of neighbours; unlike scikit-learn's, also of single characters and signs."""
    words = text.casefold().split()
    return words + [f"{first} {second}" for first, second in pairwise(words)]
