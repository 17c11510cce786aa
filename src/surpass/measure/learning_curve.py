"""Learning curves: how the error falls with rows, and what that says of rows not yet there.

The law is that of measure/power_law.py. Past four times the largest size measured nothing is said,
nor from a curve that is no such curve (Viering and Loog 2021, arXiv:2103.10948, show many).
"""

from enum import StrEnum
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.special import polygamma

from surpass.core.errors import CannotTell
from surpass.measure.power_law import PowerLaws, fit_power_laws
from surpass.measure.statistics import Floats

MIN_SIZES = 5
MIN_SEEDS = 3
FARTHEST = 4.0  # times the largest size
LEVEL = 0.9  # of every interval, both sides together

_WHOLE_SHARE = 0.75  # of the pool: beyond it subsets share so many rows that their spread is none
_WORST_MISFIT = 4.0  # times the noise: no power law
_LEAST_SPREAD = 0.03  # of a mean error, as a share of it: no curve follows its law more closely
_SLOPE_SPREAD = 1.0  # of h in the noise's k^2 n^-h about 1, before anything is seen
_LEAST_ERROR = 1e-3  # for that share: a mean error of 0 is not known without doubt
_CLEAR_RISE = 3.0  # standard errors
_FLAT = 1e-4  # a fall of the error that is none


class Measured(msgspec.Struct, frozen=True, eq=False):
    """What trainings on nested subsets of one pool of rows came to."""

    sizes: Floats  # rows of each subset, ascending, shape (sizes,)
    errors: Floats  # shape (seeds, sizes); each seed has its own order of the pool
    shifts: Floats  # shape (draws, sizes): how other scored items would move the mean errors
    pool: int  # rows that subsets are drawn from


class LearningCurve(msgspec.Struct, frozen=True, eq=False):
    """The fitted law, and the laws that fit as well."""

    law: PowerLaws  # the one that fits best
    draws: tuple[PowerLaws, PowerLaws]  # one a draw: with a shift, and without
    run_noise: Floats  # of one training on all rows, a draw each
    sizes: Floats  # all that were measured
    errors: Floats  # mean over seeds, shape (sizes,)

    @property
    def smallest(self) -> int:
        """Rows of the smallest subset."""
        return int(self.sizes[0])

    @property
    def largest(self) -> int:
        """Rows of the largest subset."""
        return int(self.sizes[-1])

    @property
    def farthest(self) -> int:
        """Rows up to which it speaks."""
        return int(FARTHEST * self.largest)


class Estimate(NamedTuple):
    """A number with its interval."""

    value: float
    low: float
    high: float


class Reach(StrEnum):
    """Whether rows alone bring the error down to a target."""

    REACHED = "reached"  # the rows at hand are enough
    NEEDED = "needed"  # so many more
    UNREACHABLE = "not reachable"  # the floor lies above the target
    BEYOND = "beyond"  # more than four times the largest size, or never


class RowsNeeded(NamedTuple):
    """Rows in all, not rows to be added."""

    reach: Reach
    rows: int | None  # None: UNREACHABLE or BEYOND
    low: int | None  # at least so many; None: UNREACHABLE
    high: int | None  # at most; None: that lies beyond the farthest size, or nowhere


def fit_curve(measured: Measured, *, seed: int = 0) -> LearningCurve:
    """Fit the law to the mean errors, and to what they would be with other rows and other items.

    Other items: `shifts`. Other rows and trainings: normal draws by the spread between seeds, which
    is pooled over sizes, counts the rows that all seeds share, has the tails of Student for the few
    seeds, and is stretched where the law fits worse than that.
    Resampling three seeds would show two thirds of their variance and nothing of the shared pool.
    Every interval holds what the law says with a shift and without: a few points cannot tell which
    of the two goes on.

    Raises:
        CannotTell: too few sizes or seeds, an error that rises with rows, one that does not fall,
            or one that falls by no power law.
    """
    _require_enough(measured)
    errors = measured.errors.mean(axis=0)
    noise = _noise_of_one(measured)
    covariance = _noise_of_means(measured, noise)
    _refuse_rise(measured, errors, covariance)
    weights = 1 / np.diag(covariance)
    law = fit_power_laws(measured.sizes, errors[None, :], weights)
    stretch = _stretch(measured.sizes, errors, law, weights)
    rng = np.random.default_rng(seed)
    draws = len(measured.shifts)
    degrees = max(2.0, (len(measured.errors) - 1) * errors.size / 2)  # nested sizes tell half
    tails = stretch * np.sqrt(degrees / rng.chisquare(degrees, draws))
    moved = rng.standard_normal((draws, errors.size)) @ _root(covariance).T * tails[:, None]
    drawn = np.clip(errors + moved + measured.shifts, 0.0, 1.0)
    curve = LearningCurve(
        law=law,
        draws=(
            fit_power_laws(measured.sizes, drawn, weights),
            fit_power_laws(measured.sizes, drawn, weights, shifted=False),
        ),
        run_noise=np.sqrt(noise[-1]) * tails * rng.standard_normal(draws),
        sizes=measured.sizes,
        errors=errors,
    )
    _refuse_flat(curve)
    return curve


