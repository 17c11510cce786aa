"""Which unit met which model when: one row a unit and period of constant shares."""

from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from surpass.core.assignment import CHALLENGER
from surpass.core.columns import ARM, AT, EXPERIMENT, REQUEST, UNIT
from surpass.core.records.experiment import RunningExperiment
from surpass.steps.experimenting.running import moment_of

PERIOD, IS_CHALLENGER, CLOSES = "period", "is_challenger", "closes"
MET_BOTH, COMPLETE = "met_both", "complete"


class Journaled(NamedTuple):
    """What production says of an experiment, as frames of the journal."""

    requests: pl.DataFrame  # all of them, from the history before the start on
    feedback: pl.DataFrame
    exposures: pl.DataFrame
    kpi: pl.DataFrame | None = None  # UNIT, AT or null, and columns of numbers or texts


def meetings(one: RunningExperiment, seen: Journaled, now: datetime) -> pl.DataFrame:
    """First meeting of each unit in each period, in the order of meeting.

    Columns: UNIT, PERIOD, AT, IS_CHALLENGER, CLOSES (end of its window), MET_BOTH (it got both
    models while the shares were constant), COMPLETE (the window closed within the period, by now).
    A unit whose window reaches over a ramp is not complete, whichever arm it has: what happens then
    may be the other model's doing.
    """
    ours = seen.requests.filter(pl.col(EXPERIMENT) == one.started.experiment)
    met = pl.concat([seen.exposures.select(UNIT, ARM, AT), ours.select(UNIT, ARM, AT)])
    met = met.filter(pl.col(ARM).is_not_null() & pl.col(UNIT).is_not_null())
    window = timedelta(hours=one.started.plan.window_hours)
    found = []
    for number, period in enumerate(one.periods):
        start, end = moment_of(period.start), moment_of(period.end) if period.end else now
        last = min(end, now)
        found.append(
            met.filter((pl.col(AT) >= start) & (pl.col(AT) <= last))
            .sort(AT, maintain_order=True)
            .group_by(UNIT, maintain_order=True)
            .agg(
                pl.col(AT).first(),
                (pl.col(ARM).first() == CHALLENGER).alias(IS_CHALLENGER),
                (pl.col(ARM).n_unique() > 1).alias(MET_BOTH),
            )
            .with_columns(
                pl.lit(number).alias(PERIOD),
                (pl.col(AT) + window).alias(CLOSES),
                ((pl.col(AT) + window) <= last).alias(COMPLETE),
            )
        )
    return pl.concat(found)


def apart(one: RunningExperiment, seen: Journaled) -> pl.DataFrame:
    """Feedback that may count: not on a request outside the experiment, such as a pinned one."""
    start = moment_of(one.periods[0].start)
    outside = seen.requests.filter(
        (pl.col(AT) >= start)
        & (pl.col(EXPERIMENT).is_null() | (pl.col(EXPERIMENT) != one.started.experiment))
    )
    return seen.feedback.filter(
        pl.col(REQUEST).is_null() | ~pl.col(REQUEST).is_in(outside[REQUEST].to_list())
    )
