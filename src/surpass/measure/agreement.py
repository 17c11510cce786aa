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
    order: tuple[str, ...] = (),
    draws: int = 1_000,
    seed: int = 0,
) -> Agreement:
    """Agreement of people who judged the same units, with a two-sided 95 % interval.

    Whole units are resampled; units that one person judged do not count.

    Args:
        frame: One row a judgement, at most one of a RATER on a unit.
        value: Column of what was said; text.
        unit: Column of what was judged.
        order: All values in their order, for ordinal alpha; empty: values only differ (nominal).
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
    values = list(order) or sorted(set(paired[value]))
    places = np.array([values.index(one) for one in paired[value]])
    units = np.unique(paired[unit].to_numpy(), return_inverse=True)[1]
    counts = np.zeros((int(units.max()) + 1, len(values)))
    np.add.at(counts, (units, places), 1.0)
    coincidences = _coincidences(counts)
    ordinal = bool(order)
    alpha = _alpha(coincidences.sum(axis=0)[None], ordinal=ordinal)[0]
    low = high = None
    if len(counts) >= MIN_UNITS and not np.isnan(alpha):
        low, high = _bounds(coincidences, draws, seed, ordinal=ordinal)
    return Agreement(
        alpha=None if np.isnan(alpha) else float(alpha),
        low=low,
        high=high,
        units=len(counts),
        people=paired[RATER].n_unique(),
        judgements=paired.height,
    )


def _bounds(coincidences: Floats, draws: int, seed: int, *, ordinal: bool) -> tuple[float, float]:
    """Two-sided 95 % bounds from exponential weights on units."""
    units, values, _ = coincidences.shape
    weights = np.random.default_rng(seed).standard_exponential((draws, units))
    drawn = (weights @ coincidences.reshape(units, -1)).reshape(draws, values, values)
    low, high = np.nanquantile(_alpha(drawn, ordinal=ordinal), [0.025, 0.975])
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


def _alpha(coincidences: Floats, *, ordinal: bool) -> Floats:
    """Alpha of each matrix of coincidences, shape (draws,); nan where values do not vary."""
    totals = coincidences.sum(axis=2)
    size = totals.sum(axis=1)
    far = _distances(totals, ordinal=ordinal)
    observed = (coincidences * far).sum(axis=(1, 2)) / size
    by_chance = totals[:, :, None] * totals[:, None, :] * far
    # Units of a resample have real weights: n (n - 1) is kept, as for whole counts.
    expected = by_chance.sum(axis=(1, 2)) / (size * (size - 1))
    found = np.full(size.shape, np.nan)
    np.divide(observed, expected, out=found, where=expected > 0)
    return 1 - found


def _distances(totals: Floats, *, ordinal: bool) -> Floats:
    """Squared distances of values, shape (draws, values, values)."""
    values = totals.shape[1]
    if not ordinal:
        return np.broadcast_to(1 - np.eye(values), (len(totals), values, values))
    # Ordinal: how much was said between two values, with half of each end.
    middle = totals.cumsum(axis=1) - totals / 2
    return (middle[:, :, None] - middle[:, None, :]) ** 2
