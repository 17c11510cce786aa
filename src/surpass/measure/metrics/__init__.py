"""The built-in metrics by name, and third parties' by entry point."""

from surpass.measure.metrics.labels.macro_f1 import ABSENT_CLASSES
from surpass.measure.metrics.metric import Metric, signature
from surpass.measure.metrics.registry import (
    BUILT_IN,
    ENTRY_POINTS,
    metric,
    metrics_for,
    usual_metrics,
)

__all__ = [
    "ABSENT_CLASSES",
    "BUILT_IN",
    "ENTRY_POINTS",
    "Metric",
    "metric",
    "metrics_for",
    "signature",
    "usual_metrics",
]
