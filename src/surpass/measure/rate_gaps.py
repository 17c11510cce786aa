"""By how much a rate differs between a group and the rest, beside what may well explain it."""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

from surpass.measure.bootstrap import MIN_GROUPS
from surpass.measure.statistics import Integers


class RateGap(msgspec.Struct, frozen=True, kw_only=True):
    """A rate within a group minus the rate of the rest."""

    gap: float
    low: float  # two-sided 95 %
    high: float
    p: float  # two-sided, of no gap


def stratified_gap(
    says: NDArray[np.bool_], inside: NDArray[np.bool_], strata: Integers, clusters: Integers
) -> RateGap | None:
    """The mean gap within strata, where both the group and the rest have rows.

    Args:
        says: Whether each row has the label, shape (rows,).
        inside: Whether it is of the group, shape (rows,).
        strata: Number of each row's stratum, shape (rows,); all 0: nothing is held fixed.
        clusters: Number of each row's cluster, shape (rows,), from 0 on without gaps; rows of one
            depend on each other.

    Returns:
        None where no stratum has both, fewer than 20 clusters have a part in it, or nothing varies.

    Source:
        Weights of Mantel and Haenszel 1959 on risk differences (Greenland and Robins 1985),
        variance by cluster of the linearised difference (Cameron and Miller 2015, section II).
    """
    residuals = np.zeros(says.size)
    gap = weight = 0.0
    for stratum in np.unique(strata):
        here, there = (strata == stratum) & inside, (strata == stratum) & ~inside
        ours, theirs = int(here.sum()), int(there.sum())
        if not ours or not theirs:
            continue
        worth = ours * theirs / (ours + theirs)
        rate, rest = float(says[here].mean()), float(says[there].mean())
        residuals[here] = worth * (says[here] - rate) / ours
        residuals[there] = -worth * (says[there] - rest) / theirs
        gap += worth * (rate - rest)
        weight += worth
    if weight == 0:
        return None
    by_cluster = np.bincount(clusters, residuals) / weight
    taking_part = np.count_nonzero(np.bincount(clusters[residuals != 0]))
    count = by_cluster.size
    error = float(np.sqrt(count / (count - 1) * (by_cluster**2).sum())) if count > 1 else 0.0
    if taking_part < MIN_GROUPS or error == 0:
        return None
    z = float(special.ndtri(0.975))
    mean = gap / weight
    p = 2 * float(special.ndtr(-abs(mean) / error))
    return RateGap(gap=mean, low=mean - z * error, high=mean + z * error, p=p)
