"""Virtual tokens of prefix-tuning, prompt-tuning and p-tuning, as keys and values of a prefix.

They stand before everything and see nothing but themselves, so that each layer's keys and values of
them are the same for every document: a shared prefix, as `attention` knows it.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import PreTrainedModel

from surpass.core.errors import BadInput
from surpass.model.attention import Past
from surpass.model.documents import lay_out

PREFIX, PROMPT, PTUNING = "PREFIX_TUNING", "PROMPT_TUNING", "P_TUNING"  # PEFT's names
VIRTUAL = frozenset({PREFIX, PROMPT, PTUNING})
EMBEDDINGS = "prompt_embeddings"  # PEFT's name of their tensor


def virtual_past(model: PreTrainedModel, kind: str, embeddings: Tensor) -> Past:
    """Keys and values of virtual tokens in all layers; gradients reach the embeddings.

    Args:
        model: Attends documents.
        kind: PEFT's name of the method.
        embeddings: Of prefix-tuning, shape (virtual tokens, layers * 2 * key-value width), a key
            and a value for each layer in turn, as PEFT keeps them; else (virtual tokens, width).
    """
    embeddings = embeddings.to(model.device, model.dtype)
    count = len(embeddings)
    if kind == PREFIX:
        size = head_size(model)
        parts = embeddings.view(count, -1, key_value_heads(model), size).permute(1, 2, 0, 3)
        layers = parts.unsqueeze(1).split(2)
        return Past({number: (pair[0], pair[1]) for number, pair in enumerate(layers)})
    row = lay_out([[0] * count]).recording()
    model.base_model(
        inputs_embeds=embeddings[None],
        position_ids=row.positions.to(model.device),
        layout=row.layout,
        use_cache=False,
    )
    return row.layout.record or Past()


def head_size(model: PreTrainedModel) -> int:
    """Width of one head's keys."""
    config = model.config.get_text_config()
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(size)


def key_value_heads(model: PreTrainedModel) -> int:
    """Heads that have keys of their own."""
    config = model.config.get_text_config()
    return int(getattr(config, "num_key_value_heads", None) or config.num_attention_heads)


def require_flat(name: str, *, padded: bool) -> None:
    """Refuse virtual tokens where documents are padded.

    Raises:
        BadInput: the architecture has sliding windows, a recurrence, or capped scores.
    """
    if padded:
        raise BadInput(
            f"Virtual tokens do not go with {name}: not every layer sees all earlier tokens, so "
            "they would be lost on the way.",
            fix='Set [tuning] method = "lora", or choose a base like Llama, Qwen, Mistral or Phi.',
        )


def peft_type(folder: Path) -> str:
    """PEFT's name of the method in an adapter's folder; empty where it is not told."""
    try:
        told = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(told.get("peft_type", "")) if isinstance(told, dict) else ""


@torch.no_grad()
def read_virtual(model: PreTrainedModel, folder: Path, weights: str) -> Past:
    """The virtual tokens that an adapter's folder holds.

    Raises:
        BadInput: their tensor is missing, or of another model's shape.
    """
    kind = peft_type(folder)
    found = load_file(folder / weights).get(EMBEDDINGS)
    config = model.config.get_text_config()
    width = int(config.hidden_size)
    if kind == PREFIX:
        width = config.num_hidden_layers * 2 * key_value_heads(model) * head_size(model)
    if found is None or found.ndim != 2 or found.shape[1] != width:
        shape = None if found is None else tuple(found.shape)
        raise BadInput(
            f"The virtual tokens in {folder} have the shape {shape}; this base needs (…, {width}).",
            fix="Name the base that they were trained on under [model] base.",
        )
    return virtual_past(model, kind, found)
