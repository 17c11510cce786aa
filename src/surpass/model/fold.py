"""Read an adapter's folder as PEFT writes it, and add the adapter to the weights of its base."""

from pathlib import Path

import peft
from safetensors import SafetensorError, safe_open
from transformers import PreTrainedModel

from surpass.core.errors import BadInput
from surpass.model.find import Base
from surpass.model.nf4 import round_to_nf4

ADAPTER_WEIGHTS = "adapter_model.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
FOUR_BITS = "four_bits.json"
"""Beside an adapter that was trained beside weights in NF4, see `nf4`; ours, not PEFT's."""

_ADAPTER = "default"  # PEFT's name of the one adapter, which it leaves out of files
_MAGNITUDE = "lora_magnitude_vector"  # DoRA's


def file_name(parameter: str) -> str:
    """PEFT's name in a file for a parameter of an adapter."""
    name = parameter.replace(f"{_MAGNITUDE}.{_ADAPTER}.weight", _MAGNITUDE)
    return name.replace(f".{_ADAPTER}.", ".").removesuffix(f".{_ADAPTER}")


def is_of_adapter(parameter: str) -> bool:
    """Whether a parameter of a model belongs to its adapter."""
    return f".{_ADAPTER}." in f"{parameter}."


def fold_in(model: PreTrainedModel, adapter: Path, base: Base) -> PreTrainedModel:
    """Add an adapter to the weights it was trained beside, in their number type.

    Raises:
        BadInput: it does not fit, or PEFT cannot add its kind to weights.
    """
    try:
        return lay_beside(model, adapter, base).merge_and_unload(safe_merge=True)
    except (AttributeError, NotImplementedError, ValueError) as error:
        raise BadInput(
            f"The adapter in {adapter} cannot be added to the weights: {_first_line(error)}",
            fix='Train one that can: [tuning] method = "lora", "dora" or "ia3".',
        ) from None


def lay_beside(model: PreTrainedModel, adapter: Path, base: Base) -> peft.PeftModel:
    """PEFT's model of a base and an adapter; of one that was trained beside NF4 the base rounded.

    Raises:
        BadInput: it does not fit.
    """
    stored = check_alive(adapter)
    if (adapter / FOUR_BITS).is_file():
        round_to_nf4(model)
    try:
        wrapped = peft.PeftModel.from_pretrained(model, str(adapter))
    except (RuntimeError, ValueError, KeyError) as error:
        raise _misfit(adapter, base, _first_line(error)) from None
    used = {file_name(name) for name, _ in wrapped.named_parameters() if is_of_adapter(name)}
    held = {file_name(name) for name, _ in wrapped.named_buffers()}
    astray = (used - stored) | (stored - used - held)
    if astray:  # PEFT only warns of it
        raise _misfit(adapter, base, f"{min(astray)} has no counterpart.")
    return wrapped


def _misfit(adapter: Path, base: Base, why: str) -> BadInput:
    return BadInput(
        f"The adapter in {adapter} does not fit {base.name}: {why}",
        fix="Name the base that it was trained on under [model] base.",
    )


def check_alive(adapter: Path) -> set[str]:
    """Check that a PEFT folder holds an adapter that changes something.

    Returns:
        Names of its tensors, without embeddings that PEFT keeps for new tokens.

    Raises:
        BadInput: a file is missing, or all its LoRA B matrices are zero, or all its factors one.
    """
    missing = [name for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS) if not (adapter / name).is_file()]
    if missing:
        raise BadInput(
            f"{adapter} is no PEFT adapter: it has no {' and no '.join(missing)}.",
            fix="Name a folder that `save_pretrained` of PEFT wrote, with safetensors weights.",
        )
    try:
        with safe_open(adapter / ADAPTER_WEIGHTS, framework="pt") as weights:
            names = {name for name in weights.keys() if not _is_embedding(name)}  # noqa: SIM118 (safe_open is no mapping)
            second = [name for name in names if "lora_B" in name or "embedding_B" in name]
            factors = [name for name in names if "ia3_" in name]
            grown = any(bool(weights.get_tensor(name).any()) for name in second)
            moved = any(bool((weights.get_tensor(name) != 1).any()) for name in factors)
    except SafetensorError as error:
        raise BadInput(
            f"{adapter / ADAPTER_WEIGHTS} cannot be read: {error}.", fix="Copy it again."
        ) from None
    dead = f"{len(second)} B matrices are 0" if second else f"{len(factors)} factors are 1"
    if (second and not grown) or (factors and not moved):
        raise BadInput(
            f"The adapter in {adapter} changes nothing: all of its {dead}.",
            fix="Train it; this one is as it was before the first step.",
        )
    return names


def _is_embedding(name: str) -> bool:
    return name.endswith(("embed_tokens.weight", "lm_head.weight"))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
