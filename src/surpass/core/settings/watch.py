"""[watch]: how a model in production is watched, and when a person is called."""

from typing import Annotated

from msgspec import Meta

from surpass.core.settings.section import Section, Share

Hours = Annotated[float, Meta(ge=0)]


class Drift(Section, frozen=True, kw_only=True):
    """When a change of the traffic is told."""

    false_notices_a_week: Annotated[float, Meta(gt=0, le=7)] = (
        0.5  # accepted, of all tests together
    )
    effect: Share = 0.02  # smaller changes are not told, however sure they are
    cost: Share = 0.01  # loss of accuracy from which on a confirmed change is a page
    encoder: str | None = None  # of novelty: a name, a folder or hub:ID; none: words and pieces


class Watch(Section, frozen=True, kw_only=True):
    """Windows, minimum, floor and budget of `surpass watch`."""

    window: Annotated[int, Meta(ge=100)] = 500  # requests of one window
    least: Annotated[int, Meta(ge=50)] = 250  # requests below which a window says nothing
    least_units: Annotated[int, Meta(ge=20)] = 100  # users below which no change is tested
    reference: Annotated[int, Meta(ge=100)] = (
        2000  # first requests of a release that stay the measure
    )
    floor: Share | None = None  # share of right answers; none: what the reference's labels prove
    labels_a_false_alarm: Annotated[float, Meta(ge=20)] = (
        5000.0  # labels before the floor cries wolf
    )
    slices: tuple[str, ...] = ()  # columns of the log whose values are measured apart
    cooldown_hours: Hours = 24.0  # an alert that goes on is not sent again before that
    drift: Drift = Drift()  # when a change of the traffic is told
