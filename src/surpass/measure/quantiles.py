"""A quantile of single measurements, such as the 95th percentile of waiting, with exact bounds."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from surpass.core.errors import CannotTell
from surpass.measure.statistics import Floats


class Quantile(NamedTuple):
    """A quantile with a lower and an upper bound, each one-sided at its level."""

    estimate: float  # the smallest measurement that the share does not exceed
    low: float
    high: float
    measurements: int


def quantile_bounds(values: Floats, share: float, alpha: float = 0.05) -> Quantile:
    """Bound a quantile by two of the measurements themselves; no shape is assumed.

    Args:
        values: Independent measurements, one a request, shape (requests,).
        share: Which quantile: 0.95 is the value that 5 % exceed.
        alpha: Level of each one-sided bound.

    Raises:
        CannotTell: too few measurements for either bound; 59 bound a 95th percentile above.

    Source:
        Conover 1999, Practical Nonparametric Statistics, section 3.2: the number of values below
        the quantile is binomial.
    """
    needed = needed_values(share, alpha)
    if values.size < needed:
        raise CannotTell(
            f"{values.size} measurements; a bound on their {share:.0%} point needs {needed}.",
            fix=f"Measure {needed - values.size} more.",
        )
    rising = np.sort(values)
    count = rising.size
    above = int(stats.binom.ppf(1 - alpha, count, share)) + 1  # the place counts from 1
    below = count + 1 - (int(stats.binom.ppf(1 - alpha, count, 1 - share)) + 1)
    place = max(1, int(np.ceil(share * count - 1e-9)))
    return Quantile(
        float(rising[place - 1]), float(rising[below - 1]), float(rising[above - 1]), count
    )


def needed_values(share: float, alpha: float) -> int:
    """Fewest measurements with a bound on either side."""
    rarer = max(share, 1 - share)
    return int(np.ceil(np.log(alpha) / np.log(rarer)))


def weighted_quantile(values: Floats, weights: Floats, *, share: float) -> Floats:
    """The quantile under each row of weights, shape (draws,); nan where no weight is left.

    Args:
        values: One measurement a row, shape (rows,).
        weights: Shape (draws, rows).
        share: Which quantile.
    """
    order = np.argsort(values, kind="stable")
    rising = np.cumsum(weights[:, order], axis=1)
    total = rising[:, -1:] if values.size else np.zeros((len(weights), 1))
    # The first place that the share of all weight reaches; rounding must not push it one on.
    places = (rising < share * total * (1 - 1e-12)).sum(axis=1)
    found = np.full(len(weights), np.nan)
    there = total[:, 0] > 0
    found[there] = values[order][places[there]]
    return found
