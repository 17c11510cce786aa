"""Weights in four bits: NF4 with its scales quantised too, as QLoRA trains beside them.

The only file that imports bitsandbytes. Quantised is always from float32, so that every machine
gets the same four bits. Source: Dettmers et al. 2023 (arXiv:2305.14314), sections 2 and 3.
"""

import importlib.util
from collections.abc import Iterator

import torch
from torch import nn
from transformers import PreTrainedModel

from surpass.core.errors import BadInput

_KIND = "nf4"
_COMPRESSED = True  # double quantisation: 4.13 bits a weight instead of 4.5


def require_bitsandbytes() -> None:
    """Refuse where the package is not installed.

    Raises:
        BadInput: with the line that installs it.
    """
    if importlib.util.find_spec("bitsandbytes") is None:
        raise BadInput(
            '[tuning] method = "qlora" needs the package bitsandbytes.',
            fix="Run `pip install 'surpass[quant]'`, or set method = \"lora\".",
        )


def hold_in_nf4(model: PreTrainedModel, number_type: str) -> None:
    """Replace the weights of all linear layers but the head's by four bits each, in place.

    Args:
        model: In float32.
        number_type: Of all other weights afterwards, and of sums.
    """
    require_bitsandbytes()
    from bitsandbytes.nn.modules import Linear4bit, Params4bit

    kind = getattr(torch, number_type)
    for parent, name, layer in list(_linear_layers(model)):
        held = Linear4bit(
            layer.in_features,
            layer.out_features,
            bias=layer.bias is not None,
            compute_dtype=kind,
            compress_statistics=_COMPRESSED,
            quant_type=_KIND,
            device="meta",
        )
        whole = Params4bit(
            layer.weight.data,
            requires_grad=False,
            compress_statistics=_COMPRESSED,
            quant_type=_KIND,
        )
        held.weight = whole.to(layer.weight.device)  # type: ignore[misc]  # this quantises
        held.bias = layer.bias
        # its fast form for answering rounds the scales to bfloat16 for good, on the first look
        held.support_avx512bf16_for_cpu = False
        setattr(parent, name, held)
    for parameter in model.parameters():
        if parameter.dtype == torch.float32:
            parameter.data = parameter.data.to(kind)


@torch.no_grad()
def round_to_nf4(model: PreTrainedModel) -> None:
    """Give the same layers, in float32, exactly the values that their four bits stand for."""
    require_bitsandbytes()
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    for _, _, layer in _linear_layers(model):
        packed, state = quantize_4bit(
            layer.weight.data, compress_statistics=_COMPRESSED, quant_type=_KIND
        )
        layer.weight.copy_(dequantize_4bit(packed, state))


def numbers_in(parameter: nn.Parameter) -> int:
    """How many numbers a parameter stands for; four bits stand for one."""
    state = getattr(parameter, "quant_state", None)
    return parameter.numel() if state is None else int(state.shape.numel())


def _linear_layers(model: PreTrainedModel) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    """Parent, name in it, and layer, of all linear layers but the head."""
    head = model.get_output_embeddings()
    for parent in model.modules():
        for name, layer in parent.named_children():
            if isinstance(layer, nn.Linear) and layer is not head:
                yield parent, name, layer
