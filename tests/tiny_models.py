"""Two-layer models with random weights, and a tokenizer of 400 tokens, made in the test."""

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    LlamaConfig,
    MambaConfig,
    MistralConfig,
    Phi3Config,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    Qwen3Config,
)

from surpass.core.digest import digest_text
from surpass.model.find import Base

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CORPUS = [
    "system user assistant probe Input Output Answer with the intent of the message and nothing",
    "The router has a red light and the line has been dead since Tuesday morning.",
    "You took the money twice this month, please send back what is mine: 34.50 pounds.",
    "We are moving to another house in May; can the engineer come on the ninth?",
    "outage wrong_bill slow_connection engineer_visit account_access move_home cancel router",
]
FLAT = ("llama", "qwen3", "mistral", "phi3")
PADDED = ("mistral sliding", "gemma2", "gemma3", "mamba")


def build_tokenizer(chat_template: str | None = CHAT_TEMPLATE) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer with the control tokens of ChatML."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        show_progress=False,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|endoftext|>",
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        model_max_length=256,
    )
    if chat_template is not None:
        fast.chat_template = chat_template
    return fast


def tiny_config(architecture: str) -> PreTrainedConfig:
    """Configuration of a two-layer model; the names are in FLAT and PADDED."""
    ids = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 0}
    shape = {
        "vocab_size": len(build_tokenizer()),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "initializer_range": 0.6,  # large, so that random answers differ and can be overwritten
    }
    heads = {
        "intermediate_size": 48,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
    }
    if architecture == "mamba":
        shape["initializer_range"] = 0.15  # recurrence multiplies large numbers
        return MambaConfig(**shape, **ids, state_size=4)
    if architecture == "phi3":
        return Phi3Config(**shape, **ids, **heads)
    kind, more = _KINDS[architecture]
    return kind(**shape, **ids, **heads, head_dim=8, **more)


_KINDS = {
    "llama": (LlamaConfig, {"tie_word_embeddings": True}),
    "qwen3": (Qwen3Config, {}),
    "mistral": (MistralConfig, {"sliding_window": None}),
    "mistral sliding": (MistralConfig, {"sliding_window": 6}),
    "gemma3": (Gemma3TextConfig, {"sliding_window": 6, "query_pre_attn_scalar": 8}),
    "gemma2": (
        Gemma2Config,
        {
            "sliding_window": 6,
            "attn_logit_softcapping": 2.0,
            "final_logit_softcapping": 3.0,
            "query_pre_attn_scalar": 8,
        },
    ),
}


def save_tiny_base(
    folder: Path, architecture: str = "llama", more_ends: Sequence[int] = ()
) -> Base:
    """Write a tiny base model into the folder, the same each time.

    With `more_ends`, so many tokens end an answer that random answers end early and late.
    """
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(tiny_config(architecture))
    model.generation_config.eos_token_id = [2, *more_ends]
    model.save_pretrained(folder)
    build_tokenizer().save_pretrained(folder)
    return Base(name=f"tiny {architecture}", folder=folder, digest=digest_text(architecture))
