"""Logistic regression on texts, and labels guessed by models that saw neither a text nor its like.

The only file that imports scikit-learn's classifiers.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from surpass.text.vectors import short_pieces

FOLDS = 5

_CHARACTERS = 1_000  # of a text that are read
_FEATURES = 20_000  # at most, the most frequent ones
_WEIGHTS = 600_000  # features times labels, at most
_WORK = 150_000_000  # entries of the training rows times labels, at most: bounds a fold's time

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Guessed(NamedTuple):
    """What the models say of texts that they had not seen."""

    probabilities: Floats  # shape (texts, labels); 0 for a label that was not in training
    learned: int  # texts that a model learned from, at most


def logistic_regression(
    strength: float, *, seed: int = 0, balanced: bool = False, rounds: int = 1000
) -> LogisticRegression:
    """Softmax over all labels, not fitted yet.

    Args:
        strength: How little the weights are held back (`C`).
        seed: Of the solver.
        balanced: A rare label counts as much as a common one.
        rounds: Of the solver, at most; with fewer than the default it stops at a coarser fit.
    """
    coarse = {"tol": 1e-3} if rounds < 1000 else {}
    return LogisticRegression(
        C=strength,
        class_weight="balanced" if balanced else None,
        max_iter=rounds,
        random_state=seed,
        **coarse,
    )


def guessed(texts: list[str], labels: Integers, folds: Integers) -> Guessed:
    """Probability of each label for each text, by a model of the texts in the other folds.

    TF-IDF of words and of 2 to 4 characters (so scripts without spaces work), logistic regression.
    The weights of words are taken from all texts; that uses no label.

    Args:
        texts: At least one with a character that is no space; the first 1,000 characters are read.
        labels: Number of each text's label, shape (texts,), from 0 on without gaps.
        folds: Fold of each text, shape (texts,), 0 to FOLDS - 1.

    Cost:
        Linear in the texts. Beyond a bound a model learns from the first of its texts only.
    """
    kinds = int(labels.max()) + 1
    weighed = _weighed(texts, kinds)
    most = max(1, int(_WORK / (kinds * max(1.0, weighed.nnz / len(texts)))))
    found = np.zeros((len(texts), kinds))
    learned = 0
    for fold in range(FOLDS):
        asked = np.flatnonzero(folds == fold)
        seen = np.flatnonzero(folds != fold)[:most]
        learned = max(learned, seen.size)
        present = np.unique(labels[seen])
        if asked.size == 0 or present.size == 0:
            continue
        if present.size == 1:
            found[asked, present[0]] = 1.0
            continue
        model = logistic_regression(5.0, rounds=50)
        with warnings.catch_warnings():  # that 50 rounds are few is intended
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(weighed[seen], labels[seen])
        found[np.ix_(asked, model.classes_)] = model.predict_proba(weighed[asked])
    return Guessed(found, learned)


def _weighed(texts: list[str], kinds: int) -> sparse.csr_matrix:
    """The texts as TF-IDF of features that several of them have, the most frequent ones."""
    weighed = sparse.csr_matrix(short_pieces().fit_transform([t[:_CHARACTERS] for t in texts]))
    documents = weighed.getnnz(axis=0)
    most = min(_FEATURES, max(1, _WEIGHTS // kinds))
    frequent = np.argsort(-documents, kind="stable")[:most]
    several = frequent[documents[frequent] > 1]
    return weighed[:, np.sort(several if several.size else frequent)].tocsr()
