"""Power laws with a floor, fitted to many noisy copies of one curve at once.

err(n) = floor + scale * ((n + shift) / (unit + shift))^-exponent. Without the shift this is
a + b n^-c, the law of Hestness et al. 2017 (arXiv:1712.00409). With few rows a label, errors stay
near those of guessing before they fall; the plain law takes that for a slow fall and promises too
little. The shift is that of `pow4` among the curves compared by Mohr et al. 2022, LCDB 1.0.
"""

import msgspec
import numpy as np

from surpass.measure.statistics import Floats

LEAST_EXPONENT, MOST_EXPONENT = 0.01, 2.0
MOST_SHIFT = 2.0  # times the largest size

_SHIFTS = np.concatenate([[0.0], np.geomspace(1 / 32, MOST_SHIFT, 7)])
_COARSE, _FINE = 48, 17  # exponents that are tried, over the whole range and then around the best
_AT_ONCE = 500  # curves: keeps the arrays small


class PowerLaws(msgspec.Struct, frozen=True, eq=False):
    """One law a curve, each array of shape (curves,)."""

    floor: Floats  # at least 0: what no number of rows takes away
    scale: Floats  # at least 0: what of the error at `unit` rows is above the floor
    exponent: Floats  # LEAST_EXPONENT to MOST_EXPONENT
    shift: Floats  # rows, at least 0: before about so many the error hardly falls
    unit: float  # rows

    def errors_at(self, rows: float) -> Floats:
        """The error of each curve at so many rows."""
        ratio = (rows + self.shift) / (self.unit + self.shift)
        return np.asarray(self.floor + self.scale * ratio**-self.exponent)

    def rows_for(self, error: float) -> Floats:
        """Rows at which each curve comes down to an error; infinite where its floor is above."""
        left = error - self.floor
        with np.errstate(divide="ignore", over="ignore"):
            ratio = np.where(left > 0, self.scale / np.where(left > 0, left, 1.0), np.inf)
            rows = (self.unit + self.shift) * ratio ** (1 / self.exponent) - self.shift
        return np.asarray(np.maximum(0.0, rows))


def fit_power_laws(
    sizes: Floats, errors: Floats, weights: Floats, *, shifted: bool = True
) -> PowerLaws:
    """Weighted least squares under the bounds, for each curve by itself.

    With shift and exponent given, floor and scale are a line's; so those are tried, exponents over
    the whole range and then around the best.

    Args:
        sizes: Rows, shape (sizes,).
        errors: Shape (curves, sizes).
        weights: One over the variance of each error, shape (sizes,).
        shifted: Whether a shift is tried; else it is 0.
    """
    shifts = _SHIFTS if shifted else _SHIFTS[:1]
    weights = weights / weights.sum()
    parts = [
        _fit(sizes / sizes[-1], errors[start : start + _AT_ONCE], weights, shifts)
        for start in range(0, len(errors), _AT_ONCE)
    ]
    floor, scale, exponent, shift = (np.concatenate(part) for part in zip(*parts, strict=True))
    unit = float(sizes[-1])
    return PowerLaws(floor, scale, exponent, shift * unit, unit)


def _fit(
    ratios: Floats, errors: Floats, weights: Floats, shifts: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Floor, scale, exponent and shift over the largest size, each of shape (curves,)."""
    coarse = np.geomspace(LEAST_EXPONENT, MOST_EXPONENT, _COARSE)
    exponents, shifts = (grid.ravel() for grid in np.meshgrid(coarse, shifts))
    best = _solved(_basis(ratios, exponents, shifts), errors, weights)[2].argmin(axis=1)
    step = (MOST_EXPONENT / LEAST_EXPONENT) ** (1 / (_COARSE - 1))
    around = exponents[best, None] * step ** np.linspace(-1, 1, _FINE)
    around, shift = np.clip(around, LEAST_EXPONENT, MOST_EXPONENT), shifts[best]
    floor, scale, distance = _solved(_basis(ratios, around, shift[:, None]), errors, weights)
    rows, picked = np.arange(len(errors)), distance.argmin(axis=1)
    return floor[rows, picked], scale[rows, picked], around[rows, picked], shift


def _basis(ratios: Floats, exponents: Floats, shifts: Floats) -> Floats:
    """What the scale is multiplied with at each size, shape (..., candidates, sizes)."""
    moved = (ratios + shifts[..., None]) / (1 + shifts[..., None])
    return np.asarray(moved ** -exponents[..., None])


def _solved(basis: Floats, errors: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Floor, scale and squared distance of each candidate's best line, shape (curves, candidates).

    Args:
        basis: Shape (candidates, sizes), or (curves, candidates, sizes).
        errors: Shape (curves, sizes).
        weights: Shape (sizes,), summing to 1.
    """
    mean_error = (errors @ weights)[:, None]
    mean_basis, squares = basis @ weights, basis**2 @ weights
    products = (basis @ (errors * weights)[:, :, None])[:, :, 0]
    spread = np.maximum(squares - mean_basis**2, 1e-300)
    scale = np.maximum(0.0, (products - mean_basis * mean_error) / spread)
    floor = mean_error - scale * mean_basis
    scale = np.where(floor < 0, np.maximum(0.0, products / squares), scale)
    floor = np.maximum(0.0, floor)
    distance = (
        floor**2
        + scale**2 * squares
        + 2 * floor * scale * mean_basis
        - 2 * floor * mean_error
        - 2 * scale * products
    )
    return floor, scale, distance
