"""seconds_mean and seconds_quantile: how long an answer takes."""

from functools import partial
from typing import ClassVar

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.settings.section import Share
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.quantiles import weighted_quantile
from surpass.measure.statistics import Statistics, Weighted, mean_of


class SecondsMean(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mean wall seconds of an answer. Lower is better; a report, not a criterion.

    How: the seconds until the whole answer was there, averaged over the rows.

    When it misleads: a few very slow answers move it, and nobody waits the mean; look at the
    95th percentile. It holds for one machine and one load. For a criterion use `slow_share`.

    Source: the usual definition.
    """

    name: ClassVar[str] = "seconds_mean"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "mean seconds"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Seconds of each row."""
        return mean_of(measured(predictions, columns.SECONDS, self.title))


class SecondsQuantile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The seconds within which most answers come, 95 % unless said. Lower is better; a report.

    How: the smallest measured time that the share of the answers does not exceed. Its bounds are
    two of the measured times themselves: a 95th percentile has an upper bound from 59 requests on,
    and none below.

    When it misleads: requests that were sent one after the other say nothing about a busy hour.
    The bounds take requests as independent. For a criterion use `slow_share`.

    Source: Conover 1999, Practical Nonparametric Statistics, section 3.2; the quantile is numpy's
    "inverted_cdf".
    """

    share: Share = 0.95  # of the answers that come within the time

    name: ClassVar[str] = "seconds_quantile"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("classify", "extract", "generate", "code")
    title: ClassVar[str] = "seconds that most answers need"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """All seconds together."""
        seconds = measured(predictions, columns.SECONDS, self.title)
        return Weighted(seconds.size, partial(weighted_quantile, seconds, share=self.share))
