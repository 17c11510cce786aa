"""Documents in one row come out as each alone."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from surpass.model.documents import SHORTEST_PREFIX, lay_out, shared_prefix
from surpass.model.forward import padded_states, read_prefix, row_states
from surpass.model.proof import own_attention
from surpass.model.trie import build_trie
from tiny_models import FLAT, PADDED

PREFIX = [7, 8, 9, 10, 11, 12, 13, 14, 15]
DOCUMENTS = [[20, 21, 22], [30, 31, 32, 33, 34], [20, 21, 23], [40]]


def alone(loaded, tokens):
    """Hidden states of one document in transformers' own attention."""
    loaded.model.set_attn_implementation(own_attention(loaded.model))
    try:
        return loaded.model.base_model(input_ids=torch.tensor([tokens])).last_hidden_state[0]
    finally:
        if not loaded.padded:
            loaded.model.set_attn_implementation("documents")


@pytest.mark.parametrize("architecture", FLAT)
@torch.no_grad()
def test_documents_behind_a_shared_prefix_are_as_each_alone(tiny, architecture):
    loaded = tiny(architecture)
    past = read_prefix(loaded.model, PREFIX)
    for row in (lay_out(DOCUMENTS, prefix=PREFIX), lay_out(DOCUMENTS, past=past)):
        states = row_states(loaded.model, row)
        for start, document in zip(row.starts, DOCUMENTS, strict=True):
            expected = alone(loaded, PREFIX + document)[len(PREFIX) :]
            assert torch.allclose(states[start : start + len(document)], expected, atol=1e-5)


@torch.no_grad()
def test_documents_without_a_prefix_are_as_each_alone(tiny):
    loaded = tiny("llama")
    row = lay_out(DOCUMENTS)
    states = row_states(loaded.model, row)
    for start, document in zip(row.starts, DOCUMENTS, strict=True):
        expected = alone(loaded, document)
        assert torch.allclose(states[start : start + len(document)], expected, atol=1e-5)


@torch.no_grad()
def test_the_branches_of_a_tree_do_not_see_each_other(tiny):
    loaded = tiny("llama")
    labels = [[50, 51, 52], [50, 51, 53, 54], [60, 61], [70]]
    trie = build_trie(labels)
    past = read_prefix(loaded.model, PREFIX)
    row = lay_out(DOCUMENTS, past=past, trie=trie)
    states = row_states(loaded.model, row)
    for start, document in zip(row.starts, DOCUMENTS, strict=True):
        expected = alone(loaded, PREFIX + document + [50, 51, 53])[-1]
        node = [tuple(path) for path in ([50], [50, 51], [50, 51, 53], [60])].index((50, 51, 53))
        assert torch.allclose(states[start + len(document) + node], expected, atol=1e-5)


@pytest.mark.parametrize("architecture", PADDED)
@torch.no_grad()
def test_other_architectures_are_padded_and_come_out_as_each_alone(tiny, architecture):
    loaded = tiny(architecture)
    assert loaded.padded
    states = padded_states(loaded.model, [PREFIX + document for document in DOCUMENTS])
    for number, document in enumerate(DOCUMENTS):
        expected = alone(loaded, PREFIX + document)
        assert torch.allclose(states[number, : len(expected)], expected, atol=1e-5)


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=14), min_size=1, max_size=5))
def test_the_shared_prefix_is_shared_and_leaves_each_document_a_token(documents):
    cut = shared_prefix(documents)
    assert all(document[:cut] == documents[0][:cut] for document in documents)
    assert all(len(document) > cut for document in documents)
    assert cut == 0 or cut >= SHORTEST_PREFIX
