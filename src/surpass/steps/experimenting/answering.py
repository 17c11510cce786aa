"""Who gives feedback at all: if the arms differ in that, the mean of what is given misleads."""

from typing import NamedTuple

import numpy as np

from surpass.core.records.experiment import Band
from surpass.measure.sequential.effect import UnitRows
from surpass.prove.experiment_bands import Question, bounded

_ALPHA = 0.05  # chance of ever warning where the arms answer alike


class Answering(NamedTuple):
    """Share of units that answered, and what those who did not could do to the gain."""

    band: Band
    unequal: bool  # True: the shares surely differ
    worst: float | None  # gain over all units if the silent ones spoke against the challenger
    best: float | None  # and if they spoke for it; none: an arm has no units yet


def answering(
    exposed: UnitRows,
    given: UnitRows,
    shares: tuple[float, ...],
    days: tuple[float, ...],
    limits: tuple[float, float],
) -> Answering:
    """Compare how many units answer, and bound the gain over all of them, silent ones included.

    Args:
        exposed: 1 above for each unit that answered, of all units that met the experiment.
        given: What those that answered gave, a mean of their votes.
        shares: The challenger's share in each period.
        days: Moments of the looks.
        limits: Between which an answer lies.

    Source:
        Manski 1990, Nonparametric bounds on treatment effects: no assumption on who is silent.
    """
    question = Question(
        metric="answered",
        higher_is_better=True,
        limits=(0.0, 1.0),
        alpha_low=_ALPHA / 2,
        alpha_high=_ALPHA / 2,
        tuned_to=2_000,
    )
    band = bounded(question, exposed, shares, days).band
    unequal = band.low is not None and band.high is not None and (band.low > 0 or band.high < 0)
    if min(exposed.arms()) == 0:
        return Answering(band, unequal, None, None)
    edges = [_edges(exposed, given, challenger=side, limits=limits) for side in (False, True)]
    (champion_low, champion_high), (low, high) = edges
    return Answering(band, unequal, low - champion_high, high - champion_low)


def _edges(
    exposed: UnitRows, given: UnitRows, *, challenger: bool, limits: tuple[float, float]
) -> tuple[float, float]:
    """Mean over all units of an arm if every silent one gave the least, and the most."""
    count = int((exposed.challenger == challenger).sum())
    ours = given.challenger == challenger
    said = float(np.sum(given.above[ours] / given.below[ours]))
    silent = count - int(ours.sum())
    return (said + silent * limits[0]) / count, (said + silent * limits[1]) / count
