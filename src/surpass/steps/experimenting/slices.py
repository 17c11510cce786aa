"""The units of an experiment by what was known of them when they came."""

from collections.abc import Iterator

import polars as pl

from surpass.core.columns import AT, EXPERIMENT, KEY, TASK, UNIT
from surpass.core.records.experiment import RunningExperiment
from surpass.steps.experimenting.meetings import Journaled

_MOST_VALUES = 8  # of one slice; the largest are shown
_LEAST_UNITS = 200


def slice_values(one: RunningExperiment, seen: Journaled) -> Iterator[tuple[str, list[str]]]:
    """Each slice's name, such as "task = tickets", with its units; small ones are left out.

    A unit is in the slice of its first request, or of its first row in the KPI file. A slice with
    one value only says nothing new.
    """
    for name in one.started.plan.slices:
        column = _first_values(name, one, seen)
        if column is None:
            continue
        sizes = (
            column.group_by(name)
            .agg(pl.col(UNIT))
            .with_columns(pl.col(UNIT).list.len().alias("size"))
            .sort("size", name, descending=[True, False])
        )
        if sizes.height < 2:
            continue
        for value, units, size in sizes.head(_MOST_VALUES).iter_rows():
            if size >= _LEAST_UNITS:
                yield f"{name} = {value}", units


def _first_values(name: str, one: RunningExperiment, seen: Journaled) -> pl.DataFrame | None:
    if name in (TASK, KEY):
        frame = seen.requests.filter(pl.col(EXPERIMENT) == one.started.experiment)
    elif seen.kpi is not None and name in seen.kpi.columns:
        frame = seen.kpi
    else:
        return None
    return (
        frame.drop_nulls(name)
        .sort(AT, maintain_order=True)
        .unique(UNIT, keep="first", maintain_order=True)
        .select(UNIT, pl.col(name).cast(pl.String))
    )
