"""Train virtual tokens: prefix-tuning, prompt-tuning and p-tuning, with PEFT's own encoders."""

from collections.abc import Mapping

import torch
from peft import (
    PeftConfig,
    PrefixTuningConfig,
    PromptEmbedding,
    PromptEncoder,
    PromptEncoderConfig,
    PromptTuningConfig,
)
from peft.tuners import PrefixEncoder
from torch import Tensor, nn
from transformers import PreTrainedModel

from surpass.core.settings import Prefix, Prompt, Ptuning, WithVirtualTokens
from surpass.model.attention import Past
from surpass.model.virtual import (
    EMBEDDINGS,
    PROMPT,
    head_size,
    key_value_heads,
    virtual_past,
)


class VirtualTokens:
    """Parameters that become embeddings of virtual tokens, in fp32."""

    def __init__(self, model: PreTrainedModel, tuning: WithVirtualTokens, seed: int) -> None:
        self._model = model
        self.config = virtual_config(model, tuning)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self._encoder = _encoder(model, tuning, self.config).float().to(model.device)
        self._numbers = torch.arange(tuning.virtual_tokens, device=model.device)
        self.parameters: dict[str, nn.Parameter] = dict(sorted(self._encoder.named_parameters()))

    def past(self) -> Past:
        """Keys and values of the tokens; gradients reach the parameters."""
        return virtual_past(self._model, str(self.config.peft_type.value), self._embeddings())

    @torch.no_grad()
    def kept(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """What PEFT's file holds of these values of the parameters: the embeddings alone."""
        for name, parameter in self.parameters.items():
            parameter.copy_(tensors[name])
        return {EMBEDDINGS: self._embeddings().cpu().contiguous()}

    def _embeddings(self) -> Tensor:
        found: Tensor = self._encoder(self._numbers[None])[0]
        return found


def virtual_config(model: PreTrainedModel, tuning: WithVirtualTokens) -> PeftConfig:
    """PEFT's configuration, with the sizes of the model."""
    config = model.config.get_text_config()
    sizes = {
        "task_type": "CAUSAL_LM",
        "num_virtual_tokens": tuning.virtual_tokens,
        "num_layers": int(config.num_hidden_layers),
        "num_attention_heads": int(config.num_attention_heads),
        "num_transformer_submodules": 1,
        "token_dim": int(config.hidden_size),
    }
    if isinstance(tuning, Prefix):
        heads = key_value_heads(model)
        sizes |= {"num_attention_heads": heads, "token_dim": heads * head_size(model)}
        return PrefixTuningConfig(**sizes, encoder_hidden_size=sizes["token_dim"])
    if isinstance(tuning, Prompt):
        return PromptTuningConfig(**sizes)
    width = sizes["token_dim"] if tuning.width == "auto" else tuning.width
    encoder = tuning.encoder.upper()
    return PromptEncoderConfig(
        **sizes,
        encoder_reparameterization_type=encoder,
        encoder_hidden_size=width,
        # what PEFT itself assumes of a network of this kind
        encoder_num_layers=2,
    )


def _encoder(model: PreTrainedModel, tuning: WithVirtualTokens, config: PeftConfig) -> nn.Module:
    """PEFT's module from numbers of tokens to their embeddings."""
    if isinstance(tuning, Ptuning):
        return PromptEncoder(config)
    words = model.get_input_embeddings()
    chosen = torch.randint(0, len(words.weight), (tuning.virtual_tokens,))
    prefix = isinstance(tuning, Prefix)
    encoder = PrefixEncoder(config) if prefix else PromptEmbedding(config, words)
    if tuning.start == "vocabulary":
        start = words.weight.data[chosen.to(words.weight.device)].clone()
        encoder.embedding.weight.data = _as_prefix(model, start) if prefix else start
    return encoder


@torch.no_grad()
def _as_prefix(model: PreTrainedModel, embeddings: Tensor) -> Tensor:
    """Keys and values that the model itself computes of tokens, in the order that PEFT keeps.

    Noise in their place is far from anything the model knows: with SmolLM2-135M the loss begins
    at 13 instead of 7.
    """
    past = virtual_past(model, PROMPT, embeddings)
    parts = [part[0] for layer in sorted(past.layers) for part in past.layers[layer]]
    return torch.stack(parts).permute(2, 0, 1, 3).reshape(len(embeddings), -1)
