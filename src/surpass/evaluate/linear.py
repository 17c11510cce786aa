"""The rung without a language model: a linear classifier on words and pieces of words."""

import warnings

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.text.classifier import logistic_regression
from surpass.text.vectors import words_and_pieces


def linear_probabilities(
    train: pl.DataFrame, rows: pl.DataFrame, labels: tuple[str, ...], seed: int
) -> NDArray[np.float64]:
    """Probability of each label for each row, shape (rows, labels).

    TF-IDF of words and word pairs and of 2 to 5 characters, logistic regression with balanced
    classes. A label without training rows gets probability 0; with one label in all, it gets 1.
    Training rows with a label outside the closed set are left out.
    """
    classifier = logistic_regression(10.0, seed=seed, balanced=True)
    train = train.filter(pl.col(columns.TARGET).is_in(labels))
    known = train[columns.TARGET].n_unique()
    result = np.zeros((rows.height, len(labels)))
    if known == 0:
        return np.full_like(result, 1 / len(labels))
    if known == 1:
        result[:, labels.index(train[columns.TARGET][0])] = 1.0
        return result
    features = words_and_pieces()
    seen = features.fit_transform(train[columns.INPUT].to_list())
    with warnings.catch_warnings():
        # Few rows of many labels: scikit-learn asks whether the labels are numbers. They are not.
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        classifier.fit(seen, train[columns.TARGET].to_list())
    place = [labels.index(label) for label in classifier.classes_]
    result[:, place] = classifier.predict_proba(features.transform(rows[columns.INPUT].to_list()))
    return result
