"""Whether shares changed: of one thing (exact), or of several kinds at once (simulated)."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from surpass.measure.statistics import Floats, Integers


class KindShift(NamedTuple):
    """How the shares of several kinds moved."""

    p: float  # chance of shares as different as these, were both sides drawn alike
    distance: float  # share that would have to move to another kind, 0 to 1
    most_risen: int  # place of the kind whose share rose most


def rise_p(reference: Integers, current: Integers, sizes: tuple[int, int]) -> Floats:
    """Fisher's exact one-sided p of a risen share, for many things at once, shape (things,).

    Args:
        reference: Units of the reference that have each thing, shape (things,).
        current: The same of the current window.
        sizes: Units of the reference, and of the window.

    Source:
        Fisher 1935; the upper tail of the hypergeometric distribution with all margins fixed.
    """
    total = np.asarray(reference) + np.asarray(current)
    both = sizes[0] + sizes[1]
    found = stats.hypergeom.sf(np.asarray(current) - 1, both, total, sizes[1])
    return np.asarray(np.minimum(found, 1.0), dtype=np.float64)


def kind_shift(
    reference: Integers, current: Integers, *, draws: int = 1999, seed: int = 0
) -> KindShift:
    """Test whether kinds are shared out alike on both sides, by chi-square with simulated tables.

    Tables are drawn with both margins fixed, so rare kinds do no harm.

    Args:
        reference: Units of each kind, shape (kinds,).
        current: The same of the current window; both have units.
        draws: Tables. The smallest p is 1 / (draws + 1); time is O(draws * kinds).
        seed: Same seed, same p.

    Source:
        Agresti 2013, Categorical Data Analysis, section 3.5.7, with the +1 of Phipson and Smyth
        2010.
    """
    total = np.asarray(reference) + np.asarray(current)
    size, both = int(np.sum(current)), int(total.sum())
    expected = np.maximum(total * (size / both), 1e-12)
    rng = np.random.default_rng(seed)
    tables = rng.multivariate_hypergeometric(total, size, draws, method="marginals")
    # The other row of the table adds a constant factor, kind by kind: one row is enough.
    rest = np.maximum(total - expected, 1e-12)
    weight = 1 / expected + 1 / rest
    found = float((((current - expected) ** 2) * weight).sum())
    drawn = (((tables - expected) ** 2) * weight).sum(axis=1)
    p = float((1 + (drawn >= found - 1e-9).sum()) / (1 + draws))
    moved = np.asarray(current) / size - np.asarray(reference) / np.sum(reference)
    return KindShift(p, float(np.abs(moved).sum() / 2), int(np.argmax(moved)))
