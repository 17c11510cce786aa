"""Seconds of training on an accelerator, from sizes, lengths and a machine's figures.

A micro-batch costs its operations, the start of its kernels, and of four-bit weights the time to
write them out; only the first grows with its tokens, which is why packing decides. Operations as
in Kaplan et al. 2020 (arXiv:2001.08361), section 2.1, with every layer computed twice forward.
"""

import msgspec

from surpass.plan.fitted import LAUNCH_SECONDS
from surpass.plan.machines import Machine
from surpass.plan.methods import Method
from surpass.plan.shape import Shape


class Lengths(msgspec.Struct, frozen=True, kw_only=True):
    """How many tokens go through the model together."""

    tokens: int  # of one micro-batch
    row_tokens: float  # of one row on average: attention looks no further


def micro_batch_seconds(
    shape: Shape, method: Method, trained: int, lengths: Lengths, machine: Machine
) -> float:
    """Of one micro-batch, forward and back.

    Args:
        shape: Of the base.
        method: Decides which weights have gradients.
        trained: Numbers that are trained.
        lengths: Of the micro-batch, its virtual tokens included.
        machine: That it runs on.
    """
    work = operations(shape, method, trained, lengths) / machine.operations_a_second
    expand = machine.expand_seconds * shape.linear_parameters / 1e9 if method.four_bit else 0.0
    return work + LAUNCH_SECONDS * shape.layers + expand


def operations(shape: Shape, method: Method, trained: int, lengths: Lengths) -> float:
    """Floating-point operations of one micro-batch with checkpointing; all tokens are scored.

    Two for each weight and pass: forward, forward again, back to the inputs, and where the weight
    itself is trained back to it. The head is not computed twice. Causal attention costs 4.5 times
    its forward pass of 2 operations for each pair and channel (FlashAttention-2, arXiv:2307.08691).
    """
    passes = 8 if method.all_weights else 6
    beside = 8 * trained if method.name in {"lora", "qlora", "dora"} else 0
    head = (passes - 2) * shape.hidden * shape.vocabulary
    attention = 9 * shape.layers * shape.query * lengths.row_tokens
    return lengths.tokens * (passes * shape.linear_parameters + beside + head + attention)
