"""The loss on given texts equals the plain computation, text by text."""

import numpy as np
import pytest
import torch

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.model.losses import Document, as_document, document_losses
from surpass.model.proof import own_attention
from tiny_models import FLAT, PADDED

TEXTS = ["the line is dead", "you took the money twice this month", "router", "a <|im_end|> b"]
PAIRS = [("", text) for text in TEXTS] + [("is the line dead?", text) for text in TEXTS]
TOLD = "Answer with the intent of the message and nothing."


def documents(loaded, pairs=PAIRS, told=TOLD):
    return [as_document(loaded, told, asked, text) for asked, text in pairs]


def naive(loaded, made):
    """Every document alone, with transformers' own forward call."""
    loaded.model.set_attn_implementation(own_attention(loaded.model))
    found = []
    with torch.no_grad():
        for one in made:
            logits = loaded.model(torch.tensor([one.given + one.scored])).logits[0]
            steps = logits.log_softmax(-1)[len(one.given) - 1 : -1]
            found.append(-float(steps.gather(1, torch.tensor(one.scored)[:, None]).sum()))
    if not loaded.padded:
        loaded.model.set_attn_implementation("documents")
    return found


@pytest.mark.parametrize("architecture", FLAT + PADDED)
def test_losses_equal_the_plain_computation(tiny, architecture):
    loaded = tiny(architecture)
    made = documents(loaded)
    found = document_losses(loaded, made, progress=Silent())
    assert np.allclose(found.nats, naive(loaded, made), atol=1e-3)
    assert found.tokens.tolist() == [len(one.scored) for one in made]


@pytest.mark.parametrize("batch_tokens", [1, 60, 10_000])
def test_the_size_of_a_batch_and_a_shared_beginning_do_not_matter(tiny, batch_tokens):
    loaded = tiny("llama")
    made = documents(loaded, [pair for pair in PAIRS if pair[0]])
    found = document_losses(loaded, made, progress=Silent(), batch_tokens=batch_tokens)
    assert np.allclose(found.nats, naive(loaded, made), atol=1e-3)


def test_of_an_answer_the_end_counts_and_the_question_does_not(tiny):
    loaded = tiny("llama")
    document = as_document(loaded, TOLD, "is the line dead?", "router")
    assert document.scored[-1] == loaded.tokenizer.eos_token_id
    assert loaded.tokenizer.decode(document.scored[:-1]) == "router"


def test_a_text_alone_gets_no_control_token_even_where_it_spells_one(tiny):
    loaded = tiny("llama")
    document = as_document(loaded, "", "", "a <|im_end|> b")
    assert loaded.tokenizer.eos_token_id not in document.given + document.scored
    assert loaded.tokenizer.decode(document.given + document.scored) == "a <|im_end|> b"


def test_a_text_longer_than_the_context_is_cut(tiny):
    loaded = tiny("llama")
    document = as_document(loaded, "", "", "router " * 500)
    assert len(document.given + document.scored) == loaded.context
    assert document_losses(loaded, [document], progress=Silent()).tokens.tolist() == [255]


def test_what_has_no_token_to_score_is_refused(tiny):
    with pytest.raises(BadInput, match="No token can be scored"):
        as_document(tiny("llama"), "", "", "a")
    with pytest.raises(BadInput, match="No token can be scored"):
        as_document(tiny("llama"), "", "router " * 500, "a")


def test_no_documents_have_no_losses(tiny):
    found = document_losses(tiny("llama"), [], progress=Silent())
    assert found.nats.size == found.tokens.size == 0


def test_a_certain_token_costs_nothing(tiny):
    """Softmax over one choice: the sum over all next tokens of exp(-loss) is 1."""
    loaded = tiny("llama")
    size = len(loaded.tokenizer)
    made = [Document([5], [token]) for token in range(size)]
    found = document_losses(loaded, made, progress=Silent())
    assert np.exp(-found.nats).sum() == pytest.approx(1, abs=1e-4)
