"""A linear layer with a LoRA adapter, without the copies that automatic differentiation keeps.

The same sums as PEFT's layer, y = x W' + s (x A') B', but the adapter's part is added in place by
the product itself, and only x and x A' are kept for the way back. The adapter's parameters are
fp32; on a base of another type they are rounded to it for the products, as autocast does.
"""

from typing import Any

import torch
from peft.tuners.lora import Linear
from torch import Tensor, nn
from torch.nn.functional import linear


class LoraLinear(Linear):
    """PEFT's layer, with its forward and backward pass written out for the plain case."""

    def forward(self, x: Tensor, *args: Any, **kwargs: Any) -> Tensor:  # noqa: ANN401 (PEFT's own)
        """Adapted output; shape of x with the last axis replaced by the outputs."""
        name = self.active_adapters[0]
        plain = not (args or kwargs or self.merged or self.disable_adapters or self.lora_variant)
        dropout = self.lora_dropout[name]
        dropping = dropout.training and not isinstance(dropout, nn.Identity)
        if not plain or dropping or type(self.base_layer) is not nn.Linear:  # four bits, say
            return super().forward(x, *args, **kwargs)
        down, up = self.lora_A[name].weight, self.lora_B[name].weight
        out: Tensor = _Adapted.apply(
            x, self.base_layer.weight, self.base_layer.bias, down, up, self.scaling[name]
        )
        return out


class _Adapted(torch.autograd.Function):
    """y = x W' + b + s (x A') B'.

    Products with the thin matrices are written with the thin side first, (A x')' for x A': the
    same sums, two to six times faster in the processor's library.
    """

    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917 (the operands of one formula)
        ctx: Any,  # noqa: ANN401 (torch's own)
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        down: Tensor,
        up: Tensor,
        scaling: float,
    ) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        down, up = down.to(x.dtype), up.to(x.dtype)
        inner = down @ flat.T  # (rank, tokens)
        out = linear(flat, weight, bias).addmm_(inner.T, up.T, alpha=scaling)
        ctx.save_for_backward(flat, inner, weight, down, up)
        ctx.scaling, ctx.shape = scaling, x.shape
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(
        ctx: Any,  # noqa: ANN401
        outer: Tensor,
    ) -> tuple[Tensor | None, None, None, Tensor, Tensor, None]:
        flat, inner, weight, down, up = ctx.saved_tensors
        outer = outer.reshape(-1, outer.shape[-1])
        through = (up.T @ outer.T).mul_(ctx.scaling)  # (rank, tokens)
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = (outer @ weight).addmm_(through.T, down).view(ctx.shape)
        grad_down = (through @ flat).float()
        grad_up = (inner @ outer).float().mul_(ctx.scaling).T
        return grad_x, None, None, grad_down, grad_up, None
