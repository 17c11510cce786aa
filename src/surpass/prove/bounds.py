"""How much better the tuned model is, with bounds; how good it is, with bounds."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Bounds
from surpass.measure.bootstrap import Interval, Levels, bootstrap_interval, values_of_runs
from surpass.measure.intervals import score_bounds
from surpass.measure.metrics import Metric
from surpass.measure.one_more import extended, grouped
from surpass.measure.seeds import over_seeds

Tuned = pl.DataFrame | tuple[pl.DataFrame, ...]
"""Predictions of one model, or of one recipe's training seeds on the same rows."""

NEAR_ZERO = 0.05
"""A relative margin is refused where the base's score may be below this: any gain would do."""


def no_bounds(reason: str, levels: Levels, *, items: int = 0, groups: int = 0) -> Bounds:
    """What is known where nothing can be: the levels, and why.

    Args:
        reason: A sentence without its full stop.
        levels: Of the bounds that would have been.
        items: Rows that were there.
        groups: Of these rows.
    """
    return Bounds(
        estimate=None,
        low=None,
        high=None,
        low_level=levels.low,
        high_level=levels.high,
        method=f"none: {reason}",
        items=items,
        groups=groups,
    )


def level_of(metric: Metric, tuned: Tuned, labels: tuple[str, ...], levels: Levels) -> Bounds:
    """The tuned model's own score, of several seeds their mean, with one-sided bounds.

    Raises:
        CannotTell: no rows, or the metric is undefined on them.
    """
    runs = _runs(tuned)
    if len(runs) == 1:
        return score_bounds(metric, runs[0], labels, levels)
    return _bounds(metric, _Contrast(runs, None, labels), levels)


def gain(
    metric: Metric, tuned: Tuned, base: pl.DataFrame, labels: tuple[str, ...], levels: Levels
) -> Bounds:
    """How much better the tuned model scores than the base model, with one-sided bounds.

    Paired and by group: see measure/bootstrap.py; of several seeds their mean, with bounds for the
    recipe: see measure/seeds.py. Where lower is better, the gain is how much lower the tuned model
    scores. Where there are too few groups or seeds the bounds are absent and the method says why.

    Raises:
        BadInput: the frames do not hold the same rows in the same order.
        CannotTell: no rows, or the metric is undefined on them.
    """
    bounds = _bounds(metric, _Contrast(_runs(tuned), base, labels), _asked(metric, levels))
    return bounds if metric.higher_is_better else _mirrored(bounds)


def relative_gain(
    metric: Metric,
    tuned: Tuned,
    base: pl.DataFrame,
    levels: Levels,
    *,
    labels: tuple[str, ...],
    share: float,
) -> Bounds:
    """How far the tuned model exceeds the base's score and `share` of it more: above 0, it does.

    Raises:
        BadInput: the frames do not hold the same rows in the same order.
        CannotTell: the metric is undefined, or the base's score is near 0.
    """
    of_base = level_of(metric, base, labels, levels)
    if of_base.known < NEAR_ZERO or (of_base.low is not None and of_base.low < NEAR_ZERO / 2):
        raise CannotTell(
            f"The base scores {of_base.known:.3f} {metric.title}; so near 0 a relative margin "
            "says nothing.",
            fix="Declare an absolute margin.",
        )
    times = 1 + share if metric.higher_is_better else 1 - share
    contrast = _Contrast(_runs(tuned), base, labels, times)
    bounds = _bounds(metric, contrast, _asked(metric, levels))
    return bounds if metric.higher_is_better else _mirrored(bounds)


class _Contrast(NamedTuple):
    """Predictions of the same rows: a recipe's runs, and what they are compared with."""

    runs: tuple[pl.DataFrame, ...]
    base: pl.DataFrame | None
    labels: tuple[str, ...]
    times: float = 1.0  # how many times the base's score is subtracted


def _runs(tuned: Tuned) -> tuple[pl.DataFrame, ...]:
    return (tuned,) if isinstance(tuned, pl.DataFrame) else tuned


def _bounds(metric: Metric, contrast: _Contrast, levels: Levels) -> Bounds:
    """Of the runs' mean score, or how much it exceeds the base's."""
    first = contrast.runs[0]
    for other in (*contrast.runs[1:], *(() if contrast.base is None else (contrast.base,))):
        require_same_rows(first, other)
    groups, times = grouped(first), contrast.times
    runs = tuple(extended(metric, run, contrast.labels, groups) for run in contrast.runs)
    base = None
    if contrast.base is not None:
        base = extended(metric, contrast.base, contrast.labels, groups)
    values = values_of_runs(runs, base, times=times)
    these: Interval | None = None
    found: Interval | None = None
    method = "bootstrap by group"
    try:
        these = found = bootstrap_interval(runs, base, groups, levels, times=times)
        if values.size > 1:
            found, method = None, "bootstrap by group, t by seed"  # stays none with too few seeds
            found = over_seeds(these, values, levels, floor=0.0 if base is None else -times)
    except CannotTell as error:
        method = f"none: {error.args[0]}"
    return Bounds(
        estimate=float(values.mean()),
        low=found.low if found else None,
        high=found.high if found else None,
        low_level=levels.low,
        high_level=levels.high,
        method=method,
        items=first.height,
        groups=groups.count,
        seeds=values.size,
        of_runs=(these.low, these.high) if these and values.size > 1 else None,
    )


def _asked(metric: Metric, levels: Levels) -> Levels:
    """The levels at which the plain difference is bounded; it is mirrored where lower is better."""
    return levels if metric.higher_is_better else swapped(levels)


def _mirrored(bounds: Bounds) -> Bounds:
    """The bounds of the negative."""
    pair = (bounds.low, bounds.high)
    low, high = (None if one is None else -one for one in reversed(pair))
    runs = bounds.of_runs
    return msgspec.structs.replace(
        bounds,
        estimate=-bounds.known,
        low=low,
        high=high,
        low_level=bounds.high_level,
        high_level=bounds.low_level,
        of_runs=None if runs is None else (-runs[1], -runs[0]),
    )


def swapped(levels: Levels) -> Levels:
    """The same with the two bounds' levels exchanged, for what must stay low."""
    return msgspec.structs.replace(levels, low=levels.high, high=levels.low)


def require_same_rows(tuned: pl.DataFrame, base: pl.DataFrame) -> None:
    """Refuse two models that did not answer the same rows.

    Raises:
        BadInput: other rows, another order, other expected answers or other groups.
    """
    for column in (columns.ROW, columns.TARGET, columns.GROUP):
        if not tuned[column].equals(base[column]):
            raise BadInput(
                f"Two models were scored on different rows: `{column}` differs "
                f"({tuned.height} and {base.height} rows).",
                fix="Evaluate both on the same split.",
            )
