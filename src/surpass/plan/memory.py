"""Peak memory of one training step on an accelerator, by part, from sizes alone.

The parts are those of Korthikanti et al. 2022 (arXiv:2205.05198) with flash attention and full
checkpointing: every layer keeps its input, and one layer at a time is computed again. Four-bit
weights as in QLoRA (arXiv:2305.14314), section 3. What no formula gives is in fitted.py.
"""

import msgspec

from surpass.plan import fitted
from surpass.plan.cost import SCORES_AT_ONCE
from surpass.plan.methods import FOUR_BIT_BYTES, Method
from surpass.plan.shape import Shape

NUMBER_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
_STATE_BYTES = 16  # a trained number in float32, its gradient and two moments
_TILE_BYTES = 12  # a score in float32, its share of the whole, its gradient


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """What of a trainer's way to run a step decides memory."""

    framework_gb: float = fitted.LORA_FRAMEWORK_GB
    score_bytes: float | None = None  # of each token and word; none: scores are computed in tiles


OURS = Loop()


def memory_parts(
    shape: Shape, method: Method, trained: int, tokens: int, *, number_type: str, loop: Loop = OURS
) -> dict[str, int]:
    """Bytes by part while one micro-batch is on its way back; their sum is the peak.

    Scores of the vocabulary and the layer that is computed again are never held together: the
    larger counts.

    Args:
        shape: Of the base.
        method: Decides what is frozen and in which type.
        trained: Numbers that are trained.
        tokens: Of one micro-batch, packed without padding.
        number_type: Of weights and activations.
        loop: The trainer; ours unless a published figure is to be met.
    """
    size = NUMBER_BYTES[number_type]
    parts = {
        "weights": int(weight_bytes(shape, method, number_type)),
        "trained state": trained * _state_bytes(method, size),
        "layer inputs": shape.layers * tokens * shape.hidden * size,
        "largest phase": int(
            max(_head_phase(shape, tokens, loop), _layer_phase(shape, method, tokens, size))
        ),
    }
    if method.four_bit:
        parts["one layer in 16 bit"] = shape.largest_linear * 2
    return parts | {"framework": int(loop.framework_gb * 1e9)}


def weight_bytes(shape: Shape, method: Method, number_type: str) -> float:
    """Of the base; embedding and head are never quantised."""
    size = NUMBER_BYTES[number_type]
    linear = FOUR_BIT_BYTES if method.four_bit else size
    return shape.linear_parameters * linear + (shape.parameters - shape.linear_parameters) * size


def _state_bytes(method: Method, size: int) -> int:
    """Beside the weights: of full tuning a float32 copy, a gradient in their type, two moments."""
    if not method.all_weights:
        return _STATE_BYTES
    return size + 8 + (4 if size < 4 else 0)


def _head_phase(shape: Shape, tokens: int, loop: Loop) -> float:
    if loop.score_bytes is not None:
        return tokens * shape.vocabulary * loop.score_bytes
    tile = min(tokens * shape.vocabulary, SCORES_AT_ONCE) * _TILE_BYTES
    return tile + tokens * shape.hidden * 4


def _layer_phase(shape: Shape, method: Method, tokens: int, size: int) -> float:
    """What one layer keeps: inputs of products, of norms and adapters also in float32."""
    wide = 4 * shape.hidden + 2 * shape.query + 4 * shape.key_value + 4 * shape.feed_forward
    kept = size * wide + 8 * shape.hidden
    if method.name in {"lora", "qlora", "dora"}:
        kept += 4 * shape.adapted_inputs() // shape.layers
    return tokens * kept
