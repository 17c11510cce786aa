"""Full fine-tuning: all weights learn, in fp32, and are kept as a folder of their own."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from surpass.model.load import Loaded
from surpass.model.quiet import quietly


def unfreeze(model: PreTrainedModel) -> dict[str, nn.Parameter]:
    """Let all weights learn; a matrix that head and embedding share is one and learns from both."""
    model.requires_grad_(True)  # noqa: FBT003 (torch's own signature)
    return dict(sorted(model.named_parameters()))


@torch.no_grad()
def write_weights(loaded: Loaded, folder: Path, values: Mapping[str, Tensor]) -> None:
    """Write weights, configuration and tokenizer as a folder that stands for itself."""
    for name, parameter in loaded.model.named_parameters():
        parameter.copy_(values[name])
    with quietly():
        loaded.model.save_pretrained(folder)
        loaded.tokenizer.save_pretrained(folder)
