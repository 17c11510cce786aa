"""What became of each unit within its window, for one metric."""

from datetime import timedelta
from typing import NamedTuple

import polars as pl

from surpass.core.columns import (
    AT,
    COST,
    EXPERIMENT,
    FINISH_REASON,
    LABEL,
    LATENCY_MS,
    NAME,
    OUTPUT,
    OUTPUT_TOKENS,
    STATUS,
    UNIT,
    VALUE,
)
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.experiment import RunningExperiment
from surpass.core.settings.experiment import (
    ExperimentMetric,
    FeedbackMean,
    FeedbackShare,
    Kpi,
    Requests,
)
from surpass.measure.refusal import refuses
from surpass.measure.sequential.effect import UnitRows
from surpass.steps.experimenting.meetings import (
    CLOSES,
    COMPLETE,
    IS_CHALLENGER,
    PERIOD,
    Journaled,
    apart,
)
from surpass.steps.experimenting.running import moment_of

_ABOVE, _BELOW, _BEFORE, _MET = "above", "below", "before", "met"
_FAILED = ("failed", "interrupted")
_ANSWERED = ("finished", *_FAILED)
_MICROSECONDS = 86_400e6  # of a day


class Measured(NamedTuple):
    """One metric of an experiment: events of units, and how they make a number of a unit."""

    events: pl.DataFrame  # UNIT, AT, above, below: of everything that happened, history included
    limits: tuple[float, float] | None  # of a unit's number; none: unlimited
    by_unit: bool  # True: a mean over units, who has no event counts as 0; False: a ratio
    at_most_once: bool = False  # a unit counts 1 however often it happens


def measured(metric: ExperimentMetric, one: RunningExperiment, seen: Journaled) -> Measured:
    """The events behind a metric.

    Raises:
        CannotTell: the journal does not hold what the metric needs.
        BadInput: the KPI file does not.
    """
    match metric:
        case FeedbackShare():
            good = _votes(metric, one, seen).filter(_is_good(metric))
            events = _events(good, pl.lit(1.0), pl.lit(1.0))
            return Measured(events, (0.0, 1.0), by_unit=True, at_most_once=True)
        case FeedbackMean():
            numbers = _votes(metric, one, seen).drop_nulls(VALUE)
            events = _events(numbers, pl.col(VALUE), pl.lit(1.0))
            return Measured(events, (metric.low, metric.high), by_unit=False)
        case Kpi():
            return _kpi(metric, seen.kpi, pl.concat([seen.requests[UNIT], seen.exposures[UNIT]]))
        case Requests():
            return _logged(metric, one, seen)


def any_feedback(
    metric: FeedbackShare | FeedbackMean, one: RunningExperiment, seen: Journaled
) -> Measured:
    """Whether a unit gave a metric's feedback at all, whatever it said."""
    events = _events(_votes(metric, one, seen), pl.lit(1.0), pl.lit(1.0))
    return Measured(events, (0.0, 1.0), by_unit=True, at_most_once=True)


def given_feedback(
    metric: FeedbackShare | FeedbackMean, one: RunningExperiment, seen: Journaled
) -> Measured:
    """What those units said that said anything: a mean of their votes."""
    if isinstance(metric, FeedbackMean):
        return measured(metric, one, seen)
    votes = _votes(metric, one, seen)
    return Measured(_events(votes, _is_good(metric), pl.lit(1.0)), (0.0, 1.0), by_unit=False)


def unit_rows(found: Measured, one: RunningExperiment, met: pl.DataFrame) -> UnitRows:
    """One row for each unit and period whose window closed, in the order of closing.

    Args:
        found: The metric's events.
        one: The experiment.
        met: Of `meetings`.

    Raises:
        BadInput: a unit's number is outside the declared limits.
    """
    closed = met.filter(COMPLETE).sort(CLOSES, UNIT, maintain_order=True)
    within = (
        closed.select(UNIT, PERIOD, pl.col(AT).alias(_MET), CLOSES)
        .join(found.events, on=UNIT, how="inner")
        .filter((pl.col(AT) >= pl.col(_MET)) & (pl.col(AT) < pl.col(CLOSES)))
        .group_by(UNIT, PERIOD)
        .agg(pl.col(_ABOVE).sum(), pl.col(_BELOW).sum())
    )
    rows = closed.join(within, on=[UNIT, PERIOD], how="left", maintain_order="left")
    rows = _as_numbers(rows, found).join(
        _history(found, one), on=UNIT, how="left", maintain_order="left"
    )
    rows = rows.filter(pl.col(_BELOW) > 0)
    _require_limits(rows, found.limits)
    start = moment_of(one.periods[0].start)
    days = (rows[CLOSES] - start).dt.total_microseconds() / _MICROSECONDS
    return UnitRows(
        unit=(rows[UNIT].rank("dense").cast(pl.Int64) - 1).to_numpy(),
        period=rows[PERIOD].cast(pl.Int64).to_numpy(),
        challenger=rows[IS_CHALLENGER].to_numpy().astype(bool),
        above=rows[_ABOVE].cast(pl.Float64).to_numpy(),
        below=rows[_BELOW].cast(pl.Float64).to_numpy(),
        before=rows[_BEFORE].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        ready=days.to_numpy(),
    )


def _as_numbers(rows: pl.DataFrame, found: Measured) -> pl.DataFrame:
    """Sums of events as above and below; a ratio's units without events stay at 0 of 0."""
    above = pl.col(_ABOVE).fill_null(0.0)
    above = above.clip(0.0, 1.0) if found.at_most_once else above
    below = pl.lit(1.0) if found.by_unit else pl.col(_BELOW).fill_null(0.0)
    return rows.with_columns(above.alias(_ABOVE), below.alias(_BELOW))


