"""What lies before the judge of the test: the answers of all models, and how sure to be."""

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.core.settings import OptionValue
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import Metric, metric

BEST_RUNG = "best rung"


class Answers(msgspec.Struct, frozen=True, eq=False):
    """Predictions of all models on the same test rows."""

    tuned: pl.DataFrame  # of several seeds the first one's
    rungs: dict[str, pl.DataFrame]  # each baseline's, by name; same rows, same order
    opponent: str  # the rung that was best on valid
    labels: tuple[str, ...] = ()  # the closed label set; empty where the task has none
    further: tuple[pl.DataFrame, ...] = ()  # of the other seeds; same rows, same order

    @property
    def runs(self) -> tuple[pl.DataFrame, ...]:
        """The tuned model's predictions, one frame a training seed."""
        return (self.tuned, *self.further)


class Bench(msgspec.Struct, frozen=True, eq=False):
    """The answers, with the levels and the sealed options of metrics."""

    answers: Answers
    levels: Levels
    options: dict[str, dict[str, OptionValue]]  # of metrics, by name

    @property
    def tuned(self) -> pl.DataFrame:
        """The tuned model's predictions; of several seeds the first one's."""
        return self.answers.tuned

    @property
    def runs(self) -> tuple[pl.DataFrame, ...]:
        """The tuned model's predictions, one frame a training seed."""
        return self.answers.runs

    @property
    def labels(self) -> tuple[str, ...]:
        """The closed label set."""
        return self.answers.labels

    def metric(self, name: str) -> Metric:
        """The metric of that name with the sealed options.

        Raises:
            BadInput: no sound bound is known for it.
        """
        found = metric(name, self.options.get(name))
        if not found.bounded:
            raise BadInput(
                f"No sound bound is known for `{name}`, so no gate can be set on it; it is only "
                "reported.",
                fix="Set the gate on a metric of shares, for instance `slow_share` or `brier`.",
            )
        return found

    def base(self, against: str = BEST_RUNG) -> tuple[str, pl.DataFrame]:
        """Name and predictions of the model to compare with.

        Raises:
            BadInput: that rung was not evaluated.
        """
        rungs = self.answers.rungs
        name = self.answers.opponent if against == BEST_RUNG else against
        if name not in rungs:
            raise BadInput(
                f"There are no predictions of `{name}` on the test.",
                fix=f"Evaluate it, or compare with one of: {', '.join(rungs) or 'none yet'}.",
            )
        return name, rungs[name]
