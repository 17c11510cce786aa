"""Trainings on nested subsets whose true curve is known, for tests of what is said of it."""

from typing import NamedTuple

import numpy as np

from surpass.measure.learning_curve import Measured
from surpass.measure.subsets import nested_order, subset_sizes

_DRAWS = 600


class Truth(NamedTuple):
    """A power law, and how noisy trainings and items are."""

    floor: float
    scale: float  # at 1,000 rows
    exponent: float
    run_noise: float  # of one row; falls with the root of rows
    rows: int = 2000
    seeds: int = 3
    items: int = 400

    def error_at(self, rows):
        return self.floor + self.scale * (rows / 1000) ** -self.exponent


def measured(truth, seed):
    """Train `seeds` times on nested subsets of one pool, and score all on the same items.

    Each row of the pool moves the error of every subset that holds it; each item is failed where
    its difficulty, the same for all trainings, is below the training's error.
    """
    rng = np.random.default_rng(seed)
    sizes = np.array(subset_sizes(truth.rows))
    influence = truth.run_noise * rng.standard_normal(truth.rows)
    noise = np.empty((truth.seeds, sizes.size))
    for one in range(truth.seeds):
        order = nested_order(np.arange(truth.rows), seed=int(rng.integers(2**32)))
        noise[one] = np.cumsum(influence[order])[sizes - 1] / sizes
    errors = np.clip(truth.error_at(sizes) + noise, 0, 1)
    difficulty = rng.random(truth.items) + 0.05 * rng.standard_normal((truth.seeds, 1, truth.items))
    failed = (difficulty % 1.0 < errors[:, :, None]).astype(float)
    weights = rng.standard_exponential((_DRAWS, truth.items))
    weights /= weights.sum(axis=1, keepdims=True)
    by_item = failed.mean(axis=0)
    return Measured(
        sizes=sizes.astype(float),
        errors=failed.mean(axis=2),
        shifts=weights @ by_item.T - by_item.mean(axis=1),
        pool=truth.rows,
    )
