"""Scores of many models under the same resampled groups of rows, for what is fitted to them."""

from collections.abc import Iterator, Sequence

import numpy as np

from surpass.measure.bootstrap import group_sums
from surpass.measure.one_more import Grouped
from surpass.measure.statistics import Additive, Floats, Statistics

_CELLS = 2_000_000  # weights held at once: 16 MB


def resampled_scores(
    models: Sequence[Statistics], groups: Grouped, *, draws: int, seed: int
) -> Floats:
    """Each model's score under each draw, shape (draws, models).

    Whole groups get exponential weights (the Bayesian bootstrap), the same for all models.

    Args:
        models: Statistics of one metric on the same rows, in one order.
        groups: Of those rows.
        draws: Resamples.
        seed: Same seed, same scores.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for size in _chunks(draws, groups):
        weights = rng.standard_exponential((size, groups.count))
        scores = [_scores(one, weights, groups) for one in models]
        parts.append(np.column_stack(scores))
    return np.concatenate(parts)


def _scores(model: Statistics, weights: Floats, groups: Grouped) -> Floats:
    if isinstance(model, Additive):
        return np.asarray(model.combine(weights @ group_sums(model.items, groups)))
    return model.under(weights[:, groups.member])


def _chunks(draws: int, groups: Grouped) -> Iterator[int]:
    size = max(1, min(draws, _CELLS // max(1, groups.member.size)))
    for start in range(0, draws, size):
        yield min(size, draws - start)
