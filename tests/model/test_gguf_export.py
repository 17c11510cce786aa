"""What is written as GGUF is read back, by transformers and by the gguf package, as the same."""

import gguf
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig

from surpass.core.errors import BadInput
from surpass.model.find import Base
from surpass.model.gguf import convert_gguf
from surpass.model.gguf_export import TOLERANCES, require_gguf, turned_by_neighbours, write_gguf
from surpass.model.gguf_words import _LLAMA_3, vocabulary_of
from surpass.model.merge import compare_merged
from tiny_models import build_tokenizer, save_tiny_base, tiny_config

PROMPTS = [list(range(3, 90, 4)), [1, 7, 200, 2, 9]]


@pytest.mark.parametrize("numbers", ["f32", "f16"])
def test_the_scores_of_what_is_read_back_are_the_same(numbers, tmp_path):
    base = save_tiny_base(tmp_path / "base")
    write_gguf(base.folder, tmp_path / "model.gguf", numbers, name="tiny")
    (tmp_path / "back").mkdir()
    convert_gguf(tmp_path / "model.gguf", tmp_path / "back")
    same = compare_merged(base, None, tmp_path / "back", PROMPTS)
    assert same.share <= (0 if numbers == "f32" else TOLERANCES["f16"])
    assert same.same_tokens == same.tokens


def test_a_head_of_its_own_is_written(tmp_path):
    config = LlamaConfig(**{**tiny_config("llama").to_dict(), "tie_word_embeddings": False})
    torch.manual_seed(1)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "base")
    build_tokenizer().save_pretrained(tmp_path / "base")
    base = Base(name="untied", folder=tmp_path / "base", digest="")
    write_gguf(base.folder, tmp_path / "model.gguf", "f32", name="untied")
    (tmp_path / "back").mkdir()
    convert_gguf(tmp_path / "model.gguf", tmp_path / "back")
    assert compare_merged(base, None, tmp_path / "back", PROMPTS).largest == 0


def test_the_file_says_how_texts_become_tokens_and_where_answers_end(tmp_path):
    base = save_tiny_base(tmp_path / "base")
    write_gguf(base.folder, tmp_path / "model.gguf", "f16", name="tiny")
    fields = gguf.GGUFReader(tmp_path / "model.gguf").fields
    said = {name: field.contents() for name, field in fields.items()}
    tokenizer = build_tokenizer()
    assert said["general.architecture"] == "llama"
    assert said["tokenizer.ggml.pre"] == "gpt-2"
    assert tokenizer.convert_tokens_to_ids(said["tokenizer.ggml.tokens"]) == list(range(400))
    assert said["tokenizer.ggml.token_type"][:4] == [3, 3, 3, 1]
    assert said["tokenizer.ggml.eos_token_id"] == tokenizer.eos_token_id
    assert said["tokenizer.chat_template"] == tokenizer.chat_template
    assert said["tokenizer.ggml.add_bos_token"] is False


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_rows_are_turned_within_their_head_and_none_is_lost(heads, half, width):
    matrix = np.arange(heads * 2 * half * width, dtype=np.float32).reshape(-1, width)
    turned = turned_by_neighbours(matrix, heads)
    for head in range(heads):
        before = matrix[head * 2 * half : (head + 1) * 2 * half]
        after = turned[head * 2 * half : (head + 1) * 2 * half]
        np.testing.assert_array_equal(after[0::2], before[:half])
        np.testing.assert_array_equal(after[1::2], before[half:])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"attention_bias": True}, "its layers have biases"),
        ({"hidden_act": "gelu"}, "its layers use gelu, not silu"),
        (
            {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 1e4}},
            r"its positions are scaled \(linear\)",
        ),
    ],
)
def test_variations_of_llama_are_refused_by_name(changed, said, tmp_path):
    LlamaConfig(**{**tiny_config("llama").to_dict(), **changed}).save_pretrained(tmp_path)
    build_tokenizer().save_pretrained(tmp_path)
    with pytest.raises(BadInput, match=f"{said}. Run `surpass merge --as merged`"):
        require_gguf(tmp_path, "odd")


@pytest.mark.parametrize("architecture", ["qwen3", "gemma2", "mamba"])
def test_other_architectures_are_refused_by_name(architecture, tmp_path):
    tiny_config(architecture).save_pretrained(tmp_path)
    with pytest.raises(BadInput, match=f"architecture is {architecture}.*convert_hf_to_gguf"):
        require_gguf(tmp_path, "other")


BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False)
PLAIN = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (BYTES, "gpt-2"),
        (pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), BYTES]), "smollm"),
        (
            pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(_LLAMA_3), "isolated"), PLAIN]),
            "llama-bpe",
        ),
    ],
)
def test_the_splitting_of_a_tokenizer_is_named(before, name):
    tokenizer = build_tokenizer()
    tokenizer.backend_tokenizer.pre_tokenizer = before
    words = vocabulary_of(tokenizer, 410)
    assert words.splitting == name
    assert words.tokens[-1] == "[PAD409]"
    assert words.types[-1] == 5
    assert all(" " in one for one in words.merges)


@pytest.mark.parametrize(
    "before",
    [
        pre_tokenizers.Whitespace(),
        pre_tokenizers.ByteLevel(add_prefix_space=True),
        PLAIN,
        pre_tokenizers.Sequence([pre_tokenizers.Punctuation(), BYTES]),
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), BYTES]),
    ],
)
def test_a_splitting_without_a_name_is_refused(before):
    tokenizer = build_tokenizer()
    tokenizer.backend_tokenizer.pre_tokenizer = before
    with pytest.raises(BadInput, match="not of byte pairs split as GPT-2, SmolLM or Llama 3"):
        vocabulary_of(tokenizer, 400)
