"""[experiment]: what is asked of a challenger on live traffic, and how sure it must be."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from surpass.core.settings.section import Section, Share


class FeedbackShare(Section, frozen=True, kw_only=True, tag_field="source", tag="feedback share"):
    """Share of all units that gave a good feedback; who gave none counts as 0."""

    feedback: str  # name of the feedback, as it is sent
    good: str | None = None  # the label that is good; none: true, or a number above 0
    higher_is_better: bool = True  # False: the feedback is a complaint


class FeedbackMean(Section, frozen=True, kw_only=True, tag_field="source", tag="feedback mean"):
    """Mean of the numbers that units gave; who gave none is left out, so look at who answers."""

    feedback: str  # name of the feedback, as it is sent
    low: float = 0.0  # the least that can be given
    high: float = 1.0  # the most
    higher_is_better: bool = True  # False: a low number is good


class Kpi(Section, frozen=True, kw_only=True, tag_field="source", tag="kpi"):
    """A number of yours by unit, from the file that `--kpi` names; no row of a unit is 0."""

    value: str  # column of the number; several rows of a unit are added up
    per: str | None = None  # column of what it is divided by, added up too; none: by units
    low: float | None = None  # the least that a unit can have; none: no limit
    high: float | None = None  # the most
    higher_is_better: bool = True  # False: a low number is good


class Requests(Section, frozen=True, kw_only=True, tag_field="source", tag="requests"):
    """What the journal knows of each request; always better when it is low."""

    # cost and tokens are means, the others shares; slow is a request over slow_ms
    counts: Literal["errors", "refusals", "slow", "cost", "tokens"]  # of each request


ExperimentMetric = FeedbackShare | FeedbackMean | Kpi | Requests
"""A measure of units or of their requests."""


class ExperimentGuard(Section, frozen=True, kw_only=True):
    """Something that must not get worse; a sure loss ends the experiment."""

    metric: str  # errors, refusals, slow, cost, tokens, or a name from [experiment.metrics]
    margin: Annotated[float, Meta(ge=0)] = 0.0  # how much worse is tolerated, in its unit
    level: Literal["no harm shown", "proved"] = "no harm shown"  # what a win needs


class Experiment(Section, frozen=True, kw_only=True):
    """Champion against challenger; sealed in the ledger when an experiment starts."""

    alpha: Share = 0.05  # chance of ever calling a challenger better that is not
    margin: float = 0.0  # what the bound of the gain must clear, in the primary metric's unit
    equal: Annotated[float, Meta(gt=0)] | None = None  # gains within this of 0 are "equal"
    window_hours: Annotated[float, Meta(gt=0, le=2160)] = 24.0  # of a unit, after it is first seen
    units: Annotated[int, Meta(ge=100)] = (
        2_000  # about how many are expected; bounds fit best there
    )
    bounds: Literal["auto", "asymptotic", "exact"] = (
        "auto"  # "exact" for few units; auto: exact where `units` is under 500
    )
    history_days: Annotated[int, Meta(ge=0, le=365)] = 28  # before the start, for CUPED; 0: none
    slow_ms: Annotated[float, Meta(gt=0)] | None = None  # a request that takes longer is slow
    mismatch_alpha: Share = 0.001  # chance of ever calling a sound split broken
    slices: tuple[str, ...] = ("task",)  # task, key, or a column of the KPI file
    metrics: dict[str, ExperimentMetric] = msgspec.field(default_factory=dict)  # yours, by name
    guard: tuple[ExperimentGuard, ...] | None = None  # none: errors, refusals, and slow if declared

    @property
    def guards(self) -> tuple[ExperimentGuard, ...]:
        """What must not get worse; the standard ones where none are declared."""
        if self.guard is not None:
            return self.guard
        names = ("errors", "refusals", *(("slow",) if self.slow_ms is not None else ()))
        return tuple(ExperimentGuard(metric=name) for name in names)
