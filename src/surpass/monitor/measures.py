"""The numbers of one window, each with a 95 % interval that counts users, not requests."""

from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import polars as pl
from scipy import special

from surpass.core.columns import (
    CONFIDENCE,
    COST,
    FINISH_REASON,
    LATENCY_MS,
    OUTPUT,
    OUTPUT_TOKENS,
    STATUS,
    UNIT,
)
from surpass.core.errors import CannotTell
from surpass.core.records.signal import Measure, WindowMeasures
from surpass.measure.drift.estimate import (
    FEWEST,
    Calibration,
    Known,
    calibration,
    estimated_accuracy,
)
from surpass.measure.intervals import wilson
from surpass.measure.quantiles import quantile_bounds
from surpass.measure.refusal import refuses
from surpass.measure.statistics import Floats, Integers
from surpass.monitor.traffic import CONTROL, RIGHT, VOTE, WEIGHT, Window, answers

ACCURACY, ESTIMATED = "accuracy", "estimated accuracy"
BROKEN = ("failed", "interrupted")
REFUSED = "refused"

_ALPHA = 0.05


def measured(
    window: Window, view: str, known: Calibration | None, *, as_json: bool
) -> WindowMeasures:
    """Everything that one window's requests say; what nothing is known of is left out.

    Args:
        window: Its requests.
        view: "all", or the slice that they are of.
        known: What a confidence means; None: nothing is estimated.
        as_json: Answers must be a JSON object.
    """
    rows = window.rows
    found = [*_quality(rows, known), *_answered(rows, as_json=as_json), *_amounts(rows)]
    return WindowMeasures(
        view=view,
        number=window.number,
        start=window.start,
        end=window.end,
        requests=rows.height,
        units=window.units,
        measures=tuple(one for one in found if one is not None),
    )


def labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose labels speak for all requests.

    Those of the random control part alone, if one is marked; else those with a sampling weight, if
    any has one; else all that have a label, as if they were drawn at random.
    """
    told = rows.filter(pl.col(RIGHT).is_not_null())
    if told[CONTROL].fill_null(value=False).any():
        return told.filter(pl.col(CONTROL))
    weighted = told.filter(pl.col(WEIGHT) > 0)
    return told if weighted.is_empty() else weighted


def learned_from(rows: pl.DataFrame) -> Calibration | None:
    """What a confidence means, from the labels of the reference; None where too few are known."""
    told = labelled(rows).filter(pl.col(CONFIDENCE).is_not_null())
    if told.height < FEWEST:
        return None
    right = told[RIGHT].to_numpy().astype(np.float64)
    return calibration(Known(told[CONFIDENCE].to_numpy(), right, unit_numbers(told)))


def unit_numbers(rows: pl.DataFrame) -> Integers:
    """Number of each row's user, from 0 on without gaps."""
    return (rows[UNIT].rank("dense").cast(pl.Int64) - 1).to_numpy()


def mean_measure(
    name: str, values: Floats, units: Integers, weights: Floats | None = None, *, share: bool
) -> Measure | None:
    """A mean with its interval; None without values.

    A share has Wilson's interval with as many trials as the rows are worth, a mean of numbers the
    t interval with a standard error by user. Under 20 users there is no interval.

    Source:
        Hájek 1971 for the weighted mean; Cochran 1977, section 6.4, for its error by user; Kish
        1965 for the worth of rows that depend on each other.
    """
    if values.size == 0:
        return None
    weight = np.ones(values.size) if weights is None else weights
    mean = float((weight * values).sum() / weight.sum())
    sums = np.bincount(units, weight * (values - mean))
    count = sums.size
    low = high = None
    if count >= 20:
        error = float(np.sqrt(count / (count - 1) * (sums**2).sum()) / weight.sum())
        if share:
            spread = mean * (1 - mean)
            trials = min(spread / error**2, values.size) if error > 0 and spread > 0 else count
            low, high = wilson(mean * trials, trials, _ALPHA)
        else:
            reach = float(special.stdtrit(count - 1, 1 - _ALPHA / 2)) * error
            low, high = mean - reach, mean + reach
    return Measure(name=name, estimate=mean, low=low, high=high, rows=values.size)


def _quality(rows: pl.DataFrame, known: Calibration | None) -> Iterator[Measure | None]:
    told = labelled(rows)
    weights = None
    if not told.is_empty() and told[WEIGHT].null_count() == 0:
        weights = told[WEIGHT].to_numpy()
    right = told[RIGHT].to_numpy().astype(np.float64)
    yield mean_measure(ACCURACY, right, unit_numbers(told), weights, share=True)
    yield _estimated(rows, known)
    for name in [column for column in rows.columns if column.startswith(VOTE)]:
        given = rows[name].is_not_null()
        voted = rows.filter(given)
        label = name.removeprefix(VOTE)
        yield mean_measure(
            f"{label}: votes", given.cast(float).to_numpy(), unit_numbers(rows), share=True
        )
        values = voted[name].to_numpy()
        plain = bool(values.size) and values.min() >= 0 and values.max() <= 1
        yield mean_measure(f"{label}: score", values, unit_numbers(voted), share=plain)


def _estimated(rows: pl.DataFrame, known: Calibration | None) -> Measure | None:
    sure = rows.filter(pl.col(CONFIDENCE).is_not_null())
    if known is None or sure.is_empty():
        return None
    found = estimated_accuracy(known, sure[CONFIDENCE].to_numpy(), unit_numbers(sure))
    return Measure(
        name=ESTIMATED, estimate=found.share, low=found.low, high=found.high, rows=found.answers
    )


def _answered(rows: pl.DataFrame, *, as_json: bool) -> Iterator[Measure | None]:
    """What became of the requests, as shares."""
    yield _share(rows, STATUS, "broken", lambda status: status in BROKEN)
    yield _share(rows, STATUS, "rejected", lambda status: status == REFUSED)
    yield _share(rows, FINISH_REASON, "cut short", lambda reason: reason == "length")
    texts = rows.select(UNIT, answers(rows))
    yield _share(texts, OUTPUT, "refuses", refuses)
    if as_json:
        yield _share(texts, OUTPUT, "valid format", _is_object)


def _amounts(rows: pl.DataFrame) -> Iterator[Measure | None]:
    for column, name in (
        (OUTPUT_TOKENS, "answer tokens"),
        (COST, "cost"),
        (CONFIDENCE, "confidence"),
    ):
        some = rows.filter(pl.col(column).is_not_null())
        values = some[column].to_numpy().astype(np.float64)
        yield mean_measure(name, values, unit_numbers(some), share=False)
    waits = rows[LATENCY_MS].drop_nulls().to_numpy().astype(np.float64)
    for at, name in ((0.5, "latency ms, median"), (0.95, "latency ms, 95 %")):
        try:
            bounds = quantile_bounds(waits, at, _ALPHA / 2)
        except CannotTell:
            continue
        yield Measure(
            name=name, estimate=bounds.estimate, low=bounds.low, high=bounds.high, rows=waits.size
        )


def _share(
    rows: pl.DataFrame, column: str, name: str, holds: Callable[[str], bool]
) -> Measure | None:
    some = rows.filter(pl.col(column).is_not_null())
    values = np.array([holds(value) for value in some[column]], dtype=np.float64)
    return mean_measure(name, values, unit_numbers(some), share=True)


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return False
