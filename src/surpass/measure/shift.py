"""How far two sets of rows differ, by whether a model can tell them apart."""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats

from surpass.measure.statistics import Floats, Integers

_HELD_BACK = 1.0  # ridge; texts have length 1 or so, so that one text weighs as much as it


class Weights(msgspec.Struct, frozen=True, eq=False):
    """How often each row should count for the rows to be as the others are."""

    weights: Floats  # shape (rows,), mean 1
    effective: float  # so many rows, all counting alike, would be worth as much


def told_apart(scores: Floats, is_second: NDArray[np.bool_]) -> float:
    """The chance that a row of the second set scores higher than one of the first (AUC).

    0.5: nobody can tell them apart; 1: always. Both sets have a row.
    """
    ranks = stats.rankdata(scores)
    second = int(is_second.sum())
    above = float(ranks[is_second].sum()) - second * (second + 1) / 2
    return above / (second * (is_second.size - second))


def two_sample_p(
    alike: Floats,
    is_second: NDArray[np.bool_],
    units: Integers,
    folds: Integers,
    *,
    draws: int = 199,
    seed: int = 0,
) -> float:
    """Chance of telling two sets apart as well as here, if they were drawn alike.

    A least-squares classifier says to which set each row belongs, from the rows of the other folds;
    what it would say under other labels is a product of matrices, so nothing is fitted anew.
    Labels are permuted by unit: rows of one customer or day come together in any drawing.

    Args:
        alike: Similarity of every two rows, shape (rows, rows), positive semidefinite.
        is_second: Which set each row is of, shape (rows,); one label a unit.
        units: Number of each row's unit, shape (rows,), from 0 on without gaps.
        folds: Fold of each row, shape (rows,); rows of a unit in one fold.
        draws: Permutations. Time is O(rows^3) once, and O(draws * rows^2).
        seed: Same seed, same p.

    Source:
        Classifier two-sample tests, Lopez-Paz and Oquab 2017 (arXiv:1610.06545); p with the +1 of
        Phipson and Smyth 2010.
    """
    rng = np.random.default_rng(seed)
    label = np.zeros(units.max() + 1, dtype=bool)
    label[units] = is_second
    labels = np.stack([label, *(rng.permutation(label) for _ in range(draws))])[:, units]
    scores = np.zeros(labels.shape)
    for fold in np.unique(folds):
        asked, seen = folds == fold, folds != fold
        known = alike[np.ix_(seen, seen)] + _HELD_BACK * np.eye(int(seen.sum()))
        target = labels[:, seen] - labels[:, seen].mean(axis=1, keepdims=True)
        factor = linalg.cho_factor(known, check_finite=False)
        solved = linalg.cho_solve(factor, target.T, check_finite=False)
        scores[:, asked] = (alike[np.ix_(asked, seen)] @ solved).T
    ranks = stats.rankdata(scores, axis=1)
    # The share of pairs in order, from ranks: units of several rows change the sets' sizes.
    second = labels.sum(axis=1)
    above = (ranks * labels).sum(axis=1) - second * (second + 1) / 2
    found = above / np.maximum(second * (labels.shape[1] - second), 1)
    return float((1 + (found[1:] >= found[0] - 1e-12).sum()) / (1 + draws))


def importance_weights(chances: Floats, odds: float, most: float = 20.0) -> Weights:
    """Weights that make the rows count as if drawn like the others, clipped.

    Args:
        chances: That each row is one of the others, shape (rows,), by a model that did not see it.
        odds: Others per row in what the model learned from.
        most: No row counts for more than so many, or for less than one of so many.

    Source:
        Bickel, Brückner and Scheffer 2009, Discriminative learning under covariate shift, section
        4; effective size of Kish 1965.
    """
    inside = np.clip(chances, 1e-6, 1 - 1e-6)
    raw = np.clip(inside / (1 - inside) / odds, 1 / most, most)
    weights = raw / raw.mean()
    return Weights(weights, float(weights.sum() ** 2 / (weights**2).sum()))
