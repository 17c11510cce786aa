"""One rounding for what is shown: shares and gains to a tenth, losses to a thousandth.

Bounds are rounded away from the estimate, so that none promises more than was proved.
"""

import math

_NOISE = 1e-7  # 100 * 0.029 is 2.9000000000000004: that is no reason to round up


def tenth(value: float) -> float:
    """The nearest tenth."""
    return round(round(10 * value, 7)) / 10 + 0.0  # no negative zero


def tenth_at_least(value: float) -> float:
    """A lower bound: rounded down to a tenth."""
    return math.floor(10 * value + _NOISE) / 10 + 0.0


def tenth_at_most(value: float) -> float:
    """An upper bound: rounded up to a tenth."""
    return math.ceil(10 * value - _NOISE) / 10 + 0.0


def thousandth(value: float) -> float:
    """The nearest thousandth."""
    return round(value, 3) + 0.0


def thousandth_at_least(value: float) -> float:
    """A lower bound: rounded down to a thousandth."""
    return math.floor(1000 * value + _NOISE) / 1000 + 0.0


def thousandth_at_most(value: float) -> float:
    """An upper bound: rounded up to a thousandth."""
    return math.ceil(1000 * value - _NOISE) / 1000 + 0.0
