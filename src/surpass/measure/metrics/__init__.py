"""The built-in metrics by name, and third parties' by entry point."""

import difflib
from importlib.metadata import entry_points

from surpass.core.errors import BadInput
from surpass.core.settings import OptionValue
from surpass.measure.metrics.accuracy import Accuracy
from surpass.measure.metrics.auc import Auc
from surpass.measure.metrics.chrf import Chrf
from surpass.measure.metrics.exact_match import ExactMatch
from surpass.measure.metrics.exact_record import ExactRecord
from surpass.measure.metrics.field_f1 import FieldF1
from surpass.measure.metrics.macro_f1 import ABSENT_CLASSES, MacroF1
from surpass.measure.metrics.metric import Metric
from surpass.measure.metrics.valid_share import ValidShare

__all__ = ["ABSENT_CLASSES", "BUILT_IN", "ENTRY_POINTS", "Metric", "metric", "metrics_for"]

ENTRY_POINTS = "surpass.metrics"

_ALL: tuple[Metric, ...] = (
    MacroF1(),
    Accuracy(),
    Auc(),
    FieldF1(),
    ExactRecord(),
    ValidShare(),
    Chrf(),
    ExactMatch(),
)
BUILT_IN: dict[str, Metric] = {built_in.name: built_in for built_in in _ALL}


def metric(name: str, options: dict[str, OptionValue] | None = None) -> Metric:  # noqa: ARG001
    """The metric of that name, built in or installed.

    Raises:
        BadInput: there is none; says which names are close.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    installed = entry_points(group=ENTRY_POINTS)
    for entry in installed:
        if entry.name == name:
            found = entry.load()
            made: Metric = found() if isinstance(found, type) else found
            return made
    known = [*BUILT_IN, *(entry.name for entry in installed)]
    close = difflib.get_close_matches(name, known, n=3)
    hint = f"Did you mean {_listed(close)}?" if close else f"There are: {_listed(known)}."
    raise BadInput(f"There is no metric `{name}`.", fix=hint)


def metrics_for(kind: str) -> tuple[Metric, ...]:
    """The built-in metrics of one kind of task, its default first."""
    return tuple(built_in for built_in in _ALL if kind in built_in.kinds)


def _listed(names: list[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
