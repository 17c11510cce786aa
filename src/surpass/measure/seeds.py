"""From bounds for a few training runs to bounds for the recipe: what other seeds would have given.

The rows' part of the uncertainty comes from the bootstrap by group; the seeds' part is Student's t
over the runs' own values, stretched, since from a handful of runs nobody sees a skewed spread. Why
these and no others: docs/decisions/0006-several-seeds.md.
"""

import numpy as np
from scipy import special

from surpass.core.errors import CannotTell
from surpass.measure.bootstrap import Interval, Levels
from surpass.measure.statistics import Floats

MIN_SEEDS = 3
"""Below this no bound over seeds is given."""
FEW_SEEDS = 5
"""Below this a conclusion is told as one about these runs."""
STRETCH = 2.25
"""Of Student's t: with it a spread as skewed as the exponential distribution is covered, too, to
within two points, from MIN_SEEDS seeds on. Plain t covers 84 % instead of 95 % there."""


def over_seeds(these: Interval, values: Floats, levels: Levels, *, floor: float) -> Interval:
    """Bounds for the mean over all seeds, from bounds for the mean of these runs.

    The two distances from the mean are added as the legs of a right angle. A run's value also
    holds what this test's rows made of this run, so that part counts twice: never too narrow.

    A collapse that happens to one seed in ten is not seen in a few runs, and not covered.

    Args:
        these: Bounds for the mean of `values` as the rows vary.
        values: Each run's score, or its gain, shape (seeds,).
        levels: Of both bounds, as in `these`.
        floor: The lowest value that there is; 1 is the highest.

    Raises:
        CannotTell: fewer than MIN_SEEDS seeds.

    Source:
        Zou and Donner 2008, Construction of confidence limits about effect measures, Statistics in
        Medicine 27, section 2, for the sum of the squares.
    """
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    low = np.hypot(mean - these.low, seed_reach(values.size, levels.low, spread))
    high = np.hypot(these.high - mean, seed_reach(values.size, levels.high, spread))
    return Interval(max(floor, mean - float(low)), min(1.0, mean + float(high)))


def seed_reach(seeds: int, level: float, spread: float) -> float:
    """How far a bound lies from the mean of so many seeds because of their spread alone.

    Args:
        seeds: How many runs.
        level: alpha of the one-sided bound.
        spread: Standard deviation of one run's value.

    Raises:
        CannotTell: fewer than MIN_SEEDS seeds.
    """
    if seeds < MIN_SEEDS:
        raise CannotTell(
            f"{seeds} seeds; a bound over seeds needs {MIN_SEEDS}.",
            fix=f"Set [criteria] seeds to {MIN_SEEDS} or more, or to 1 to judge one artefact.",
        )
    quantile = -float(special.stdtrit(seeds - 1, level))
    return STRETCH * quantile * spread / float(np.sqrt(seeds))