def error_at(curve: LearningCurve, rows: float, *, one_training: bool = False) -> Estimate:
    """The error at so many rows: the mean of many trainings, or the next one's.

    Raises:
        CannotTell: beyond FARTHEST times the largest size measured, or below where the law begins.
    """
    if not curve.smallest <= rows <= curve.farthest:
        raise CannotTell(
            f"The curve holds from {curve.smallest:,} to {curve.largest:,} rows and "
            f"says nothing of {rows:,.0f}.",
            fix=f"Ask for at most {curve.farthest:,} rows, or label more and measure again.",
        )
    drawn = [laws.errors_at(rows) for laws in curve.draws]
    if one_training:
        drawn = [np.clip(errors + curve.run_noise, 0.0, 1.0) for errors in drawn]
    return _estimate(drawn)


def gain_of(curve: LearningCurve, rows: int, more: int) -> Estimate:
    """How much the error falls from `rows` to `rows + more`."""
    drawn = [laws.errors_at(rows) - laws.errors_at(rows + more) for laws in curve.draws]
    return _estimate(drawn)


def rows_for(curve: LearningCurve, error: float) -> RowsNeeded:
    """Rows at which the median of all laws that fit, as in `error_at`, comes down to an error."""
    drawn = [laws.rows_for(error) for laws in curve.draws]
    tail = (1 - LEVEL) / 2
    best = float(np.quantile(np.concatenate(drawn), 0.5, method="inverted_cdf"))
    if all(np.mean(np.isinf(rows)) >= 1 - tail for rows in drawn):
        return RowsNeeded(Reach.UNREACHABLE, None, None, None)
    low = min(np.quantile(rows, tail, method="inverted_cdf") for rows in drawn)
    high = max(np.quantile(rows, 1 - tail, method="inverted_cdf") for rows in drawn)
    least = int(np.ceil(min(low, curve.farthest)))
    if best > curve.farthest:
        return RowsNeeded(Reach.BEYOND, None, least, None)
    most = int(np.ceil(high)) if high <= curve.farthest else None
    reach = Reach.REACHED if best <= curve.largest else Reach.NEEDED
    return RowsNeeded(reach, int(np.ceil(best)), least, most)


def _estimate(drawn: list[Floats]) -> Estimate:
    """The median of all laws that fit, with an interval that holds each kind's own.

    The one law that fits best jumps from one draw of subsets to the next; their median does not.
    """
    tail = (1 - LEVEL) / 2
    ends = [np.quantile(one, [tail, 1 - tail]) for one in drawn]
    middle = float(np.median(np.concatenate(drawn)))
    return Estimate(middle, float(min(one[0] for one in ends)), float(max(one[1] for one in ends)))


def _require_enough(measured: Measured) -> None:
    seeds, sizes = measured.errors.shape
    if np.unique(measured.sizes).size < MIN_SIZES or seeds < MIN_SEEDS:
        raise CannotTell(
            f"{seeds} seeds at {sizes} sizes; a curve needs {MIN_SEEDS} seeds at {MIN_SIZES}.",
            fix="Train on more seeds or sizes.",
        )


