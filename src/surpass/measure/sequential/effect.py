"""The gain of the challenger with a standard error by unit, over periods of constant shares."""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from surpass.core.errors import CannotTell
from surpass.core.wording import counted
from surpass.measure.sequential.cuped import adjust
from surpass.measure.statistics import Floats, Integers

LEAST_IN_PERIOD = 20  # units of either arm; a period with fewer waits


class UnitRows(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One measure of an experiment's units: a row for each unit and period, all shape (rows,)."""

    unit: Integers  # number of the unit; one that comes in two periods has one number
    period: Integers  # number of the period
    challenger: NDArray[np.bool_]  # the arm
    above: Floats  # what is counted: successes, sums of scores, money
    below: Floats  # of how many: 1 for a mean over units; requests or answers for a ratio
    before: Floats  # the same ratio before the experiment; nan: unknown
    ready: Floats  # days after the start when the outcome was complete; never falling

    def until(self, day: float) -> "UnitRows":
        """Those whose outcome was complete by then."""
        return self.taken(slice(int(np.searchsorted(self.ready, day, side="right"))))

    def taken(self, which: slice | NDArray[np.bool_]) -> "UnitRows":
        """Some of the rows."""
        return UnitRows(
            unit=self.unit[which],
            period=self.period[which],
            challenger=self.challenger[which],
            above=self.above[which],
            below=self.below[which],
            before=self.before[which],
            ready=self.ready[which],
        )

    def arms(self) -> tuple[int, int]:
        """Rows of the champion's arm and of the challenger's."""
        challengers = int(self.challenger.sum())
        return self.challenger.size - challengers, challengers


class Effect(NamedTuple):
    """Challenger minus champion."""

    champion: float
    challenger: float
    gain: float  # after CUPED, so not always the difference of the two
    error: float  # standard error of the gain, by unit
    units: float  # that count as much as this many would with shares of one half
    champion_units: int
    challenger_units: int


class _Part(NamedTuple):
    """One period."""

    levels: Floats  # champion, challenger
    gain: float
    unit: Integers
    influence: Floats  # of each row on the gain
    imagined: float  # variance of the units that nobody saw
    weight: float


def effect(rows: UnitRows, shares: tuple[float, ...], *, is_share: bool) -> Effect:
    """Estimate the gain within each period, and combine.

    A period weighs as much as it can tell: units times share times the rest. The weights depend on
    the shares alone, never on outcomes. Units that come in several periods are one in the error.

    Args:
        rows: One row a unit and period.
        shares: The challenger's share in each period.
        is_share: The measure lies between 0 and 1. Then either arm gets two units that nobody saw,
            one at 0 and one at 1, in its variance: rare events must not look certain.

    Raises:
        CannotTell: no period has LEAST_IN_PERIOD units on either side, or nothing varies.

    Source:
        Deng, Knoblich and Lu 2018, Applying the delta method in metric analytics, for ratios;
        Agresti and Caffo 2000 for the two units; Crump, Hotz, Imbens and Mitnik 2009, Dealing with
        limited overlap, for the weights.
    """
    found = [_period(rows, number, share, is_share) for number, share in enumerate(shares)]
    parts = [part for part in found if part is not None]
    if not parts:
        raise CannotTell(
            f"No period has {counted(LEAST_IN_PERIOD, 'unit')} on either side with an outcome.",
            fix="Wait for more units, or for their windows to close.",
        )
    total = sum(part.weight for part in parts)
    influence = np.zeros(int(rows.unit.max()) + 1)
    variance = 0.0
    for part in parts:
        weight = part.weight / total
        influence += np.bincount(part.unit, weight * part.influence, influence.size)
        variance += weight**2 * part.imagined
    variance += float((influence**2).sum())
    if variance <= 0:
        raise CannotTell("It is the same for every unit so far.", fix="Wait for more units.")
    levels = np.sum([part.levels * (part.weight / total) for part in parts], axis=0)
    ours = np.isin(rows.period, [n for n, part in enumerate(found) if part is not None])
    return Effect(
        champion=float(levels[0]),
        challenger=float(levels[1]),
        gain=sum(part.gain * part.weight for part in parts) / total,
        error=float(np.sqrt(variance)),
        units=4 * total,
        champion_units=int((ours & ~rows.challenger).sum()),
        challenger_units=int((ours & rows.challenger).sum()),
    )


def _period(rows: UnitRows, number: int, share: float, is_share: bool) -> _Part | None:  # noqa: FBT001
    """None where too little is known yet."""
    arms = [np.flatnonzero((rows.period == number) & (rows.challenger == side)) for side in (0, 1)]
    if min(arm.size for arm in arms) < LEAST_IN_PERIOD:
        return None
    if any(rows.below[arm].sum() <= 0 for arm in arms):
        return None
    a, b = (_arm(rows.above[arm], rows.below[arm], is_share=is_share) for arm in arms)
    adjusted = adjust(a.residuals, b.residuals, *(rows.before[arm] for arm in arms))
    return _Part(
        levels=np.array([a.level, b.level]),
        gain=b.level - a.level + adjusted.shift,
        unit=rows.unit[np.concatenate(arms)],
        influence=np.concatenate([-adjusted.champion * a.scale, adjusted.challenger * b.scale]),
        imagined=a.imagined + b.imagined,
        weight=share * (1 - share) * sum(arm.size for arm in arms),
    )


class _Arm(NamedTuple):
    level: float
    residuals: Floats  # of each unit, in the measure's unit
    scale: float  # times a residual: the unit's influence on the level
    imagined: float


def _arm(above: Floats, below: Floats, *, is_share: bool) -> _Arm:
    usual, count = below.mean(), above.size
    level = float(above.sum() / below.sum())
    if not is_share:
        scale = 1 / np.sqrt(count * (count - 1))
        return _Arm(level, (above - level * below) / usual, float(scale), 0.0)
    middle = float((above.sum() + usual) / (below.sum() + 2 * usual))
    imagined = (middle**2 + (1 - middle) ** 2) / (count + 2) ** 2
    return _Arm(level, (above - middle * below) / usual, 1 / (count + 2), imagined)
