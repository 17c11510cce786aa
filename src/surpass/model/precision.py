"""Choose the number type: bfloat16 only where this machine multiplies it clearly faster."""

from time import perf_counter
from typing import Literal

import torch

NumberType = Literal["float32", "bfloat16"]

FASTER = 1.3  # bfloat16 must be this much faster to be worth its rounding
PROBE_SECONDS = 0.2
_SHAPE = (256, 1024, 1024)  # rows, inputs, outputs of one product: a small layer, a short batch


def choose_number_type(setting: str) -> NumberType:
    """`setting` where it names a type; for "auto" the faster one on this machine.

    Processors without units for bfloat16 emulate it, more than five times slower than float32.
    Takes 0.2 seconds on a processor.
    """
    if setting == "float32":
        return "float32"
    if setting == "bfloat16":
        return "bfloat16"
    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if torch.backends.mps.is_available():
        return "float32"
    return "bfloat16" if speed_of_bfloat16() >= FASTER else "float32"


def speed_of_bfloat16() -> float:
    """How many times faster than float32 a matrix product is in bfloat16 on the processor."""
    best = {torch.float32: float("inf"), torch.bfloat16: float("inf")}
    rows, inputs, outputs = _SHAPE
    factors = {
        kind: (torch.ones(rows, inputs, dtype=kind), torch.ones(inputs, outputs, dtype=kind))
        for kind in best
    }
    end = perf_counter() + PROBE_SECONDS
    rounds = 0
    while rounds < 3 or perf_counter() < end:  # the first round warms up; the best one counts
        for kind, (left, right) in factors.items():
            start = perf_counter()
            torch.mm(left, right)
            best[kind] = min(best[kind], perf_counter() - start)
        rounds += 1
    return best[torch.float32] / best[torch.bfloat16]
