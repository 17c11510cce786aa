"""Do the arms have the shares that were declared? A test that may be looked at after every unit."""

from typing import NamedTuple

import numpy as np
from scipy import special

CONCENTRATION = 100.0
"""How near to the declared shares a broken split is expected to be; fixed for all experiments."""


class Mismatch(NamedTuple):
    """What the test says of one experiment up to now."""

    p: float  # smallest up to now, 0 to 1; below the level: the split is broken
    assigned: tuple[int, ...]  # units of each arm, all periods
    expected: tuple[float, ...]  # how many there should be


def mismatch(
    arms: np.ndarray, periods: np.ndarray, shares: tuple[tuple[float, ...], ...]
) -> Mismatch:
    """Hold the counts of units against the declared shares, after each unit.

    Args:
        arms: Number of each unit's arm, in the order of assignment, shape (units,).
        periods: Number of the period in which it was assigned, never falling, shape (units,).
        shares: Of the arms in each period, adding up to 1.

    Source:
        Lindon and Malek 2022, Anytime-valid inference for multinomial count data, theorem 2: the
        Bayes factor of a Dirichlet prior around the declared shares against these shares is a
        martingale, so it exceeds 1 / alpha at any time with at most alpha. Periods multiply.
    """
    chosen = np.array(shares)[periods] if arms.size else np.empty((0, len(shares[0])))
    hits = np.eye(len(shares[0]))[arms]
    log_factor, best = 0.0, 0.0
    for number in range(len(shares)):
        mine = periods == number
        if not mine.any():
            continue
        path = log_factor + log_bayes_factors(
            np.cumsum(hits[mine], axis=0), np.array(shares[number])
        )
        log_factor, best = float(path[-1]), max(best, float(path.max()))
    return Mismatch(
        p=float(np.exp(-best)),
        assigned=tuple(int(count) for count in hits.sum(axis=0)),
        expected=tuple(float(count) for count in chosen.sum(axis=0)),
    )


def log_bayes_factors(counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Evidence against the shares, shape (looks,), for counts of shape (looks, arms)."""
    prior = CONCENTRATION * shares
    total = counts.sum(axis=1)
    drawn = special.gammaln(prior + counts).sum(axis=1) - special.gammaln(prior.sum() + total)
    start = special.gammaln(prior.sum()) - special.gammaln(prior).sum()
    return np.asarray(start + drawn - special.xlogy(counts, shares).sum(axis=1))
