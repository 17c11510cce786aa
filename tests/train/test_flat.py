"""Loss and gradients of a step equal those of each document alone."""

import polars as pl
import pytest
import torch

from surpass.core.settings import Lora
from surpass.model.load import load
from surpass.model.proof import own_attention
from surpass.train.adapter import adapter_parameters, add_adapter
from surpass.train.encode import encode_rows
from surpass.train.flat import answer_states
from surpass.train.loss import answer_loss, mean_loss
from tiny_jobs import rows
from tiny_models import FLAT, PADDED

FRAME = rows(8)


CHATS = pl.DataFrame(
    {
        "row": ["a", "b"],
        "input": [
            "User: dead line\nAssistant: since when?\nUser: Tuesday\nAssistant: oh\nUser: well?",
            "User: dead line\nAssistant: where?\nUser: in Leeds",
        ],
        "target": ["we come", "on the ninth"],
        "turns": [[True, True, True, False, True], [True, True, True]],
    }
)


def prepared(base, instruction, frame=FRAME, loss_on="answer"):
    """A model with an adapter that changes something, and encoded rows."""
    loaded = load(base, "float32", threads=1)
    # PEFT knows that adapters beside all layers of Mamba do not work
    targets = ("in_proj", "x_proj") if base.name == "tiny mamba" else "all-linear"
    add_adapter(loaded.model, Lora(rank=4, targets=targets), seed=0)
    parameters = adapter_parameters(loaded.model)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.1)
    encoded = encode_rows(
        loaded.tokenizer, instruction, frame, most=None, context=256, loss_on=loss_on
    )
    return loaded, parameters, encoded


def alone(loaded, encoded):
    """Summed loss, one document a call, with transformers' own attention and head."""
    loaded.model.set_attn_implementation(own_attention(loaded.model))
    total = torch.zeros(())
    for row, (prompt, answer) in enumerate(zip(encoded.prompts, encoded.answers, strict=True)):
        ids = torch.tensor([[*prompt, *answer]])
        labels = torch.full_like(ids, -100)
        for first, after in encoded.learned(row):
            labels[:, first:after] = ids[:, first:after]
        logits = loaded.model(ids).logits[0, :-1].float()
        total = total + torch.nn.functional.cross_entropy(logits, labels[0, 1:], reduction="sum")
    if not loaded.padded:
        loaded.model.set_attn_implementation("documents")
    return total


@pytest.mark.parametrize("architecture", FLAT + PADDED)
@pytest.mark.parametrize("instruction", ["", "Answer with the intent of the message."])
def test_loss_and_gradients_equal_each_document_alone(tiny_base, architecture, instruction):
    loaded, parameters, encoded = prepared(tiny_base(architecture), instruction)
    assert loaded.padded == (architecture in PADDED)
    assert (encoded.shared > 0) == bool(instruction)
    expected = alone(loaded, encoded)
    expected.backward()
    gradients = {name: parameter.grad for name, parameter in parameters.items()}
    loaded.model.zero_grad()
    found = answer_loss(loaded.model, *answer_states(loaded, encoded, range(len(FRAME))))
    found.backward()
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)
    for name, parameter in parameters.items():
        scale = gradients[name].abs().max()
        assert (parameter.grad - gradients[name]).abs().max() <= 1e-5 * max(1.0, scale), name


@pytest.mark.parametrize("architecture", ["llama", "gemma3"])
@pytest.mark.parametrize("instruction", ["", "Answer with the intent of the message."])
def test_earlier_answers_are_learned_as_each_conversation_alone(
    tiny_base, architecture, instruction
):
    base = tiny_base(architecture)
    loaded, parameters, encoded = prepared(base, instruction, CHATS, "assistant")
    assert [len(encoded.learned(row)) for row in range(2)] == [2, 2]  # one has the weight 0
    expected = alone(loaded, encoded)
    expected.backward()
    gradients = {name: parameter.grad for name, parameter in parameters.items()}
    loaded.model.zero_grad()
    found = answer_loss(loaded.model, *answer_states(loaded, encoded, range(2)))
    found.backward()
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)
    for name, parameter in parameters.items():
        scale = gradients[name].abs().max()
        assert (parameter.grad - gradients[name]).abs().max() <= 1e-5 * max(1.0, scale), name
    tokens = sum(after - first for row in range(2) for first, after in encoded.learned(row))
    assert mean_loss(loaded, encoded) == pytest.approx(float(expected.detach()) / tokens, rel=1e-5)


@pytest.mark.parametrize("architecture", ["llama", "gemma3"])
def test_validation_loss_is_the_mean_over_tokens_whatever_the_batches(tiny_base, architecture):
    loaded, _, encoded = prepared(tiny_base(architecture), "Answer with the intent.")
    tokens = sum(map(len, encoded.answers))
    expected = float(alone(loaded, encoded).detach()) / tokens
    assert mean_loss(loaded, encoded) == pytest.approx(expected, rel=1e-6)
    assert mean_loss(loaded, encoded, tokens_at_once=1) == pytest.approx(expected, rel=1e-6)