def _history(found: Measured, one: RunningExperiment) -> pl.DataFrame:
    """The same number in the days before the start; units that had no event then are not there."""
    start = moment_of(one.periods[0].start)
    since = start - timedelta(days=one.started.plan.history_days)
    before = found.events.filter((pl.col(AT) >= since) & (pl.col(AT) < start))
    sums = before.group_by(UNIT).agg(pl.col(_ABOVE).sum(), pl.col(_BELOW).sum())
    numbers = _as_numbers(sums, found).filter(pl.col(_BELOW) > 0)
    return numbers.select(UNIT, (pl.col(_ABOVE) / pl.col(_BELOW)).alias(_BEFORE))


def _require_limits(rows: pl.DataFrame, limits: tuple[float, float] | None) -> None:
    if limits is None or rows.is_empty():
        return
    numbers = rows[_ABOVE] / rows[_BELOW]
    outside = rows.filter((numbers < limits[0] - 1e-9) | (numbers > limits[1] + 1e-9))
    if outside.height:
        raise BadInput(
            f"{outside.height} of {rows.height} units lie outside {limits[0]:g} to {limits[1]:g}.",
            fix="Declare the metric's real limits, and start anew: they are sealed.",
        )


def _events(frame: pl.DataFrame, above: pl.Expr, below: pl.Expr) -> pl.DataFrame:
    return frame.select(
        UNIT,
        AT,
        above.cast(pl.Float64).alias(_ABOVE),
        below.cast(pl.Float64).alias(_BELOW),
    )


def _votes(
    metric: FeedbackShare | FeedbackMean, one: RunningExperiment, seen: Journaled
) -> pl.DataFrame:
    return apart(one, seen).filter(pl.col(NAME) == metric.feedback)


def _is_good(metric: FeedbackShare) -> pl.Expr:
    good = pl.col(VALUE) > 0 if metric.good is None else pl.col(LABEL) == metric.good
    return good.fill_null(value=False)


def _kpi(metric: Kpi, kpi: pl.DataFrame | None, met: pl.Series) -> Measured:
    if kpi is None:
        raise CannotTell(
            f"The number `{metric.value}` is not in the journal.",
            fix="Name the file that has it: `surpass experiment status --kpi FILE`.",
        )
    wanted = [metric.value, *([metric.per] if metric.per else [])]
    for name in wanted:
        if name not in kpi.columns or not kpi[name].dtype.is_numeric():
            raise BadInput(
                f"The KPI file has no column of numbers `{name}`.",
                fix=f"Its columns are {', '.join(kpi.columns)}.",
            )
    if kpi.height and kpi[UNIT].is_in(met.implode()).sum() == 0:
        raise BadInput(
            f"None of the {kpi[UNIT].n_unique():,} units of the KPI file is in the journal (first: "
            f"{kpi[UNIT][0]!r}): all units would count as 0.",
            fix="Name units in the file as clients name them to the server.",
        )
    below = pl.col(metric.per) if metric.per else pl.lit(1.0)
    events = _events(kpi.drop_nulls(wanted), pl.col(metric.value), below)
    limits = None if metric.low is None or metric.high is None else (metric.low, metric.high)
    return Measured(events, limits, by_unit=metric.per is None)


def _logged(metric: Requests, one: RunningExperiment, seen: Journaled) -> Measured:
    start = moment_of(one.periods[0].start)
    ours = seen.requests.filter(
        ((pl.col(EXPERIMENT) == one.started.experiment) | (pl.col(AT) < start))
        & pl.col(STATUS).is_in(_ANSWERED)
    )
    share = (0.0, 1.0)
    match metric.counts:
        case "errors":
            return Measured(
                _events(ours, pl.col(STATUS).is_in(_FAILED), pl.lit(1.0)), share, by_unit=False
            )
        case "refusals":
            return Measured(_refusals(ours), share, by_unit=False)
        case "slow":
            if one.started.plan.slow_ms is None:
                raise CannotTell("No [experiment] slow_ms is declared.", fix="Declare it.")
            known = _known(ours, LATENCY_MS)
            over = pl.col(LATENCY_MS) > one.started.plan.slow_ms
            return Measured(_events(known, over, pl.lit(1.0)), share, by_unit=False)
        case "cost":
            return Measured(
                _events(_known(ours, COST), pl.col(COST), pl.lit(1.0)), None, by_unit=False
            )
        case "tokens":
            known = _known(ours, OUTPUT_TOKENS)
            return Measured(_events(known, pl.col(OUTPUT_TOKENS), pl.lit(1.0)), None, by_unit=False)


def _known(requests: pl.DataFrame, column: str) -> pl.DataFrame:
    known = requests.drop_nulls(column)
    if known.is_empty():
        raise CannotTell(f"No request has a {column}.", fix="See what the server logs of it.")
    return known


def _refusals(requests: pl.DataFrame) -> pl.DataFrame:
    filtered = pl.col(FINISH_REASON).eq_missing(pl.lit("content_filter"))
    known = requests.filter(filtered | pl.col(OUTPUT).is_not_null())
    if known.is_empty():
        raise CannotTell("No answer's text is kept.", fix="Keep answers, redacted or whole.")
    said = pl.Series("refused", [refuses(text or "") for text in known[OUTPUT]], dtype=pl.Boolean)
    return _events(known.with_columns(said), filtered | pl.col("refused"), pl.lit(1.0))
