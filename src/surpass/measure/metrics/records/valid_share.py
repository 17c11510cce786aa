"""valid_share: the share of answers that a program can read."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.metrics.metric import readable_answers
from surpass.measure.records import read_record
from surpass.measure.statistics import Statistics, mean_of


class ValidShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of answers that are JSON objects, right or wrong.

    How: an answer counts when all of it parses as one JSON object. A truncated one does not.

    When it misleads: `{}` is valid. It says whether the answers can be used at all, not whether
    they are true.

    Source: RFC 8259 for JSON.
    """

    name: ClassVar[str] = "valid_share"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract",)
    title: ClassVar[str] = "valid answers"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if the answer is a JSON object, else 0."""
        read = [read_record(answer) is not None for answer in readable_answers(predictions)]
        return mean_of(np.array(read, dtype=np.float64))
