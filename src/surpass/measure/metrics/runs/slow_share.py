"""slow_share: the share of requests that take too long."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.core import columns
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.statistics import Statistics, mean_of


class SlowShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of requests that take longer than `limit_seconds`. Lower is better.

    How: the wall seconds until the whole answer was there, as measured by whoever asked the model;
    exactly the limit is not slow. To promise that 95 % of the answers come within two seconds,
    set the limit to 2 and declare a ceiling of 0.05.

    When it misleads: a latency holds for the machine, the load and the lengths of answers under
    which it was measured. Two models are compared only if both were asked the same way. A row
    whose seconds are unknown makes the whole share unknown.

    Source: a share with exact bounds instead of a percentile; Conover 1999, section 3.2.
    """

    limit_seconds: Annotated[float, Meta(gt=0)] = 2.0  # an answer may take so long

    name: ClassVar[str] = "slow_share"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "slow answers"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if it took longer than the limit, else 0."""
        seconds = measured(predictions, columns.SECONDS, self.title)
        return mean_of((seconds > self.limit_seconds).astype(np.float64))
