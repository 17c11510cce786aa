"""The sizes of a decoder-only transformer, from its config.json alone."""

import json
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What decides memory and time."""

    layers: int
    hidden: int
    feed_forward: int
    query: int  # heads times head size
    key_value: int  # key-value heads times head size
    vocabulary: int
    tied: bool  # head and embedding share one matrix

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

    def adapter_parameters(self, rank: int) -> int:
        """Weights of LoRA adapters on every linear layer of the blocks."""
        h, f, q, kv = self.hidden, self.feed_forward, self.query, self.key_value
        ends = 2 * (h + q) + 2 * (h + kv) + 2 * (h + f) + (f + h)
        return self.layers * rank * ends


def read_shape(folder: Path) -> Shape:
    """Read the sizes from a model folder's config.json.

    Raises:
        BadInput: the sizes are not there under their usual names.
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
        )
    except KeyError as missing:
        raise BadInput(
            f"{folder / 'config.json'} has no {missing}: its sizes cannot be read.",
            fix="Use a decoder-only transformer (Llama, Qwen, Gemma, Mistral or Phi shape).",
        ) from None
