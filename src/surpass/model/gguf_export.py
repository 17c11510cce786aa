"""Write a Llama-like model as one GGUF file, the format of llama.cpp and what builds on it.

The only file that imports gguf. Names and layout follow llama.cpp's convert_hf_to_gguf.py
(LlamaModel): rows of the query and key matrices stand in another order there, because its rotary
embedding turns neighbours where transformers' turns halves.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoConfig, PreTrainedConfig, PreTrainedTokenizerBase

from surpass.core.errors import BadInput
from surpass.model.find import Base
from surpass.model.gguf_words import vocabulary_of
from surpass.model.load import read_model, read_tokenizer
from surpass.model.quiet import quietly
from surpass.model.template import PLAIN_TEMPLATE, end_token

Numbers = Literal["f16", "f32"]

TOLERANCES = {"f16": 2e-2, "f32": 1e-3}
"""Of the largest difference of two scores, over the largest score; of what is read back."""

ARCHITECTURE = "llama"
_FILE_TYPE = {"f16": gguf.LlamaFileType.MOSTLY_F16, "f32": gguf.LlamaFileType.ALL_F32}
_HF_TO_GGUF = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_WHOLE = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
_LAYER = "model.layers."


def require_gguf(folder: Path, name: str) -> None:
    """Refuse what cannot be written as GGUF, before anything is merged; no weights are read.

    Args:
        folder: Of the base.
        name: Of the base, for errors.

    Raises:
        BadInput: another architecture, a variation of this one, or a tokenizer that GGUF's readers
            have no name for.
    """
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    why = _obstacle(config)
    if why:
        raise BadInput(
            f"{name} cannot be written as GGUF here: {why}.",
            fix="Run `surpass merge --as merged` and convert that folder with llama.cpp's "
            "convert_hf_to_gguf.py.",
        )
    vocabulary_of(read_tokenizer(folder), config.vocab_size)


def write_gguf(folder: Path, target: Path, numbers: Numbers, *, name: str) -> None:
    """Write weights and tokenizer of a folder as one file.

    Args:
        folder: A whole model, as `write_merged` writes it.
        target: The file; replaced if it is there.
        numbers: Of matrices; vectors are always float32.
        name: Written into the file.

    Raises:
        BadInput: see `require_gguf`.
    """
    require_gguf(folder, name)
    with quietly():
        model = read_model(Base(name=name, folder=folder, digest=""), torch.float32)
    tokenizer, config = read_tokenizer(folder), model.config
    writer = gguf.GGUFWriter(target, ARCHITECTURE)
    writer.add_name(name)
    writer.add_file_type(_FILE_TYPE[numbers])
    _add_shape(writer, config)
    _add_words(writer, tokenizer, config)
    tied = bool(config.tie_word_embeddings)
    for tensor_name, values in _tensors(model.state_dict(), config, tied=tied):
        wide = values.ndim == 1 or numbers == "f32"
        writer.add_tensor(tensor_name, values.astype(np.float32 if wide else np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _obstacle(config: PreTrainedConfig) -> str:
    """Why a model cannot be written; empty: it can."""
    if config.model_type != ARCHITECTURE:
        return f"its architecture is {config.model_type}, and only {ARCHITECTURE} is written"
    scaling = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    if scaling != "default":
        return f"its positions are scaled ({scaling})"
    if config.attention_bias or config.mlp_bias:
        return "its layers have biases"
    if config.hidden_act != "silu":
        return f"its layers use {config.hidden_act}, not silu"
    return ""


def _add_shape(writer: gguf.GGUFWriter, config: PreTrainedConfig) -> None:
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_freq_base(float(config.rope_parameters["rope_theta"]))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)


def _add_words(
    writer: gguf.GGUFWriter, tokenizer: PreTrainedTokenizerBase, config: PreTrainedConfig
) -> None:
    words = vocabulary_of(tokenizer, config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(words.splitting)
    writer.add_token_list(words.tokens)
    writer.add_token_types(words.types)
    writer.add_token_merges(words.merges)
    writer.add_add_bos_token(False)  # noqa: FBT003 (the template writes it where it is wanted)
    writer.add_add_space_prefix(False)  # noqa: FBT003
    writer.add_eos_token_id(end_token(tokenizer))  # where answers end, as they were trained
    if tokenizer.bos_token_id is not None:
        writer.add_bos_token_id(tokenizer.bos_token_id)
    if tokenizer.pad_token_id is not None:
        writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_chat_template(tokenizer.chat_template or PLAIN_TEMPLATE)


def _tensors(
    weights: dict[str, Tensor], config: PreTrainedConfig, *, tied: bool
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """GGUF's name of each tensor, and its values in GGUF's order.

    Raises:
        BadInput: a tensor that GGUF's Llama has no place for.
    """
    heads = {
        "self_attn.q_proj": config.num_attention_heads,
        "self_attn.k_proj": config.num_key_value_heads,
    }
    for name, tensor in weights.items():
        values = tensor.float().numpy()
        if name in _WHOLE:
            if not (tied and name == "lm_head.weight"):
                yield _WHOLE[name], values
            continue
        layer, _, part = name.removeprefix(_LAYER).partition(".")
        part = part.removesuffix(".weight")
        if not name.startswith(_LAYER) or part not in _HF_TO_GGUF:
            raise BadInput(
                f"GGUF's Llama has no place for the tensor {name}.",
                fix="Run `surpass merge --as merged` instead.",
            )
        if part in heads:
            values = turned_by_neighbours(values, heads[part])
        yield f"blk.{layer}.{_HF_TO_GGUF[part]}.weight", values


def turned_by_neighbours(matrix: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Rows of a query or key matrix in llama.cpp's order, shape kept.

    Within each head row 2i comes from row i, and row 2i + 1 from row i + half.
    """
    rows, width = matrix.shape
    halves = matrix.reshape(heads, 2, rows // heads // 2, width)
    return halves.swapaxes(1, 2).reshape(rows, width)
