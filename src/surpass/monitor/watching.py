"""One pass over a release's traffic: measures of every window, tests of the late ones, alerts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from surpass.core.columns import AT, ATTRIBUTE
from surpass.core.errors import CannotTell
from surpass.core.records.signal import Alert, Cost, Kind, Signal, WindowMeasures
from surpass.core.settings.watch import Watch
from surpass.measure.drift.budget import Shared, shared_out
from surpass.monitor.floor import Floor, floor_signal, proved_floor
from surpass.monitor.measures import learned_from, measured
from surpass.monitor.novelty import Encode
from surpass.monitor.reference import reference_of
from surpass.monitor.signals import (
    alerts_of,
    confirmed,
    cost_of,
    estimate_signal,
    window_signals,
)
from surpass.monitor.traffic import Window, texts_a_unit, windows

ALL = "all"
_TESTED = 20  # windows, the last ones; the earlier ones were tested when they were the last
_VIEWS = 12  # slices that are measured apart, the largest ones
_WEEK_SECONDS = 7 * 24 * 3600


class Traffic(NamedTuple):
    """What is watched."""

    reference: pl.DataFrame
    rows: pl.DataFrame  # since then, in time order
    place: str  # task and release, for names
    floor: Floor | None = None  # None: what the reference's labels prove
    as_json: bool = False


class Pass(NamedTuple):
    """What one pass found."""

    reference: WindowMeasures
    measures: tuple[WindowMeasures, ...]  # of all requests first, then of the slices
    signals: tuple[Signal, ...]  # of the tested windows, in order
    alerts: tuple[Alert, ...]  # that go on at the last one
    floor: Floor | None
    cost: Cost | None
    budget: Shared
    tested: tuple[int, ...]  # numbers of the windows that were tested for drift
    untested: str  # why none or not all were, else ""


def watched(traffic: Traffic, settings: Watch, encode: Encode | None = None) -> Pass:
    """Measure and test the traffic; a pure function of it.

    Raises:
        CannotTell: there is no whole window yet.
    """
    cut = windows(traffic.rows, settings.window, settings.least)
    if not cut:
        raise CannotTell(
            f"{traffic.rows.height} requests since the reference; {settings.least} are the least.",
            fix="Wait for more traffic, or lower [watch] least.",
        )
    known = learned_from(traffic.reference)
    before = measured(Window(0, traffic.reference), ALL, known, as_json=traffic.as_json)
    measures = [measured(one, ALL, known, as_json=traffic.as_json) for one in cut]
    budget = shared_out(settings.drift.false_notices_a_week, 1, _windows_a_week(cut))
    tested, untested = _tested(traffic, cut, budget, settings, encode)
    estimates = {one.number: estimate_signal(one, budget) for one in measures}
    by_window = {
        number: (*found, *((estimates[number],) if estimates[number] else ()))
        for number, found in tested.items()
    }
    floor = traffic.floor or proved_floor(traffic.reference)
    fallen = None
    if floor is not None:
        bar = settings.labels_a_false_alarm
        fallen = floor_signal(traffic.rows, floor, bar, cut[-1].number)
    last = by_window.get(max(by_window, default=0), ())
    present = (*last, *((fallen,) if fallen else ()))
    cost = cost_of(before, measures[-1])
    alerts = alerts_of(
        present, _since(by_window.values()), traffic.place, cost, settings.drift.cost
    )
    return Pass(
        reference=before,
        measures=(*measures, *_slices(traffic, settings)),
        signals=(*(one for found in by_window.values() for one in found), *present[len(last) :]),
        alerts=alerts,
        floor=floor,
        cost=cost,
        budget=budget,
        tested=tuple(by_window),
        untested=untested,
    )


def _tested(
    traffic: Traffic,
    cut: Sequence[Window],
    budget: Shared,
    settings: Watch,
    encode: Encode | None,
) -> tuple[dict[int, tuple[Signal, ...]], str]:
    """The signals of each window that could be tested, and why others could not.

    A window is tested once it is whole: tested again at each pass while it grows, it would spend
    more than its share of the false notices.
    """
    per_unit = min(texts_a_unit(one.rows) for one in (Window(0, traffic.reference), *cut))
    try:
        reference = reference_of(traffic.reference, per_unit, encode, least=settings.least_units)
    except CannotTell as error:
        return {}, str(error.args[0])
    found: dict[int, tuple[Signal, ...]] = {}
    before: tuple[Signal, ...] = ()
    silent = 0
    whole = [window for window in cut if window.rows.height >= settings.window]
    if not whole:
        return {}, f"The first window has {cut[-1].rows.height} of {settings.window} requests."
    for window in whole[-_TESTED:]:
        one = window_signals(reference, window, budget, settings)
        if one is None:
            silent += 1
            before = ()
            continue
        before = found[window.number] = confirmed(before, one)
    why = f"{silent} windows have the texts of fewer than {settings.least_units} users."
    return found, why if silent else ""


def _windows_a_week(cut: Sequence[Window]) -> float:
    """As the traffic makes them: windows over the time that they span."""
    span = cut[-1].rows[AT][-1] - cut[0].rows[AT][0]
    return float(len(cut) * _WEEK_SECONDS / max(span.total_seconds(), _WEEK_SECONDS / 7))


def _since(found: Iterable[Sequence[Signal]]) -> dict[Kind, str]:
    """When each kind began to be seen without a break up to the last window."""
    since: dict[Kind, str] = {}
    for signals in found:
        since = {one.kind: since.get(one.kind, one.start) for one in signals}
    return since


def _slices(traffic: Traffic, settings: Watch) -> list[WindowMeasures]:
    """Measures of the largest slices, each over windows of its own requests."""
    found = []
    names = [name for name in traffic.rows.columns if name.startswith(ATTRIBUTE)]
    for name in names:
        sizes = traffic.rows[name].drop_nulls().value_counts(sort=True)
        for value in sizes[name][:_VIEWS]:
            rows = traffic.rows.filter(pl.col(name) == value)
            known = learned_from(traffic.reference.filter(pl.col(name) == value))
            view = f"{name.removeprefix(ATTRIBUTE)}={value}"
            cut = windows(rows, settings.window, settings.least)
            found += [measured(one, view, known, as_json=traffic.as_json) for one in cut]
    return found
