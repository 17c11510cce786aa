"""pass_at_k: the chance that one of k answers passes its tests."""

from typing import Annotated, ClassVar

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.runs.measured import measured
from surpass.measure.statistics import Floats, Statistics, mean_of


class PassAtK(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The chance that at least one of `k` answers to a row passes its tests.

    How: with n answers to a row of which c pass, 1 - C(n - c, k) / C(n, k), averaged over rows;
    no bias, whatever n is. With one answer a row and k = 1 it is the share that passes.

    When it misleads: k = 10 flatters a model whose ten answers nobody can tell apart; without a
    test that chooses among them only k = 1 is what a user gets. Tests that are too easy pass wrong
    code.

    Source: Chen et al. 2021, Evaluating Large Language Models Trained on Code (arXiv:2107.03374),
    section 2.1.
    """

    k: Annotated[int, Meta(ge=1)] = 1  # answers of which one must pass

    name: ClassVar[str] = "pass_at_k"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("code",)
    title: ClassVar[str] = "pass@k"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One chance a row."""
        answered = measured(predictions, columns.SAMPLES, self.title)
        passed = measured(predictions, columns.PASSED, self.title)
        few = np.flatnonzero(answered < self.k)
        if few.size:
            row, count = predictions[columns.ROW][int(few[0])], int(answered[few[0]])
            raise BadInput(
                f"Row {row!r} has {count} answers, and pass@{self.k} needs {self.k}.",
                fix=f"Sample at least {self.k} answers a row, or set k to {max(count, 1)}.",
            )
        return mean_of(pass_at_k(answered, passed, self.k))


def pass_at_k(answered: Floats, passed: Floats, k: int) -> Floats:
    """1 - C(answered - passed, k) / C(answered, k) of each row; no row has fewer than k answers."""
    failed = answered - passed
    found = np.ones(answered.shape)
    for drawn in range(k):  # the chance that the next one drawn fails too
        found *= np.maximum(failed - drawn, 0) / (answered - drawn)
    return 1 - found
