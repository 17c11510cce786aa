"""CUPED: what a unit was like before the experiment explains part of what it does during it."""

from typing import NamedTuple

import numpy as np

from surpass.measure.statistics import Floats

LEAST_KNOWN = 20  # units with a history; below it nothing is adjusted


class Adjusted(NamedTuple):
    """Residuals of both arms without what history explains, and what that does to the gain."""

    champion: Floats
    challenger: Floats
    shift: float  # to be added to challenger minus champion


def adjust(
    champion: Floats, challenger: Floats, before_champion: Floats, before_challenger: Floats
) -> Adjusted:
    """Take out what the same measure before the experiment explains; never changes the question.

    Args:
        champion: Residual of each unit of the champion's arm around the arm's mean.
        challenger: The same for the challenger's arm.
        before_champion: The measure before the experiment, nan where a unit has no history.
        before_challenger: The same for the challenger's arm.

    Source:
        Deng, Xu, Kohavi and Walker 2013, Improving the sensitivity of online controlled experiments
        by utilizing pre-experiment data, section 3.2; one slope for both arms.
    """
    both = np.concatenate([before_champion, before_challenger])
    known = both[~np.isnan(both)]
    unchanged = Adjusted(champion, challenger, 0.0)
    if known.size < LEAST_KNOWN:
        return unchanged
    # Who has no history counts as average: that says nothing of the arm.
    sides = [np.where(np.isnan(b), known.mean(), b) for b in (before_champion, before_challenger)]
    spread = [side - side.mean() for side in sides]
    below = sum(float((one**2).sum()) for one in spread)
    if below == 0:
        return unchanged
    slope = (float(champion @ spread[0]) + float(challenger @ spread[1])) / below
    shift = -slope * float(sides[1].mean() - sides[0].mean())
    return Adjusted(champion - slope * spread[0], challenger - slope * spread[1], shift)
