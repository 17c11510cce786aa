"""The constants of fitted.py, fitted on the published rows that are marked for it.

Least squares of relative errors, linear in the constants: seconds in those of an operation, of a
layer's kernels and of a four-bit weight, all rows together; memory in the framework and in the
bytes of a score, each method alone.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from surpass.plan.machines import machines
from surpass.plan.memory import Loop, memory_parts
from surpass.plan.methods import Method, Name
from surpass.plan.published import MICRO_BATCHES, QwenRow, published
from surpass.plan.shapes import known_shapes
from surpass.plan.speed import Lengths, operations


class Constants(msgspec.Struct, frozen=True, kw_only=True):
    """What fitted.py must say."""

    reached_share: float
    launch_seconds: float  # of a layer and micro-batch
    expand_seconds: float  # of 1e9 four-bit weights
    framework_gb: dict[Name, float]
    score_bytes: dict[Name, float]


def fit() -> Constants:
    """Fit again; the same rows give the same constants."""
    rows = [row for row in published().qwen if row.fitted]
    operation, launch, expand = _solved(
        [terms for row in rows for terms in _time_terms(row)],
        [seconds / MICRO_BATCHES for row in rows for seconds in row.seconds],
    )
    frameworks: dict[Name, float] = {}
    scores: dict[Name, float] = {}
    for name in ("lora", "qlora"):
        own = [row for row in rows if row.method == name]
        terms = [(1.0, _scores(row, n)) for row in own for n in row.tokens]
        known = [_other_gb(row, n) for row in own for n in row.tokens]
        figures = [gigabytes for row in own for gigabytes in row.gigabytes]
        frameworks[name], scores[name] = _solved(terms, figures, known)
    return Constants(
        reached_share=1 / operation,
        launch_seconds=launch,
        expand_seconds=expand,
        framework_gb=frameworks,
        score_bytes=scores,
    )


def _solved(
    terms: Sequence[tuple[float, ...]], figures: list[float], known: list[float] | None = None
) -> tuple[float, ...]:
    """Factors of the terms whose sums, beside what is known, lie nearest to the figures."""
    measured = np.array(figures)
    rest = measured - np.array(known if known is not None else 0.0)
    found = np.linalg.lstsq(np.array(terms) / measured[:, None], rest / measured, rcond=None)[0]
    return tuple(float(one) for one in found)


def _time_terms(row: QwenRow) -> list[tuple[float, ...]]:
    shape, method = known_shapes()[row.base], Method(name=row.method)
    peak = machines()["a100-80gb"].teraflops * 1e12
    four_bit = shape.linear_parameters / 1e9 if method.four_bit else 0.0
    return [
        (
            operations(shape, method, row.trained or 0, Lengths(tokens=n, row_tokens=n)) / peak,
            float(shape.layers),
            four_bit,
        )
        for n in row.tokens
    ]


def _scores(row: QwenRow, tokens: int) -> float:
    return tokens * known_shapes()[row.base].vocabulary / 1e9


def _other_gb(row: QwenRow, tokens: int) -> float:
    """What of a row's memory the formulas give: all but the framework and the scores."""
    shape, method = known_shapes()[row.base], Method(name=row.method)
    parts = memory_parts(
        shape,
        method,
        row.trained or 0,
        tokens,
        number_type="bfloat16",
        loop=Loop(framework_gb=0.0, score_bytes=0.0),
    )
    return sum(size for name, size in parts.items() if name != "largest phase") / 1e9
