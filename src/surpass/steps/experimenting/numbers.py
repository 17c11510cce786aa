"""Numbers of an experiment as people read them."""

from typing import NamedTuple

from surpass.core.settings.experiment import ExperimentMetric, FeedbackMean, Kpi, Requests
from surpass.steps.tell.numbers import (
    UNKNOWN,
    percent,
    points,
    points_at_least,
    points_at_most,
)


class InUnit(NamedTuple):
    """How the numbers of one metric are written."""

    is_share: bool  # True: in percent and points

    @property
    def name(self) -> str:
        """Of a chart's axis."""
        return "points" if self.is_share else "gain, in the metric's unit"

    @property
    def scale(self) -> float:
        """What a chart multiplies by."""
        return 100.0 if self.is_share else 1.0

    def level(self, value: float | None) -> str:
        """A metric in one arm."""
        if self.is_share or value is None:
            return percent(value)
        return f"{value:,.4g}"

    def gain(self, value: float | None) -> str:
        """A difference of the arms."""
        if self.is_share or value is None:
            return points(value)
        return f"{value:+,.4g}"

    def between(self, low: float | None, high: float | None) -> str:
        """Both bounds, rounded away from each other."""
        if low is None or high is None:
            return UNKNOWN
        if self.is_share:
            return f"{points_at_least(low).removesuffix(' points')} to {points_at_most(high)}"
        return f"{low:+,.4g} to {high:+,.4g}"


def unit_of(metric: ExperimentMetric) -> InUnit:
    """Shares in percent, all other numbers as they are."""
    match metric:
        case FeedbackMean() | Kpi():
            return InUnit(is_share=(metric.low, metric.high) == (0.0, 1.0))
        case Requests():
            return InUnit(is_share=metric.counts not in ("cost", "tokens"))
        case _:
            return InUnit(is_share=True)


def days_words(days: float | None) -> str:
    """How long until a decision, if the gain stays as it is now."""
    if days is None:
        return "how long cannot be told yet"
    if days < 1:
        return "less than a day more at this pace and gain"
    if days > 365:
        return "more than a year at this pace and gain; perhaps there is no difference"
    return f"about {days:,.0f} {'day' if round(days) == 1 else 'days'} more at this pace and gain"
