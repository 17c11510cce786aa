"""How the gains of several metrics on the same rows go together."""

import numpy as np

from surpass.measure.bootstrap import group_sums
from surpass.measure.one_more import Extended, Grouped
from surpass.measure.statistics import Additive, Floats


def correlations(
    pairs: list[tuple[Extended, Extended]], groups: Grouped, *, draws: int, seed: int
) -> Floats:
    """Correlation of the differences of two models in several metrics, shape (pairs, pairs).

    All metrics meet the same resampled groups. A difference that never varies goes with nothing.

    Args:
        pairs: Statistics of two models, one pair a metric, over the same rows.
        groups: Of those rows.
        draws: Resamples.
        seed: Same seed, same correlations.
    """
    weights = np.random.default_rng(seed).standard_exponential((draws, groups.count))
    gains = np.array(
        [_values(one, groups, weights) - _values(other, groups, weights) for one, other in pairs]
    )
    moving = gains.std(axis=1) > 0
    found = np.eye(len(pairs))
    if moving.sum() > 1:
        found[np.ix_(moving, moving)] = np.corrcoef(gains[moving])
    return found


def _values(model: Extended, groups: Grouped, weights: Floats) -> Floats:
    """A model's score under each draw of group weights, shape (draws,)."""
    statistics = model.statistics
    if isinstance(statistics, Additive):
        return statistics.combine(weights @ group_sums(statistics.items[: model.seen], groups))
    rows = weights[:, groups.member]
    return statistics.under(model.weighted(rows, np.zeros((len(rows), 1)), "right"))
