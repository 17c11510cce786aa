"""Accuracy where no labels are: from confidence, calibrated on answers whose labels are known."""

from typing import NamedTuple

import numpy as np
from scipy import optimize

from surpass.core.errors import CannotTell
from surpass.measure.statistics import Floats, Integers

FEWEST = 200  # labelled answers to calibrate on; fewer make a staircase of noise


class Known(NamedTuple):
    """Answers whose labels are known."""

    confidence: Floats  # shape (answers,)
    right: Floats  # 1 or 0, shape (answers,)
    units: Integers  # number of each answer's unit, shape (answers,)


class Steps(NamedTuple):
    """How often an answer of each confidence was right, never falling; straight lines between."""

    confidence: Floats
    share: Floats


class Calibration(NamedTuple):
    """What was learned from the known answers, and what would be from resamples of their units."""

    steps: Steps
    resampled: tuple[Steps, ...]


class Estimated(NamedTuple):
    """Share of right answers that is expected, and where the true share of these answers lies."""

    share: float
    low: float
    high: float
    answers: int


def calibration(known: Known, *, draws: int = 200, seed: int = 0) -> Calibration:
    """Learn what a confidence means.

    Args:
        known: Answers with their labels.
        draws: Resamples of the units; time is O(draws * answers).
        seed: Same seed, same calibration.

    Raises:
        CannotTell: fewer than FEWEST known answers.

    Source:
        Isotonic calibration, Zadrozny and Elkan 2002, Transforming classifier scores.
    """
    if known.right.size < FEWEST:
        raise CannotTell(
            f"{known.right.size} labelled answers with a confidence; {FEWEST} are needed.",
            fix="Label more answers.",
        )
    rng = np.random.default_rng(seed)
    unit = np.unique(known.units, return_inverse=True)[1]
    count = int(unit.max()) + 1
    even = np.full(count, 1 / count)
    order = np.argsort(known.confidence, kind="stable")
    ordered = Known(known.confidence[order], known.right[order], unit[order])
    drawn = (rng.multinomial(count, even)[ordered.units] for _ in range(draws))
    return Calibration(
        _steps(ordered, np.ones(known.right.size)),
        tuple(_steps(ordered, weights.astype(np.float64)) for weights in drawn),
    )


def estimated_accuracy(
    learned: Calibration, confidence: Floats, units: Integers, *, alpha: float = 0.05, seed: int = 0
) -> Estimated:
    """Expect the share of right answers among these from their confidence alone.

    The interval is for what labels would show of these very answers: it holds the chance in each
    answer, by unit, and that of the calibration. It holds while the same confidence means the same
    as before; when words change their meaning (concept drift) it does not, which is why it is
    checked against every label that comes.

    Args:
        learned: What a confidence means.
        confidence: Of the answers without labels, shape (answers,); at least one.
        units: Number of each answer's unit, shape (answers,).
        alpha: Two-sided level.
        seed: Same seed, same interval.

    Source:
        Confidence-based performance estimation, as NannyML documents it; Garg et al. 2022
        (arXiv:2201.04234) for its limits.
    """
    rng = np.random.default_rng(seed)
    share = float(calibrated(learned.steps, confidence).mean())
    unit = np.unique(units, return_inverse=True)[1]
    count = int(unit.max()) + 1
    drawn = np.empty(len(learned.resampled))
    for place, steps in enumerate(learned.resampled):
        # One number a unit: answers of a unit are right or wrong together, the careful assumption.
        drawn[place] = (rng.random(count)[unit] < calibrated(steps, confidence)).mean()
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
    return Estimated(share, float(min(low, share)), float(max(high, share)), confidence.size)


def calibrated(steps: Steps, confidence: Floats) -> Floats:
    """How often an answer of such a confidence was right, shape (answers,)."""
    return np.asarray(np.interp(confidence, steps.confidence, steps.share))


def _steps(ordered: Known, weights: Floats) -> Steps:
    """The rising shares that fit the weighted answers best; they come in order of confidence."""
    kept = weights > 0
    places, first = np.unique(ordered.confidence[kept], return_index=True)
    sizes = np.add.reduceat(weights[kept], first)
    sums = np.add.reduceat(weights[kept] * ordered.right[kept], first)
    return Steps(places, optimize.isotonic_regression(sums / sizes, weights=sizes).x)
