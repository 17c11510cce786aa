"""Bounds for any metric, of one model or of the difference of two, by resampling whole groups.

The resampling is Bayesian (each group gets an exponential weight, so no label vanishes from a
resample) and meets one unseen group that went against the claim. For the mean of a bounded score
this is the bound of Gaffke (2005), studied by Learned-Miller and Thomas (2019, arXiv:1905.06208),
who conjecture that it always covers; it equals Clopper-Pearson for shares. Percentile and t bounds
covered 82 % instead of 95 % in our simulations of 20 rows on which two models err rarely.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from surpass.core.errors import CannotTell
from surpass.measure.one_more import Extended, Grouped
from surpass.measure.statistics import Additive, Floats, Weighted

MIN_GROUPS = 20
"""Below this no bound is given."""
MIN_GROUPS_A_LABEL = 5
"""Where a metric averages over labels: the mean number of groups behind a label, at the least.
Three times as many for one model alone: the bias of a mean of ratios cancels in a difference."""
BIAS_ALLOWANCE = 2.0
"""How many times the bias that the resamples show is allowed for. With five rows behind a label
they show about half of it."""

_CELLS = 2_000_000  # numbers held at once: 16 MB an array


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """How sure the bounds are, and how they are drawn."""

    low: float  # alpha of the one-sided lower bound
    high: float  # alpha of the one-sided upper bound
    draws: int = 10_000
    seed: int = 0


class Draws(msgspec.Struct, frozen=True, eq=False):
    """Resampled values, each of shape (draws,)."""

    plain: Floats  # over the seen groups alone
    against: Floats  # with an unseen group against the tuned model
    favoured: Floats  # with an unseen group in its favour


class Interval(NamedTuple):
    """A lower and an upper bound, each one-sided at its own level."""

    low: float
    high: float


def bootstrap_interval(
    tuned: Extended, base: Extended | None, groups: Grouped, levels: Levels
) -> Interval:
    """Bound the tuned model's value, or how much it exceeds the base model's on the same rows.

    Both models get the same resamples: what is hard for one tends to be hard for the other, and
    rows of one group tend to fail together.

    Where the resamples are biased (ratios with few rows behind them), the bounds reach as far as
    the value corrected for BIAS_ALLOWANCE times that bias, and as the value left alone. Where a
    label has few groups behind it they are widened by the usual n / (n - 1), as in Hesterberg's
    expanded percentile interval (2015, The American Statistician 69, section 5.3), per label.

    Raises:
        CannotTell: fewer than MIN_GROUPS groups, or MIN_GROUPS_A_LABEL a label on average.
    """
    require_groups(tuned, groups, paired=base is not None)
    draws = paired_bootstrap(tuned, base, groups, draws=levels.draws, seed=levels.seed)
    estimate = tuned.estimate - (base.estimate if base else 0.0)
    low = float(np.quantile(draws.against, levels.low))
    high = float(np.quantile(draws.favoured, 1 - levels.high))
    correction = -BIAS_ALLOWANCE * _bias(draws.plain, estimate)
    low, high = min(low, low + correction), max(high, high + correction)
    wider = _widening(tuned, groups)
    floor = 0.0 if base is None else -1.0
    return Interval(
        max(floor, estimate + (low - estimate) * wider),
        min(1.0, estimate + (high - estimate) * wider),
    )


def require_groups(model: Extended, groups: Grouped, *, paired: bool) -> None:
    """Refuse what is too small for a sound bound.

    Raises:
        CannotTell: says how many groups there are and how many are needed.
    """
    labels = groups_behind_labels(model, groups).size
    needed = needed_groups(labels, paired=paired)
    if groups.count < needed:
        why = f" for {labels} labels" if needed > MIN_GROUPS else ""
        raise CannotTell(
            f"{groups.count} groups; a bound{why} needs {needed}.",
            fix=f"Add {needed - groups.count} groups of test rows.",
        )


def needed_groups(labels: int, *, paired: bool) -> int:
    """Groups that a bound needs where a metric averages over so many labels (0: it does not)."""
    return max(MIN_GROUPS, MIN_GROUPS_A_LABEL * labels * (1 if paired else 3))


def groups_behind_labels(model: Extended, groups: Grouped) -> Floats:
    """How many groups have rows of each label that the metric averages over; empty if none."""
    strata = model.statistics.strata
    if strata is None:
        return np.zeros(0)
    pairs = np.unique(np.column_stack([strata[: model.seen], groups.member]), axis=0)
    return np.unique(pairs[:, 0], return_counts=True)[1].astype(np.float64)


def paired_bootstrap(
    tuned: Extended, base: Extended | None, groups: Grouped, *, draws: int, seed: int
) -> Draws:
    """Resampled differences of two models (or values of one), whole groups at a time.

    Groups whose rows went alike are drawn as one cell with a gamma weight, which is the same
    distribution. Time is O(draws * distinct groups * parts); memory is bounded.
    """
    rng = np.random.default_rng(seed)
    if isinstance(tuned.statistics, Additive):
        pieces = list(_additive(tuned, base, groups, draws, rng))
    else:
        pieces = list(_weighted(tuned, base, groups, draws, rng))
    return Draws(*(np.concatenate(values) for values in zip(*pieces, strict=True)))


Piece = tuple[Floats, Floats, Floats]  # plain, against, favoured


def _additive(
    tuned: Extended, base: Extended | None, groups: Grouped, draws: int, rng: np.random.Generator
) -> Iterator[Piece]:
    models = [tuned] if base is None else [tuned, base]
    statistics = [_as_additive(model) for model in models]
    sums = [_group_sums(s.items[: tuned.seen], groups) for s in statistics]
    cells, counts = np.unique(np.hstack(sums), axis=0, return_counts=True)
    against, favoured = _unseen(models, statistics)
    for size in _chunks(draws, cells.shape[0] + 4 * cells.shape[1]):
        seen = rng.standard_gamma(counts, size=(size, counts.size)) @ cells
        extra = rng.standard_exponential((size, 1))
        totals = (seen, seen + extra * against, seen + extra * favoured)
        plain, low, high = (_combined(statistics, parts) for parts in totals)
        yield plain, low, high


def _combined(statistics: list[Additive], parts: Floats) -> Floats:
    """The tuned model's value, less the base model's if there is one; parts lie side by side."""
    sides = np.split(parts, len(statistics), axis=-1)
    values = [s.combine(side) for s, side in zip(statistics, sides, strict=True)]
    return values[0] if len(values) == 1 else values[0] - values[1]


def _weighted(
    tuned: Extended, base: Extended | None, groups: Grouped, draws: int, rng: np.random.Generator
) -> Iterator[Piece]:
    models = [tuned] if base is None else [tuned, base]
    for size in _chunks(draws, 32 * (tuned.seen + 2 * tuned.share.size)):
        seen = rng.standard_exponential((size, groups.count))[:, groups.member]
        extra = rng.standard_exponential((size, 1))
        plain = _under(models, seen, np.zeros_like(extra), "right")
        yield plain, _under(models, seen, extra, "wrong"), _under(models, seen, extra, "right")


def _under(models: list[Extended], seen: Floats, unseen: Floats, answered: str) -> Floats:
    """The same for a metric that needs all rows: the base model answers the opposite way."""
    values = []
    for model, way in zip(models, (answered, _opposite(answered)), strict=False):
        if not isinstance(model.statistics, Weighted):
            raise TypeError("both models are scored by one metric")
        values.append(model.statistics.under(model.weighted(seen, unseen, way)))
    return values[0] if len(values) == 1 else values[0] - values[1]


def _as_additive(model: Extended) -> Additive:
    if not isinstance(model.statistics, Additive):
        raise TypeError("both models are scored by one metric")
    return model.statistics


def _unseen(models: list[Extended], statistics: list[Additive]) -> tuple[Floats, Floats]:
    """Parts of the unseen group, both models side by side: against the tuned one, in its favour."""
    sides = [
        [
            model.unseen_parts(s.items, _opposite(answered) if place else answered)
            for place, (model, s) in enumerate(zip(models, statistics, strict=True))
        ]
        for answered in ("wrong", "right")
    ]
    return np.concatenate(sides[0]), np.concatenate(sides[1])


def _opposite(answered: str) -> str:
    return "wrong" if answered == "right" else "right"


def _group_sums(items: Floats, groups: Grouped) -> Floats:
    """Parts summed by group, shape (groups, parts)."""
    order = np.argsort(groups.member, kind="stable")
    starts = np.searchsorted(groups.member[order], np.arange(groups.count))
    return np.asarray(np.add.reduceat(items[order], starts, axis=0))


def _chunks(draws: int, numbers_a_draw: int) -> Iterator[int]:
    size = max(1, min(draws, _CELLS // numbers_a_draw))
    for start in range(0, draws, size):
        yield min(size, draws - start)


def _bias(plain: Floats, estimate: float) -> float:
    """Mean of the resamples less the estimate; 0 where that is the noise of drawing."""
    bias = float(plain.mean()) - estimate
    noise = 4 * float(plain.std()) / np.sqrt(plain.size)
    return bias if abs(bias) > noise else 0.0


def _widening(model: Extended, groups: Grouped) -> float:
    behind = groups_behind_labels(model, groups)
    return float(np.sqrt(np.mean(1 + 1 / behind))) if behind.size else 1.0
