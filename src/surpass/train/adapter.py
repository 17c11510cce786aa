"""Put a LoRA adapter beside the weights of a model, and write it as a PEFT folder."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import PreTrainedModel

from surpass.core.errors import BadInput
from surpass.core.settings import Lora
from surpass.model.fold import ADAPTER_CONFIG, ADAPTER_WEIGHTS
from surpass.train.lora_linear import LoraLinear

_NAME = "default"  # PEFT's name of the one adapter, which it leaves out of files


def add_adapter(model: PreTrainedModel, tuning: Lora, seed: int) -> LoraConfig:
    """Add a fresh adapter; afterwards it alone learns, in fp32, and answers are unchanged.

    Args:
        model: Changed in place.
        tuning: Rank, scale, dropout and which layers.
        seed: Same seed, same start.

    Raises:
        BadInput: no layer has the names in [tuning] targets, or they name the output layer.
    """
    if _names_head(model, tuning.targets):
        raise BadInput(
            "[tuning] targets names the output layer, which stays frozen here.",
            fix='Set [tuning] targets = "all-linear".',
        )
    named = isinstance(tuning.targets, str)
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=tuning.rank,
        lora_alpha=tuning.alpha,
        lora_dropout=tuning.dropout,
        target_modules=tuning.targets if named else list(tuning.targets),
    )
    config._register_custom_module({nn.Linear: LoraLinear})  # noqa: SLF001 (PEFT's documented hook)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        try:
            inject_adapter_in_model(config, model)
        except ValueError as error:
            raise BadInput(
                f"No adapter can be put beside {tuning.targets!r}: {str(error).splitlines()[0]}",
                fix='Set [tuning] targets = "all-linear", or names of linear layers.',
            ) from None
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    model.eval()
    return config


@contextmanager
def dropping(model: PreTrainedModel) -> Iterator[None]:
    """Let the adapter's dropout act for a while; the base's own stays off throughout."""
    parts = [module.lora_dropout for module in model.modules() if isinstance(module, LoraLayer)]
    for part in parts:
        part.train()
    try:
        yield
    finally:
        for part in parts:
            part.eval()


def _names_head(model: PreTrainedModel, targets: str | tuple[str, ...]) -> bool:
    """Whether PEFT would put an adapter beside the output layer."""
    output = model.get_output_embeddings()
    head = next(name for name, module in model.named_modules() if module is output)
    if isinstance(targets, str):
        return re.fullmatch(targets, head) is not None
    return any(head == target or head.endswith(f".{target}") for target in targets)


def adapter_parameters(model: PreTrainedModel) -> dict[str, nn.Parameter]:
    """The parameters that learn, by the name that PEFT gives them in a file, sorted."""
    found = {
        "base_model.model." + name.replace(f".{_NAME}.", "."): parameter
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
    strangers = [name for name in found if ".lora_" not in name]
    if strangers or any(parameter.dtype != torch.float32 for parameter in found.values()):
        raise RuntimeError(f"something other than an fp32 adapter would be trained: {strangers}")
    return dict(sorted(found.items()))


def write_adapter(
    folder: Path, tensors: Mapping[str, Tensor], config: LoraConfig, base_name: str
) -> None:
    """Write a folder that PEFT reads: adapter_model.safetensors and adapter_config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), folder / ADAPTER_WEIGHTS, metadata={"format": "pt"})
    settings = config.to_dict()
    for key, value in settings.items():
        if isinstance(value, set):
            settings[key] = sorted(value)  # PEFT writes sets in random order
    settings |= {"base_model_name_or_path": base_name, "inference_mode": True}
    (folder / ADAPTER_CONFIG).write_text(
        json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
