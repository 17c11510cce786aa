"""Nested parts of the training rows, from few to all: what a learning curve is measured on."""

import numpy as np

from surpass.core.errors import CannotTell
from surpass.measure.statistics import Integers

SIZES = 8
SPAN = 16  # the largest subset over the smallest

_LEAST_ROWS = 10


def subset_sizes(rows: int, count: int = SIZES) -> tuple[int, ...]:
    """Log-spaced sizes of subsets, ascending; the last one is all rows.

    Raises:
        CannotTell: fewer than eight times the ten rows of the smallest subset there may be.
    """
    least = max(_LEAST_ROWS, rows // SPAN)
    if rows < 8 * _LEAST_ROWS:
        raise CannotTell(
            f"{rows} training rows; a learning curve needs {8 * _LEAST_ROWS}.",
            fix=f"Label {8 * _LEAST_ROWS - rows} more rows first.",
        )
    return tuple(round(size) for size in np.geomspace(least, rows, count))


def nested_order(member: Integers, seed: int) -> Integers:
    """An order of the rows whose beginnings are the nested subsets; whole groups follow each other.

    New rows come by the group, so subsets do too; the last group of a subset may be cut.

    Args:
        member: Group of each row, 0 to groups - 1, shape (rows,).
        seed: Same seed, same order.
    """
    rng = np.random.default_rng(seed)
    place = rng.permutation(int(member.max(initial=-1)) + 1)
    return np.lexsort((rng.random(member.size), place[member])).astype(np.int64)
