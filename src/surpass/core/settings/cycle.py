"""[cycle]: what makes a new model worth training, and what holds that back."""

from typing import Annotated

from msgspec import Meta

from surpass.core.settings.section import Count, Section

Hour = Annotated[int, Meta(ge=0, le=23)]
Positive = Annotated[float, Meta(gt=0)]


class Triggers(Section, frozen=True, kw_only=True):
    """Any one of them asks for a cycle."""

    floor: bool = True  # the floor of accuracy is broken
    drift_rows: Count | None = (
        100  # a confirmed drift, and so many labelled rows of it; none: never
    )
    labels: Count | None = 500  # new approved labels since the last training; none: never
    days: Positive | None = None  # since the last cycle; none: no schedule
    base: bool = False  # the base that [model] names has another digest


class Guards(Section, frozen=True, kw_only=True):
    """All of them must allow it."""

    cooldown_hours: Annotated[float, Meta(ge=0)] = 24.0  # since the last cycle ended
    runs_a_week: Count = 2  # cycles that were started within seven days
    hours_a_week: Positive | None = None  # of training within seven days
    money_a_week: Positive | None = None  # spent within seven days, in your currency
    quiet_from: Hour | None = None  # hour of the day, UTC, from which on nothing is started
    quiet_to: Hour | None = None  # hour from which on it is again; both or neither
    stop_after: Count = 3  # cycles in a row that did not win; then only a person starts one


class Cycle(Section, frozen=True, kw_only=True):
    """When `surpass retrain` is due."""

    triggers: Triggers = Triggers()  # what makes a new model due
    guards: Guards = Guards()  # what holds it back all the same
    approval: bool = True  # a person must agree before a cycle starts
