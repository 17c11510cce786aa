"""Which architectures are trusted with documents in one row."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from surpass.core.errors import BadInput
from surpass.model.attention import RowLayout, register_documents
from surpass.model.proof import prove_flat, prove_head
from tiny_models import FLAT, PADDED, tiny_config


@pytest.mark.parametrize("architecture", FLAT)
def test_full_attention_is_flat(tiny, architecture):
    assert not tiny(architecture).padded


@pytest.mark.parametrize("architecture", PADDED)
def test_windows_caps_and_recurrence_are_padded(tiny, architecture):
    assert tiny(architecture).padded


def test_a_window_as_long_as_the_context_is_not_in_force():
    register_documents()
    config = tiny_config("mistral sliding")
    config.sliding_window = config.max_position_embeddings
    assert prove_flat(AutoModelForCausalLM.from_config(config).eval())


def test_a_document_that_sees_its_neighbour_is_noticed(monkeypatch):
    register_documents()
    model = AutoModelForCausalLM.from_config(tiny_config("llama")).eval()
    whole = RowLayout.attend

    def careless(self, layer, query, kv, scaling):
        mixed = torch.nn.functional.scaled_dot_product_attention(
            query, *kv, is_causal=True, scale=scaling, enable_gqa=True
        )
        return mixed.transpose(1, 2)

    monkeypatch.setattr(RowLayout, "attend", careless)
    assert not prove_flat(model)
    monkeypatch.setattr(RowLayout, "attend", whole)
    assert prove_flat(model)


def test_a_head_of_another_kind_is_refused():
    config = tiny_config("llama")
    model = AutoModelForCausalLM.from_config(config).eval()
    prove_head(model)
    model.lm_head.register_forward_hook(lambda module, given, scores: scores * given[0].shape[1])
    with pytest.raises(BadInput, match="way of its own"):
        prove_head(model)
