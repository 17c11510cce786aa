"""Names of metrics to what they measure; fixed before the start."""

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings.experiment import (
    Experiment,
    ExperimentMetric,
    FeedbackMean,
    FeedbackShare,
    Kpi,
    Requests,
)

BUILT_IN: dict[str, ExperimentMetric] = {
    "errors": Requests(counts="errors"),
    "refusals": Requests(counts="refusals"),
    "slow": Requests(counts="slow"),
    "cost": Requests(counts="cost"),
    "tokens": Requests(counts="tokens"),
}
AUTO_EXACT_BELOW = 500  # planned units under which `bounds = "auto"` is exact


def resolved(plan: Experiment, primary: str) -> tuple[Experiment, dict[str, ExperimentMetric]]:
    """The plan with every choice made, and what its metrics measure.

    A primary that is declared nowhere is the feedback of that name: the share of all units that
    gave it, true or above 0.

    Raises:
        BadInput: a metric is unknown, or its limits or its bounds cannot be.
    """
    known = {**BUILT_IN, **plan.metrics}
    metrics = {primary: known.get(primary, FeedbackShare(feedback=primary))}
    for guard in plan.guards:
        if guard.metric not in known:
            raise BadInput(
                f"The guard `{guard.metric}` is no metric.",
                fix=f"Name one of {', '.join(known)}.",
            )
        metrics[guard.metric] = known[guard.metric]
        if guard.level == "proved" and guard.margin == 0:
            raise BadInput(
                f"The guard `{guard.metric}` has margin 0: that nothing at all got worse cannot be "
                "proved.",
                fix='Declare a margin, or level = "no harm shown".',
            )
    for name, metric in metrics.items():
        _require_sound(name, metric, plan)
    sealed = msgspec.structs.replace(
        plan, guard=plan.guards, bounds=_bounds(plan, metrics[primary])
    )
    return sealed, metrics


def higher_is_better(metric: ExperimentMetric) -> bool:
    """Which way is up; what requests cost and suffer is better low."""
    return False if isinstance(metric, Requests) else metric.higher_is_better


def is_mean_over_units(metric: ExperimentMetric) -> bool:
    """Whether each unit has one number between limits, as exact bounds need."""
    if isinstance(metric, Kpi):
        return metric.per is None and metric.low is not None and metric.high is not None
    return isinstance(metric, FeedbackShare)


def _require_sound(name: str, metric: ExperimentMetric, plan: Experiment) -> None:
    if isinstance(metric, Requests) and metric.counts == "slow" and plan.slow_ms is None:
        raise BadInput(
            f"`{name}` counts slow requests, and nothing says what slow is.",
            fix="Declare [experiment] slow_ms.",
        )
    if isinstance(metric, FeedbackMean | Kpi):
        low, high = metric.low, metric.high
        if (low is None) != (high is None) or (
            low is not None and high is not None and low >= high
        ):
            raise BadInput(
                f"`{name}` lies between {low} and {high}.",
                fix="Declare low below high, or neither.",
            )


def _bounds(plan: Experiment, primary: ExperimentMetric) -> str:
    """One of the other two for "auto".

    Raises:
        BadInput: exact bounds of what has no limits or is a ratio.
    """
    fits = is_mean_over_units(primary)
    if plan.bounds == "exact" and not fits:
        raise BadInput(
            "Exact bounds are for one number a unit with declared limits.",
            fix='Declare low and high, or take bounds = "asymptotic".',
        )
    if plan.bounds == "auto":
        return "exact" if fits and plan.units < AUTO_EXACT_BELOW else "asymptotic"
    return plan.bounds
