"""Whether numbers such as a confidence or a length changed, whatever their distribution."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from surpass.measure.statistics import Floats


class NumberShift(NamedTuple):
    """How two sets of numbers differ."""

    p: float
    distance: float  # the widest gap between the two cumulated shares, 0 to 1
    before: float  # mean of the reference
    now: float  # mean of the window


def number_shift(reference: Floats, current: Floats) -> NumberShift:
    """The two-sample test of Kolmogorov and Smirnov; one number a unit, both sides have some."""
    found = stats.ks_2samp(reference, current, method="asymp")
    return NumberShift(
        float(found.pvalue),
        float(found.statistic),
        float(np.mean(reference)),
        float(np.mean(current)),
    )