def _noise_of_one(measured: Measured) -> Floats:
    """Variance between trainings on n fresh rows each, for each size, shape (sizes,).

    It is taken as k^2 n^-h with h near 1, as of means; the spread between seeds at one size alone
    says little. Subsets of a pool of N rows show 1 - n/N of it.
    """
    usable = measured.sizes <= _WHOLE_SHARE * measured.pool
    sizes = measured.sizes[usable]
    seen = measured.errors[:, usable].var(axis=0, ddof=1) / (1 - sizes / measured.pool)
    level = float(seen.mean())
    if level == 0:
        return np.zeros(measured.sizes.size)
    from_middle = np.log(sizes) - np.log(sizes).mean()
    logs = np.log(np.maximum(seen, 1e-3 * level))
    error = polygamma(1, (len(measured.errors) - 1) / 2)  # variance of a log of chi squared
    told, assumed = float((from_middle**2).sum()) / error, 1 / _SLOPE_SPREAD**2
    slope = -float((from_middle * logs).sum()) / float((from_middle**2).sum())
    fall = (told * slope + assumed * 1.0) / (told + assumed)
    shape = measured.sizes**-fall
    return np.asarray(shape * (seen / shape[usable]).mean())


def _noise_of_means(measured: Measured, noise: Floats) -> Floats:
    """Covariance of the mean errors over seeds, shape (sizes, sizes).

    Means of nested parts of m <= n rows correlate as the root of m/n. The part of it that is the
    root of mn over N comes from the pool and is the same for all seeds.
    """
    sizes, seeds = measured.sizes, len(measured.errors)
    nested = np.sqrt(np.minimum.outer(sizes, sizes) / np.maximum.outer(sizes, sizes))
    pool = np.sqrt(np.outer(sizes, sizes)) / measured.pool
    shared = np.sqrt(np.outer(noise, noise)) * (pool + (nested - pool) / seeds)
    errors = np.maximum(measured.errors.mean(axis=0), _LEAST_ERROR)
    return np.asarray(shared + np.diag((_LEAST_SPREAD * errors) ** 2))


def _root(covariance: Floats) -> Floats:
    """A matrix whose product with its transpose is the covariance, singular or not."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _stretch(sizes: Floats, errors: Floats, law: PowerLaws, weights: Floats) -> float:
    """How far the points lie from the law over how far noise would put them; at least 1.

    The square root of chi squared over its degrees of freedom; Birge 1932, Physical Review 40.

    Raises:
        CannotTell: they lie so far that there is no such law.
    """
    misses = errors - np.array([law.errors_at(size)[0] for size in sizes])
    found = float(np.sqrt((weights * misses**2).sum() / max(1, sizes.size - 3)))
    if found > _WORST_MISFIT:
        raise CannotTell(
            f"The error falls by no power law: the points lie {found:.1f} times as far from it as "
            "noise would put them.",
            fix="Train on more seeds, or label more rows and measure again.",
        )
    return max(1.0, found)


def _refuse_rise(measured: Measured, errors: Floats, covariance: Floats) -> None:
    """Refuse a curve on which more rows make it worse, beyond noise."""
    whole = covariance + np.cov(measured.shifts, rowvar=False)
    for later in range(1, errors.size):
        for earlier in range(later):
            rise = errors[later] - errors[earlier]
            spread = whole[earlier, earlier] + whole[later, later] - 2 * whole[earlier, later]
            if rise > max(_FLAT, _CLEAR_RISE * float(np.sqrt(max(0.0, spread)))):
                few, many = measured.sizes[[earlier, later]]
                raise CannotTell(
                    f"The error rises from {errors[earlier]:.1%} at {few:,.0f} rows to "
                    f"{errors[later]:.1%} at {many:,.0f}: no power law, so nothing follows of more "
                    "rows.",
                    fix="Look for wrong labels (`surpass check`), or train longer on many rows.",
                )


def _refuse_flat(curve: LearningCurve) -> None:
    """Refuse a curve on which more rows show no gain: every exponent fits it, 0 too."""
    first, last = curve.smallest, curve.largest
    falls = [laws.errors_at(first) - laws.errors_at(last) for laws in curve.draws]
    if min(np.quantile(fall, (1 - LEVEL) / 2) for fall in falls) < _FLAT:
        raise CannotTell(
            f"From {first:,} to {last:,} rows the error goes from "
            f"{curve.errors[curve.sizes == first][0]:.1%} to "
            f"{curve.errors[-1]:.1%}, which may be no fall at all: nothing follows of more rows.",
            fix="Bring more validation rows or seeds to see a small gain; or the method is the "
            "limit, not the rows.",
        )
