"""Choose the number type: bfloat16 only where this machine multiplies it clearly faster."""

from time import perf_counter
from typing import Literal

NumberType = Literal["float32", "bfloat16"]

FASTER = 1.3  # bfloat16 must be this much faster to be worth its rounding
PROBE_SECONDS = 0.2
_SHAPE = (256, 1024, 1024)  # rows, inputs, outputs of one product: a small layer, a short batch


def choose_number_type(setting: str) -> NumberType:
    """`setting` where it names a type; for "auto" the faster one on this machine.

    Processors without units for bfloat16 emulate it, more than five times slower than float32.
    The probe takes 0.2 seconds on a processor; a named type imports nothing.
    """
    if setting == "float32":
        return "float32"
    if setting == "bfloat16":
        return "bfloat16"
    import torch

    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if torch.backends.mps.is_available():
        return "float32"
    seconds = _seconds_of_a_product(("float32", "bfloat16"))
    return "bfloat16" if seconds["float32"] >= FASTER * seconds["bfloat16"] else "float32"


def matrix_rate(number_type: str, threads: int) -> float:
    """Operations a second that matrix products reach on this processor, two for each product."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        seconds = _seconds_of_a_product((number_type,))[number_type]
    finally:
        torch.set_num_threads(before)
    rows, inputs, outputs = _SHAPE
    return 2 * rows * inputs * outputs / seconds


def _seconds_of_a_product(number_types: tuple[str, ...]) -> dict[str, float]:
    """The shortest time of one product in each number type, by turns for 0.2 seconds."""
    import torch

    rows, inputs, outputs = _SHAPE
    factors = {
        name: (
            torch.ones(rows, inputs, dtype=getattr(torch, name)),
            torch.ones(inputs, outputs, dtype=getattr(torch, name)),
        )
        for name in number_types
    }
    best = dict.fromkeys(number_types, float("inf"))
    end, rounds = perf_counter() + PROBE_SECONDS, 0
    while rounds < 3 or perf_counter() < end:  # the first rounds warm up; the best one counts
        for name, (left, right) in factors.items():
            start = perf_counter()
            torch.mm(left, right)
            best[name] = min(best[name], perf_counter() - start)
        rounds += 1
    return best
