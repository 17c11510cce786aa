"""Attention over several documents that lie end to end in one row, without padding.

A row is an optional shared prefix followed by documents; documents of equal length stand side by
side and are attended in one call. A document sees the prefix and itself, nothing else. The layout
travels as an argument of the model's forward call, so threads do not share it.

transformers hands every attention layer of a model to a function registered by name
(huggingface.co/docs/transformers/attention_interface); ours is registered by `register_documents`.
"""

from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

IMPLEMENTATION = "documents"

KeyValue = tuple[Tensor, Tensor]
"""Keys and values of one layer, each (1, key-value heads, tokens, head size)."""


class Layout(Protocol):
    """Says which tokens of a row see which; attends for one layer."""

    def attend(self, layer: int, query: Tensor, kv: KeyValue, scaling: float) -> Tensor:
        """Mix values.

        Args:
            layer: Number of the layer.
            query: Shape (1, heads, tokens, head size).
            kv: Keys and values of the row's own tokens.
            scaling: Factor on the scores.

        Returns:
            Shape (1, tokens, heads, head size).
        """


@dataclass(frozen=True)
class Past:
    """Keys and values of a row that was computed before, one pair a layer."""

    layers: dict[int, KeyValue] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many tokens."""
        return int(self.layers[min(self.layers)][0].shape[2]) if self.layers else 0

    def followed_by(self, later: "Past") -> "Past":
        """Both as one."""
        joined = {}
        for layer, before in self.layers.items():
            key, value = (
                torch.cat(pair, dim=2) for pair in zip(before, later.layers[layer], strict=True)
            )
            joined[layer] = (key, value)
        return Past(joined)


@dataclass(frozen=True)
class Group:
    """Documents of equal length, one after the other."""

    count: int
    length: int
    # (length, shared prefix + length), True where a token sees another; None: nothing is shared,
    # and a token sees itself and all before it
    sees: Tensor | None = None


@dataclass(frozen=True)
class RowLayout:
    """A shared prefix, in the row or from before, and groups of documents."""

    groups: tuple[Group, ...]
    prefix: int = 0  # tokens at the start of the row that every document sees
    past: Past | None = None  # a prefix computed before, which every document sees
    record: Past | None = None  # where the row's own keys and values are kept

    def attend(self, layer: int, query: Tensor, kv: KeyValue, scaling: float) -> Tensor:
        """Attend the prefix to itself, then each group to the prefix and to itself."""
        if self.record is not None:
            self.record.layers[layer] = kv
        kind = query.dtype
        if query.requires_grad and query.device.type == "cpu":
            # the way back through bfloat16 attention takes three times as long as through float32
            query, kv = query.float(), (kv[0].float(), kv[1].float())
        key, value = kv
        shared = self._shared(layer, kv)
        parts = []
        if self.prefix:
            own = (key[:, :, : self.prefix], value[:, :, : self.prefix])
            whole = Group(1, self.prefix)
            parts.append(_attend_group(whole, query[:, :, : self.prefix], own, None, scaling))
        start = self.prefix
        for group in self.groups:
            end = start + group.count * group.length
            own = (key[:, :, start:end], value[:, :, start:end])
            parts.append(_attend_group(group, query[:, :, start:end], own, shared, scaling))
            start = end
        mixed = parts[0] if len(parts) == 1 else torch.cat(parts, dim=2)
        return mixed.transpose(1, 2).to(kind)

    def _shared(self, layer: int, kv: KeyValue) -> KeyValue | None:
        """Keys and values that every document sees, or None."""
        if self.past is not None:
            return self.past.layers[layer]
        if self.prefix:
            return kv[0][:, :, : self.prefix], kv[1][:, :, : self.prefix]
        return None


def register_documents() -> None:
    """Make the name "documents" known to transformers; repeating it is harmless."""
    AttentionInterface.register(IMPLEMENTATION, _attend_documents)
    AttentionMaskInterface.register(IMPLEMENTATION, _no_mask)


def _attend_documents(  # noqa: PLR0913 (what transformers hands over)
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,  # noqa: ARG001 (given by position; the layout stands for it)
    *,
    layout: Layout,
    scaling: float | None = None,
    softcap: float | None = None,
    s_aux: Tensor | None = None,
    **_unused: object,
) -> tuple[Tensor, None]:
    """What transformers calls in each layer.

    Raises:
        NotImplementedError: the layer caps its scores or has attention sinks.
    """
    if softcap is not None or s_aux is not None:
        raise NotImplementedError("capped scores and attention sinks are attended padded")
    factor = query.shape[-1] ** -0.5 if scaling is None else scaling
    return layout.attend(int(module.layer_idx), query, (key, value), factor), None  # type: ignore[arg-type]


def _no_mask(*_arguments: object, **_named: object) -> None:
    """The layout knows who sees whom; no mask of tokens by tokens is made."""


def _attend_group(
    group: Group, query: Tensor, own: KeyValue, shared: KeyValue | None, scaling: float
) -> Tensor:
    """Attend documents of equal length, side by side; shapes (1, heads, tokens, head size)."""
    query, key, value = (_side_by_side(part, group) for part in (query, *own))
    if shared is not None:
        key, value = (
            torch.cat([before.expand(group.count, -1, -1, -1), part], dim=2)
            for before, part in zip(shared, (key, value), strict=True)
        )
    mixed = scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask=group.sees,
        is_causal=group.sees is None,
        scale=scaling,
        enable_gqa=query.shape[1] != key.shape[1],
    )
    heads, size = mixed.shape[1], mixed.shape[3]
    return mixed.transpose(0, 1).reshape(1, heads, group.count * group.length, size)


def _side_by_side(part: Tensor, group: Group) -> Tensor:
    """(1, heads, count * length, size) -> (count, heads, length, size)."""
    heads, size = part.shape[1], part.shape[3]
    return part.reshape(heads, group.count, group.length, size).transpose(0, 1)
