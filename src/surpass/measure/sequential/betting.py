"""Exact bounds that hold at every look, for numbers between 0 and 1 and however few units."""

from typing import NamedTuple

import numpy as np

from surpass.measure.statistics import Floats

_POINTS = 1_001  # means that are tried, from 0 to 1
_BOLD = 0.5  # the largest share of its money that a bet may risk
_CELLS = 2_000_000  # numbers held at once: 16 MB


class Path(NamedTuple):
    """Bounds after each unit; they never widen."""

    low: Floats  # shape (units,)
    high: Floats


def mean_path(values: Floats, *, alpha_low: float, alpha_high: float) -> Path:
    """Bound the mean after each value; either bound is ever wrong with at most its chance.

    A gambler bets against each possible mean; whoever is right cannot be won from, so a mean whose
    gambler multiplied the money by 1 / alpha is refused. No approximation: any number of values,
    any distribution on 0 to 1, any mean that does not depend on the past.

    Args:
        values: In the order in which they came, shape (units,), each 0 to 1.
        alpha_low: Chance that the lower bound is ever above the mean.
        alpha_high: Chance that the upper bound is ever below it.

    Source:
        Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting
        (arXiv:2010.09686), section 4: one side each of the hedged capital process, bets by the
        predictable plug-in of equation 26, truncated at half of the money.
    """
    return Path(_lowest(values, alpha_low), 1 - _lowest(1 - values, alpha_high))


def gain_scores(values: Floats, challenger: np.ndarray, shares: Floats) -> tuple[Floats, float]:
    """One number a unit whose mean is the gain of the challenger, scaled to 0 to 1.

    Each value is held against the mean of all units before it and weighed by the chance of its arm:
    the weights cancel on average, so what is left is the difference between the arms.

    Args:
        values: Outcome of each unit in order, shape (units,), each 0 to 1.
        challenger: Whether the unit has the challenger, shape (units,).
        shares: The challenger's share when the unit was assigned, shape (units,).

    Returns:
        The scores, and the reach: a gain g is the mean g / (2 reach) + 1/2 of the scores.

    Source:
        Inverse probability weights around a predictable guess, as in Waudby-Smith et al. 2024
        (arXiv:2103.06476), section 4, where the guess is a regression.
    """
    before = (0.5 + np.cumsum(values) - values) / (1 + np.arange(values.size))
    weights = np.where(challenger, 1 / shares, -1 / (1 - shares))
    reach = float(1 / np.minimum(shares, 1 - shares).min())
    return (values - before) * weights / (2 * reach) + 0.5, reach


def gain_path(
    values: Floats, challenger: np.ndarray, shares: Floats, *, alpha_low: float, alpha_high: float
) -> Path:
    """Exact bounds of challenger minus champion after each unit; arguments as for the scores."""
    scores, reach = gain_scores(values, challenger, shares)
    path = mean_path(scores, alpha_low=alpha_low, alpha_high=alpha_high)
    low, high = ((2 * side - 1) * reach for side in path)
    return Path(np.maximum(low, -1.0), np.minimum(high, 1.0))


def _lowest(values: Floats, alpha: float) -> Floats:
    """The largest mean refused so far after each value, 0 where none is.

    The money against a mean falls as the mean rises, so all smaller ones are refused too.
    """
    means = np.linspace(0, 1, _POINTS)
    bets = _bets(values, alpha)
    money = np.zeros(_POINTS)  # logarithms
    best = np.full(_POINTS, -np.inf)
    found = np.empty(values.size)
    step = max(1, _CELLS // _POINTS)
    for start in range(0, values.size, step):
        part = slice(start, start + step)
        bold = np.minimum(bets[part, None], _BOLD / np.maximum(means, 1e-12))
        factors = 1 + bold * (values[part, None] - means)
        path = money + np.cumsum(np.log(factors), axis=0)
        money = path[-1]
        running = np.maximum(best, np.maximum.accumulate(path, axis=0))
        best = running[-1]
        refused = (running >= -np.log(alpha)).sum(axis=1)  # a beginning of the means
        found[part] = means[np.maximum(refused - 1, 0)]
    return found


def _bets(values: Floats, alpha: float) -> Floats:
    """How much is bet on each value, from those before it alone."""
    count = np.arange(1, values.size + 1)
    mean = (0.5 + np.cumsum(values)) / (count + 1)
    variance = (0.25 + np.cumsum((values - mean) ** 2)) / (count + 1)
    known = np.concatenate([[0.25], variance[:-1]])
    bets: Floats = np.sqrt(2 * np.log(1 / alpha) / (known * count * np.log1p(count)))
    return bets
