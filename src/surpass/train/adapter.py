"""Put an adapter beside the weights of a model, and write it as a PEFT folder."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import IA3Config, LoraConfig, PeftConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import PreTrainedModel

from surpass.core.errors import BadInput
from surpass.core.settings import Dora, Ia3, Lora, Other, Qlora
from surpass.model.fold import (
    ADAPTER_CONFIG,
    ADAPTER_WEIGHTS,
    FOUR_BITS,
    file_name,
    is_of_adapter,
)
from surpass.train.lora_linear import LoraLinear
from surpass.train.peft_options import other_config

Beside = Lora | Dora | Qlora | Ia3 | Other
"""The methods that put something beside layers."""


def add_adapter(model: PreTrainedModel, tuning: Beside, seed: int) -> PeftConfig:
    """Add a fresh adapter; afterwards it alone learns, in fp32, and answers are unchanged.

    Args:
        model: Changed in place.
        tuning: Which adapter, beside which layers.
        seed: Same seed, same start.

    Raises:
        BadInput: no layer has the names in [tuning] targets, or they name the output layer.
    """
    config, targets = _config(tuning)
    if targets is not None and _names_head(model, targets):
        raise BadInput(
            "[tuning] targets names the output layer, which stays frozen here.",
            fix='Set [tuning] targets = "all-linear".',
        )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        try:
            inject_adapter_in_model(config, model)
        except (ValueError, TypeError) as error:
            raise BadInput(
                f"No adapter can be put beside {targets!r}: {str(error).splitlines()[0]}",
                fix='Set [tuning] targets = "all-linear", or names of linear layers.'
                if isinstance(tuning, Lora)
                else "Set [tuning] targets to names of linear layers of this base.",
            ) from None
    _learn_alone(model)
    return config


def _learn_alone(model: PreTrainedModel) -> None:
    """Nothing but the adapter asks for a gradient, and it is fp32."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(parameter.requires_grad and is_of_adapter(name))
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    model.eval()


def _config(tuning: Beside) -> tuple[PeftConfig, str | tuple[str, ...] | None]:
    """PEFT's configuration, and the layers' names where they were told."""
    if isinstance(tuning, Ia3):
        return (
            IA3Config(
                task_type="CAUSAL_LM",
                target_modules=list(tuning.targets),
                feedforward_modules=list(tuning.feedforward),
            ),
            tuning.targets,
        )
    if isinstance(tuning, Other):
        return other_config(tuning), None
    named = isinstance(tuning.targets, str)
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=tuning.rank,
        lora_alpha=tuning.alpha,
        lora_dropout=tuning.dropout,
        target_modules=tuning.targets if named else list(tuning.targets),
        use_dora=isinstance(tuning, Dora),
        use_rslora=tuning.rslora is True,
        init_lora_weights=_start(tuning),
    )
    config._register_custom_module({nn.Linear: LoraLinear})  # noqa: SLF001 (PEFT's documented hook)
    return config, tuning.targets


def _start(tuning: Lora) -> bool | str:
    """PEFT's name of how the matrices start; true: B is zero."""
    return tuning.init if isinstance(tuning.init, str) and tuning.init != "zero" else True


@contextmanager
def dropping(model: PreTrainedModel) -> Iterator[None]:
    """Let the adapter's dropout act for a while; the base's own stays off throughout."""
    layers = [module for module in model.modules() if isinstance(module, BaseTunerLayer)]
    parts = [
        part
        for layer in layers
        for name, child in layer.named_children()
        if name != "base_layer"
        for part in child.modules()
    ]
    for part in (*layers, *parts):
        part.training = True  # and not train(), which would reach the base's layers too
    try:
        yield
    finally:
        for part in (*layers, *parts):
            part.training = False


def _names_head(model: PreTrainedModel, targets: str | tuple[str, ...]) -> bool:
    """Whether PEFT would put an adapter beside the output layer."""
    output = model.get_output_embeddings()
    head = next(name for name, module in model.named_modules() if module is output)
    if isinstance(targets, str):
        return re.fullmatch(targets, head) is not None
    return any(head == target or head.endswith(f".{target}") for target in targets)


def adapter_parameters(model: PreTrainedModel) -> dict[str, nn.Parameter]:
    """The parameters that learn, by the name that PEFT gives them in a file, sorted."""
    learning = {n: p for n, p in model.named_parameters() if p.requires_grad}
    strangers = [name for name in learning if not is_of_adapter(name)]
    if strangers or any(parameter.dtype != torch.float32 for parameter in learning.values()):
        raise RuntimeError(f"something other than an fp32 adapter would be trained: {strangers}")
    found = {"base_model.model." + file_name(name): p for name, p in learning.items()}
    return dict(sorted(found.items()))


def write_adapter(
    folder: Path, tensors: Mapping[str, Tensor], config: PeftConfig, base_name: str
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


def mark_four_bits(folder: Path) -> None:
    """Say beside the adapter that its base is the one rounded to NF4."""
    text = json.dumps({"kind": "nf4", "double_quantised": True, "from": "float32"})
    (folder / FOUR_BITS).write_text(text + "\n", encoding="utf-8")
