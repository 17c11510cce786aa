"""Keys and values of a batch of answers that are being written, one token a row at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from surpass.model.attention import KeyValue, Past

_GROWTH = 64  # slots added at once


@dataclass
class Decoding:
    """Attends one new token of each row to the shared prefix and to the row's own tokens.

    Rows stand on the right of their slots, so that all write to the same slot; slots left of a
    row's first token are padding. The shared prefix is kept once, not once a row.
    """

    past: Past | None
    layers: dict[int, KeyValue]  # each (rows, key-value heads, slots, head size)
    padding: Tensor  # (rows,), unused slots on the left
    filled: int  # slots in use, the same for all rows

    def attend(self, layer: int, query: Tensor, kv: KeyValue, scaling: float) -> Tensor:
        """Store the new token's key and value, then mix; see `attention.Layout`."""
        key, value = self._store(layer, kv)
        heads, rows, size = query.shape[1:]
        kv_heads = key.shape[1]
        # (1, heads, rows, size) -> (rows, key-value heads, heads a key-value head, size)
        grouped = query.reshape(kv_heads, heads // kv_heads, rows, size).permute(2, 0, 1, 3)
        scores = grouped @ key.transpose(2, 3)
        unused = torch.arange(key.shape[2], device=key.device) < self.padding[:, None]
        scores = scores.masked_fill(unused[:, None, None, :], float("-inf"))
        if self.past is None:
            weights = (scores.float() * scaling).softmax(-1).to(value.dtype)
            mixed = weights @ value
        else:
            before_key, before_value = self.past.layers[layer]
            together = grouped.transpose(0, 1).reshape(kv_heads, -1, size)
            before = together @ before_key[0].transpose(1, 2)  # one product for all rows
            before = before.view(kv_heads, rows, -1, before.shape[-1]).transpose(0, 1)
            scores = torch.cat([before, scores], dim=3)
            weights = (scores.float() * scaling).softmax(-1).to(value.dtype)
            own = weights[..., before.shape[-1] :] @ value
            first = weights[..., : before.shape[-1]].transpose(0, 1)
            first = first.reshape(kv_heads, -1, before.shape[-1]) @ before_value[0]
            mixed = own + first.view(kv_heads, rows, -1, own.shape[-1]).transpose(0, 1)
        return mixed.reshape(1, rows, heads, -1)

    def _store(self, layer: int, kv: KeyValue) -> KeyValue:
        """Write the new token of each row to the next slot; returns all slots in use."""
        slots = self.layers[layer]
        for kept, new in zip(slots, kv, strict=True):
            kept[:, :, self.filled] = new[0].transpose(0, 1)
        key, value = slots
        return key[:, :, : self.filled + 1], value[:, :, : self.filled + 1]

    def advance(self) -> None:
        """All layers have stored the token; make room for the next one."""
        self.filled += 1
        if self.filled == next(iter(self.layers.values()))[0].shape[2]:
            self._copy(torch.arange(len(self.padding), device=self.padding.device))

    def keep(self, rows: Tensor) -> None:
        """Drop all rows but these, and slots that were padding for all of them."""
        self._copy(rows)

    def join(self, other: "Decoding") -> None:
        """Add the rows of another batch behind our own; both know the same shared prefix."""
        filled = max(self.filled, other.filled)
        for layer, ours in self.layers.items():
            key, value = (
                _stacked(above, self.filled, below, other.filled)
                for above, below in zip(ours, other.layers[layer], strict=True)
            )
            self.layers[layer] = (key, value)
        self.padding = torch.cat(
            [self.padding + filled - self.filled, other.padding + filled - other.filled]
        )
        self.filled = filled

    def _copy(self, rows: Tensor) -> None:
        """Copy rows and slots in use to new storage with room to grow."""
        self.padding = self.padding[rows]
        skip = int(self.padding.min())
        for layer, (key, value) in self.layers.items():
            self.layers[layer] = (
                _moved(key, rows, skip, self.filled),
                _moved(value, rows, skip, self.filled),
            )
        self.padding = self.padding - skip
        self.filled -= skip


def _moved(slots: Tensor, rows: Tensor, skip: int, filled: int) -> Tensor:
    heads, size = slots.shape[1], slots.shape[3]
    new = slots.new_empty(len(rows), heads, filled - skip + _GROWTH, size)
    new[:, :, : filled - skip] = slots[rows, :, skip:filled]
    return new


def _stacked(above: Tensor, above_filled: int, below: Tensor, below_filled: int) -> Tensor:
    """Rows of both, flush right; new padding is 0, since it is multiplied by a weight of 0."""
    filled = max(above_filled, below_filled)
    rows, heads, size = len(above) + len(below), above.shape[1], above.shape[3]
    new = above.new_zeros(rows, heads, filled + _GROWTH, size)
    new[: len(above), :, filled - above_filled : filled] = above[:, :, :above_filled]
    new[len(above) :, :, filled - below_filled : filled] = below[:, :, :below_filled]
    return new


def start_decoding(
    recorded: Past, past: Past | None, starts: Sequence[int], lengths: Sequence[int]
) -> Decoding:
    """Put the keys and values of one row of prompts into slots of a row each.

    Args:
        recorded: Keys and values of the row that the prompts were read in.
        past: The shared prefix, if any.
        starts: Where each prompt begins in that row.
        lengths: How long it is.
    """
    longest = max(lengths)
    layers: dict[int, KeyValue] = {}
    for layer, kv in recorded.layers.items():
        moved = []
        for flat in kv:
            slots = flat.new_zeros(len(starts), flat.shape[1], longest + _GROWTH, flat.shape[3])
            for row, (start, length) in enumerate(zip(starts, lengths, strict=True)):
                slots[row, :, longest - length : longest] = flat[0, :, start : start + length]
            moved.append(slots)
        layers[layer] = (moved[0], moved[1])
    device = next(iter(layers.values()))[0].device
    padding = torch.tensor([longest - length for length in lengths], device=device)
    return Decoding(past, layers, padding, longest)
