"""One rounding for shares and gains wherever they are shown: to a tenth.

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
