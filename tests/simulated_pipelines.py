"""Whole projects whose truth is known: rungs, checkpoints and candidates chosen as users do."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtri

from answers import answers
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Criteria, Primary
from surpass.prove.bench import Answers
from surpass.prove.verdict import judge

LABELS = ("no", "yes")


class Pipeline(NamedTuple):
    """How a project goes, and how good its models truly are."""

    base: float = 0.6  # true accuracy of every rung
    gain: float = 0.05  # of every checkpoint over every rung
    margin: float = 0.05
    rungs: int = 3  # the opponent is chosen from these on valid
    checkpoints: int = 4  # each candidate is the best of these on valid
    candidates: int = 3  # looks at one test, until one passes
    valid_groups: int = 40
    test_groups: int = 100
    rows_a_group: int = 3
    alike: float = 0.3  # correlation of rows within a group
    metric: str = "accuracy"


def share_of_passes(
    pipeline: Pipeline, times: int, seed: int = 0, *, by_row: bool = False
) -> float:
    """How many of so many projects end with any candidate's PASS.

    Args:
        pipeline: The projects.
        times: How many.
        seed: Same seed, same projects.
        by_row: Judge as if each row were its own group, which is wrong.
    """
    rng = np.random.default_rng(seed)
    return sum(_passes(pipeline, rng, by_row=by_row) for _ in range(times)) / times


def _passes(pipeline: Pipeline, rng: np.random.Generator, *, by_row: bool) -> bool:
    valid = _Side(pipeline, pipeline.valid_groups, rng, by_row=by_row)
    test = _Side(pipeline, pipeline.test_groups, rng, by_row=by_row)
    models = [pipeline.base] * pipeline.rungs
    rung = int(np.argmax([valid.right(share).mean() for share in models]))
    bases = [test.frame(test.right(share)) for share in models]
    criteria = Criteria(
        primary=(Primary(metric=pipeline.metric, margin=pipeline.margin),), draws=1_000
    )
    for number in range(1, pipeline.candidates + 1):
        share = pipeline.base + pipeline.gain
        on_valid = [valid.right(share).mean() for _ in range(pipeline.checkpoints)]
        on_test = [test.right(share) for _ in range(pipeline.checkpoints)]
        tuned = test.frame(on_test[int(np.argmax(on_valid))])
        rungs = {f"rung {n}": base for n, base in enumerate(bases)}
        verdict = judge(
            criteria,
            Answers(tuned, rungs, f"rung {rung}", LABELS),
            candidate_number=number,
        )
        if verdict.outcome is Outcome.PASS:
            return True
    return False


class _Side:
    """Rows of one side: which are hard is the same for all models to one half."""

    def __init__(
        self, pipeline: Pipeline, groups: int, rng: np.random.Generator, *, by_row: bool
    ) -> None:
        self._alike, self._rng, self._groups, self._by_row = pipeline.alike, rng, groups, by_row
        self._member = np.repeat(np.arange(groups), pipeline.rows_a_group)
        self._hard_group = rng.standard_normal(groups)
        self._hard_row = rng.standard_normal(self._member.size)
        self._expected = rng.integers(0, 2, self._member.size)

    def right(self, share: float) -> np.ndarray:
        """Which rows a model of this accuracy gets right, shape (rows,)."""
        of_group = (self._hard_group + self._rng.standard_normal(self._groups)) / np.sqrt(2)
        of_row = (self._hard_row + self._rng.standard_normal(self._member.size)) / np.sqrt(2)
        alike = np.sqrt(self._alike) * of_group[self._member]
        return alike + np.sqrt(1 - self._alike) * of_row < ndtri(share)

    def frame(self, right: np.ndarray) -> pl.DataFrame:
        """Predictions of a model that gets these rows right."""
        names = np.array(LABELS)
        answered = np.where(right, self._expected, 1 - self._expected)
        groups = None if self._by_row else [f"g{member}" for member in self._member]
        return answers(names[self._expected].tolist(), names[answered].tolist(), groups=groups)
