"""What a metric knows of each row, kept so that any reweighting of the rows is cheap to score."""

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Additive(msgspec.Struct, frozen=True, eq=False):
    """A metric that is a function of sums over rows: accuracy, F1, chrF."""

    items: Floats  # shape (rows, parts)
    combine: Callable[[Floats], Floats]
    """Summed parts, shape (..., parts), to values, shape (...). It must not change when all parts
    are multiplied by one number; where the metric is undefined it gives nan."""
    strata: Integers | None = None
    """Set where the metric is a mean of several numbers, one a label: which of them each row stands
    behind. Numbers that few rows stand behind widen the bounds."""
    notes: tuple[str, ...] = ()  # what was left out, as sentences


class Weighted(msgspec.Struct, frozen=True, eq=False):
    """A metric that needs all rows at once, such as a rank statistic."""

    rows: int
    under: Callable[[Floats], Floats]  # weights, shape (draws, rows), to values, shape (draws,)
    strata: Integers | None = None
    notes: tuple[str, ...] = ()


Statistics = Additive | Weighted


def share_of(parts: Floats) -> Floats:
    """`combine` of a plain mean: the first part over the second, nan where nothing is counted."""
    return divided(parts[..., 0], parts[..., 1])


def mean_of(scores: Floats) -> Additive:
    """Statistics of the mean of one score a row, each 0 to 1."""
    return Additive(np.column_stack([scores, np.ones(scores.size)]), share_of)


def divided(above: Floats, below: Floats) -> Floats:
    """`above / below`, nan where `below` is 0."""
    found = np.full(np.shape(above), np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found


def value_of(statistics: Statistics) -> float:
    """The metric on the rows as they are; nan where it is undefined."""
    if isinstance(statistics, Additive):
        return float(statistics.combine(statistics.items.sum(axis=0)))
    return float(statistics.under(np.ones((1, statistics.rows)))[0])
