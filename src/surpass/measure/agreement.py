"""How far people agree beyond chance: Krippendorff's alpha with bounds by unit."""

import msgspec
import numpy as np
import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.judgements import ITEM, RATER
from surpass.measure.statistics import Floats

UNCLEAR = 0.4
"""Below this the criteria are unclear: people do not mean the same."""
MIN_UNITS = 20
"""Below this no bound is given."""


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """Values are numbers: how far apart two of them are counts, not only their order."""

    ratio: bool = False  # True: 0 means none, so that 1 and 2 differ more than 11 and 12


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """1: people agree fully; 0: as by chance; below 0: worse than that."""

    alpha: float | None  # none: everybody said the same everywhere, which shows nothing
    low: float | None
    high: float | None
    units: int  # with at least two people
    people: int  # who judged any of them
    judgements: int


def krippendorff_alpha(
    frame: pl.DataFrame,
    value: str,
    *,
    unit: str = ITEM,
    order: tuple[str, ...] | Numbers = (),
    draws: int = 1_000,
    seed: int = 0,
) -> Agreement:
    """Agreement of people who judged the same units, with a two-sided 95 % interval.

    Whole units are resampled; units that one person judged do not count.

    Args:
        frame: One row a judgement, at most one of a RATER on a unit.
        value: Column of what was said; text.
        unit: Column of what was judged.
        order: All values in their order, for ordinal alpha; Numbers for interval or ratio alpha;
            empty: values only differ (nominal).
        draws: Resamples.
        seed: Same seed, same bounds.

    Raises:
        CannotTell: no unit was judged by two people.

    Source:
        Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    paired = frame.filter(pl.col(RATER).n_unique().over(unit) > 1) if frame.height else frame
    if paired.is_empty():
        raise CannotTell("No two people judged the same thing.", fix="Raise the overlap.")
    values = _values(paired[value].to_list(), order)
    places = np.array([values.index(one) for one in paired[value]])
    units = np.unique(paired[unit].to_numpy(), return_inverse=True)[1]
    counts = np.zeros((int(units.max()) + 1, len(values)))
    np.add.at(counts, (units, places), 1.0)
    coincidences = _coincidences(counts)
    fixed = None if isinstance(order, tuple) and order else _fixed_distances(values, order)
    alpha = _alpha(coincidences.sum(axis=0)[None], fixed)[0]
    low = high = None
    if len(counts) >= MIN_UNITS and not np.isnan(alpha):
        low, high = _bounds(coincidences, draws, seed, fixed)
    return Agreement(
        alpha=None if np.isnan(alpha) else float(alpha),
        low=low,
        high=high,
        units=len(counts),
        people=paired[RATER].n_unique(),
        judgements=paired.height,
    )


def _values(said: list[str], order: tuple[str, ...] | Numbers) -> list[str]:
    if isinstance(order, Numbers):
        return sorted(set(said), key=float)
    return list(order) or sorted(set(said))


def _fixed_distances(values: list[str], order: tuple[str, ...] | Numbers) -> Floats:
    """Squared distances that do not depend on what was said how often, shape (values, values)."""
    if not isinstance(order, Numbers):
        return 1 - np.eye(len(values))
    numbers = np.array([float(value) for value in values])
    apart = numbers[:, None] - numbers
    if order.ratio:
        together = numbers[:, None] + numbers
        apart = np.divide(apart, together, out=np.zeros_like(apart), where=together != 0)
    found: Floats = apart**2
    return found


def _bounds(
    coincidences: Floats, draws: int, seed: int, fixed: Floats | None
) -> tuple[float, float]:
    """Two-sided 95 % bounds from exponential weights on units."""
    units, values, _ = coincidences.shape
    weights = np.random.default_rng(seed).standard_exponential((draws, units))
    drawn = (weights @ coincidences.reshape(units, -1)).reshape(draws, values, values)
    low, high = np.nanquantile(_alpha(drawn, fixed), [0.025, 0.975])
    return float(low), float(high)


def _coincidences(counts: Floats) -> Floats:
    """Pairs of values within each unit, shape (units, values, values).

    Args:
        counts: How many people said each value of each unit, shape (units, values).
    """
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs -= counts[:, :, None] * np.eye(counts.shape[1])
    found: Floats = pairs / (counts.sum(axis=1) - 1)[:, None, None]
    return found


def _alpha(coincidences: Floats, fixed: Floats | None) -> Floats:
    """Alpha of each matrix of coincidences, shape (draws,); nan where values do not vary."""
    totals = coincidences.sum(axis=2)
    size = totals.sum(axis=1)
    far = _ordinal_distances(totals) if fixed is None else fixed
    observed = (coincidences * far).sum(axis=(1, 2)) / size
    by_chance = totals[:, :, None] * totals[:, None, :] * far
    # Units of a resample have real weights: n (n - 1) is kept, as for whole counts.
    expected = by_chance.sum(axis=(1, 2)) / (size * (size - 1))
    found = np.full(size.shape, np.nan)
    np.divide(observed, expected, out=found, where=expected > 0)
    return 1 - found


def _ordinal_distances(totals: Floats) -> Floats:
    """How much was said between two values, with half of each end; squared, a matrix a draw."""
    middle = totals.cumsum(axis=1) - totals / 2
    found: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
    return found
