"""New and rising terms: which words more users say now than before, beyond chance."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from surpass.measure.drift.shares import rise_p
from surpass.measure.statistics import Floats, Integers

_FEWEST = 3  # users that say a term before it is told of: two may be one phrase copied


class Counted(NamedTuple):
    """In how many units each term occurs, of how many units."""

    units: int
    terms: Mapping[str, int]


class RisingTerm(NamedTuple):
    """One term that more units use now."""

    term: str
    before: int  # units of the reference
    now: int  # units of the window
    p: float  # corrected for all the terms that were tested


def rising_terms(reference: Counted, current: Counted, alpha: float) -> list[RisingTerm]:
    """The terms whose share of units rose, the surest first; one false list in 1/alpha windows.

    Each term is tested by Fisher's exact test on distinct units and corrected by Holm over those
    terms that could be significant at all: a term that three users say on both sides together
    proves nothing however they are shared out, so it costs the others nothing.

    Args:
        reference: What was said before.
        current: What is said now.
        alpha: Chance of naming any term though none has risen.

    Source:
        Tarone 1990, A modified Bonferroni method for discrete data; Holm 1979.
    """
    names = [term for term, units in current.terms.items() if units >= _FEWEST]
    if not names:
        return []
    sizes = (reference.units, current.units)
    bar = _testable(reference, current, sizes, alpha)
    before = np.array([reference.terms.get(name, 0) for name in names], dtype=np.int64)
    now = np.array([current.terms[name] for name in names], dtype=np.int64)
    raw = rise_p(before, now, sizes)
    order = np.argsort(raw, kind="stable")
    corrected = holm(raw[order], bar)
    found = [
        RisingTerm(names[place], int(before[place]), int(now[place]), float(p))
        for place, p in zip(order, corrected, strict=True)
        if p <= alpha
    ]
    return sorted(found, key=lambda one: (one.p, -one.now, one.term))


def holm(rising: Floats, tests: int) -> Floats:
    """P-values corrected by Holm, of the smallest so many of all tests, in rising order."""
    left = np.maximum(tests - np.arange(rising.size), 1)
    return np.asarray(np.minimum(np.maximum.accumulate(rising * left), 1.0))


def _testable(reference: Counted, current: Counted, sizes: tuple[int, int], alpha: float) -> int:
    """How many terms count as tests: those that could be significant, were all of them "now"."""
    totals = dict(reference.terms)
    for term, units in current.terms.items():
        totals[term] = totals.get(term, 0) + units
    amounts, many = np.unique(np.fromiter(totals.values(), np.int64), return_counts=True)
    best = _smallest_p(amounts, sizes)
    order = np.argsort(best, kind="stable")
    rising, cumulated = best[order], np.concatenate([[0], np.cumsum(many[order])])

    def enough(tests: int) -> bool:
        return bool(cumulated[np.searchsorted(rising, alpha / tests, side="right")] <= tests)

    return 1 + bisect_left(range(1, int(cumulated[-1]) + 1), 1, key=enough)  # the first that is


def _smallest_p(totals: Integers, sizes: tuple[int, int]) -> Floats:
    """The p of a term that so many units say in all, were as many as possible of them "now"."""
    now = np.minimum(totals, sizes[1])
    return rise_p(totals - now, now, sizes)
