"""The sizes of a decoder-only transformer, from its config.json alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from surpass.core.errors import CannotTell

ALL_LINEAR = "all-linear"
_FUSED = {"phi3"}  # architectures with one matrix for queries, keys and values, one for both gates


class Layer(NamedTuple):
    """One linear layer of a block."""

    name: str  # within the block
    inputs: int
    outputs: int
    fed_by: str  # what its input is: layers with one input keep it once


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What decides memory and time."""

    layers: int
    hidden: int
    feed_forward: int
    query: int  # heads times head size
    key_value: int  # key-value heads times head size
    vocabulary: int
    tied: bool  # head and embedding share one matrix
    fused: bool = False  # queries, keys and values come from one matrix, both gates from another

    @property
    def linear_parameters(self) -> int:
        """Weights of all linear layers inside the blocks: what every token is multiplied with."""
        attention = self.hidden * (2 * self.query + 2 * self.key_value)
        return self.layers * (attention + 3 * self.hidden * self.feed_forward)

    @property
    def parameters(self) -> int:
        """All weights; norms are left out (under 0.1 %)."""
        copies = 1 if self.tied else 2
        return self.linear_parameters + copies * self.vocabulary * self.hidden

    def adapter_parameters(self, rank: int, targets: str | tuple[str, ...] = ALL_LINEAR) -> int:
        """Weights of LoRA adapters beside the named linear layers of the blocks."""
        return rank * sum(layer.inputs + layer.outputs for _, layer in self._adapted(targets))

    def adapted_layers(self, targets: str | tuple[str, ...] = ALL_LINEAR) -> int:
        """How many linear layers get an adapter."""
        return sum(1 for _ in self._adapted(targets))

    def adapted_inputs(self, targets: str | tuple[str, ...] = ALL_LINEAR) -> int:
        """Numbers that one token brings to all adapters; layers with one input share it."""
        once = {(block, layer.fed_by): layer.inputs for block, layer in self._adapted(targets)}
        return sum(once.values())

    def adapted_outputs(self, targets: str | tuple[str, ...] = ALL_LINEAR) -> int:
        """Outputs of all linear layers that get an adapter: DoRA trains a magnitude for each."""
        return sum(layer.outputs for _, layer in self._adapted(targets))

    @property
    def largest_linear(self) -> int:
        """Weights of the largest linear layer of a block."""
        return max(layer.inputs * layer.outputs for layer in self._block())

    def _adapted(self, targets: str | tuple[str, ...]) -> Iterator[tuple[int, Layer]]:
        """Block and layer, wherever PEFT puts an adapter.

        A text is a pattern of the whole name, several names are ends of it.
        """
        for block in range(self.layers):
            for layer in self._block():
                if _is_target(f"model.layers.{block}.{layer.name}", targets):
                    yield block, layer

    def _block(self) -> tuple[Layer, ...]:
        h, f, q, kv = self.hidden, self.feed_forward, self.query, self.key_value
        ends = (
            Layer("self_attn.o_proj", q, h, "attended"),
            Layer("mlp.down_proj", f, h, "gated"),
        )
        if self.fused:
            return (
                Layer("self_attn.qkv_proj", h, q + 2 * kv, "attention"),
                Layer("mlp.gate_up_proj", h, 2 * f, "feed-forward"),
                *ends,
            )
        return (
            Layer("self_attn.q_proj", h, q, "attention"),
            Layer("self_attn.k_proj", h, kv, "attention"),
            Layer("self_attn.v_proj", h, kv, "attention"),
            Layer("mlp.gate_proj", h, f, "feed-forward"),
            Layer("mlp.up_proj", h, f, "feed-forward"),
            *ends,
        )


def _is_target(name: str, targets: str | tuple[str, ...]) -> bool:
    if targets == ALL_LINEAR:
        return True
    if isinstance(targets, str):
        return re.fullmatch(targets, name) is not None
    return any(f".{name}".endswith(f".{target}") for target in targets)


def read_shape(folder: Path) -> Shape:
    """Read the sizes from a model folder's config.json.

    Raises:
        CannotTell: the sizes are not there under their usual names.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = config.get("text_config", config)
    try:
        hidden, heads = config["hidden_size"], config["num_attention_heads"]
        head = config.get("head_dim") or hidden // heads
        return Shape(
            layers=config["num_hidden_layers"],
            hidden=hidden,
            feed_forward=config["intermediate_size"],
            query=heads * head,
            key_value=(config.get("num_key_value_heads") or heads) * head,
            vocabulary=config["vocab_size"],
            tied=config.get("tie_word_embeddings", False),
            fused=config.get("model_type") in _FUSED,
        )
    except KeyError as missing:
        raise CannotTell(
            f"{folder / 'config.json'} has no {missing}: what training needs cannot be predicted.",
            fix="Predicted are decoder-only transformers (Llama, Qwen, Gemma, Mistral, Phi shape).",
        ) from None
