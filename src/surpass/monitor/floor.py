"""Right answers against the floor of the release, label by label as they come."""

from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.records.signal import Signal
from surpass.measure.drift.e_detector import evenly_drawn, first_alarm
from surpass.measure.intervals import clopper_pearson_low
from surpass.monitor.measures import labelled
from surpass.monitor.traffic import CONTROL, LABELLED, ORDER, RIGHT, WEIGHT, moment

FEWEST = 100  # labels of the reference, from which on they prove a floor


class Floor(NamedTuple):
    """What share of the answers must be right."""

    share: float
    origin: str  # in words, after "what": who says so


def proved_floor(reference: pl.DataFrame) -> Floor | None:
    """The 95 % lower bound of the reference's accuracy; None: too few labels, or weighted ones."""
    told = labelled(reference)
    if told.height < FEWEST or told[WEIGHT].null_count() < told.height:
        return None
    low = clopper_pearson_low(float(told[RIGHT].sum()), told.height, 0.05)
    return Floor(low, "what the reference's labels prove") if 0 < low < 1 else None


def floor_signal(
    rows: pl.DataFrame, floor: Floor, labels_a_false_alarm: float, last: int
) -> Signal | None:
    """The moment at which the labels prove that the floor is broken, or None.

    Args:
        rows: Requests since the reference.
        floor: Of the share of right answers.
        labels_a_false_alarm: So many labels pass on average before a false alarm, or more.
        last: Number of the last window, for the signal.
    """
    told = even(rows).sort(LABELLED, ORDER)
    errors = 1 - told[RIGHT].to_numpy().astype(np.float64)
    alarm = first_alarm(errors, 1 - floor.share, labels_a_false_alarm)
    if alarm is None:
        return None
    since = errors[alarm.since :]
    now = 1 - float(since.mean())
    began = moment(told[LABELLED][alarm.since])
    words = (
        f"{now:.1%} of the {since.size} answers labelled since {began} are right; "
        f"the floor is {floor.share:.1%}."
    )
    return Signal(
        kind="floor",
        window=last,
        start=began,
        end=moment(told[LABELLED][-1]),
        p=None,
        level=1 / labels_a_false_alarm,
        effect=max(0.0, floor.share - now),
        words=words,
        confirmed=True,
    )


def even(rows: pl.DataFrame) -> pl.DataFrame:
    """Labelled rows that are an even sample of the requests: weighted ones are thinned out."""
    told = labelled(rows)
    weighted = not told.is_empty() and told[WEIGHT].null_count() == 0
    if not weighted or told[CONTROL].fill_null(value=False).any():
        return told
    draws = (told[ORDER].to_numpy() % 2**32) / 2**32
    return told.filter(pl.Series(evenly_drawn(told[WEIGHT].to_numpy(), draws)))
