"""Adapters whose start was taken out of the frozen weights, turned into ones for the base as it is.

PiSSA (arXiv:2404.02948) and OLoRA (arXiv:2406.01775) train beside W - s B0 A0. The trained layer is
W - s B0 A0 + s B A = W + s [B, -B0] [A; A0]: a LoRA of twice the rank beside W itself.
"""

import copy
from collections.abc import Mapping
from typing import cast

import torch
from peft import LoraConfig, PeftConfig
from torch import Tensor


def as_plain_lora(
    values: Mapping[str, Tensor], start: Mapping[str, Tensor], config: PeftConfig
) -> tuple[dict[str, Tensor], LoraConfig]:
    """Matrices of twice the rank, and the configuration that gives them the same scale.

    Args:
        values: Trained matrices by PEFT's names.
        start: The same before the first step.
        config: They were trained by.
    """
    doubled = {}
    for name, trained in values.items():
        if "lora_B" in name:
            doubled[name] = torch.cat([trained, -start[name]], dim=1).contiguous()
        else:
            doubled[name] = torch.cat([trained, start[name]], dim=0).contiguous()
    plain = copy.deepcopy(cast("LoraConfig", config))
    growth = 2**0.5 if plain.use_rslora else 2
    plain.lora_alpha = plain.lora_alpha * growth
    plain.r, plain.init_lora_weights = plain.r * 2, True
    return doubled, plain
