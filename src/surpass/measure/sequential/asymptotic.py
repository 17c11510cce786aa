"""Bounds around an estimate that hold at every look at once, for large numbers of units."""

import numpy as np
from numpy.typing import ArrayLike

from surpass.measure.statistics import Floats

_NEVER = 1e12  # units; nobody waits for more


def half_width(
    error: ArrayLike, units: ArrayLike, *, alpha: float, tuned_to: float, sides: int = 2
) -> Floats:
    """How far the bound lies from the estimate after so many units.

    With chance 1 - alpha the truth is inside at all looks together, however many there are. The
    claim is asymptotic: do not look before about 100 units on either side.

    Args:
        error: Standard error of the estimate at each look, by unit.
        units: Units behind the estimate at each look, both arms together.
        alpha: Chance that the truth is ever outside; of one side where `sides` is 1.
        tuned_to: Units at which the bound is tightest; any number is valid if it was chosen before.
        sides: 2: the truth is never on either side; 1: never beyond the one bound.

    Source:
        Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Time-uniform central limit theory and
        asymptotic confidence sequences (arXiv:2103.06476), equations 9 (two-sided) and 134
        (one-sided); in the form of GrowthBook's `sequential_interval_halfwidth`.
    """
    seen = np.asarray(units, dtype=np.float64)
    grown = seen * mixing(2 * alpha if sides == 1 else alpha, tuned_to) + 1
    root = np.sqrt(grown)
    tail = np.log1p(root / (2 * alpha)) if sides == 1 else np.log(root / alpha)
    return np.asarray(error, dtype=np.float64) * np.sqrt(2 * grown / (grown - 1) * tail)


def mixing(alpha: float, tuned_to: float) -> float:
    """Rho squared: the spread of the effects that the bound is made for, a unit.

    Source: the same, equation 161, as GrowthBook has it; any number above 0 is valid.
    """
    log = -2 * np.log(min(alpha, 0.99))
    return float((log + np.log(log + 1)) / tuned_to)


def units_until(gap: float, error: float, units: float, *, alpha: float, tuned_to: float) -> float:
    """Units, both arms together, at which a one-sided bound will be `gap` from the estimate.

    Args:
        gap: Distance between the estimate and what its bound must clear, above 0.
        error: Standard error now.
        units: Units now; the error shrinks with their root.
        alpha: Of the one-sided bound.
        tuned_to: As for `half_width`.

    Returns:
        At least `units`; infinity where it would be more than anybody waits for.
    """

    def width(seen: float) -> float:
        then = error * np.sqrt(units / seen)
        return float(half_width(then, seen, alpha=alpha, tuned_to=tuned_to, sides=1))

    low, high = units, _NEVER
    if gap <= 0 or width(high) > gap:
        return float("inf")
    if width(low) <= gap:
        return units
    while high > 1.001 * low:
        middle = np.sqrt(low * high)
        low, high = (low, middle) if width(middle) <= gap else (middle, high)
    return float(high)
