"""The loss in parts equals the loss at once."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from surpass.train.loss import answer_loss
from tiny_models import tiny_config


@pytest.mark.parametrize("architecture", ["llama", "gemma2"])
def test_loss_and_gradient_equal_torch(architecture, monkeypatch):
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(tiny_config(architecture)).requires_grad_(False)
    monkeypatch.setattr("surpass.model.head.SCORES_AT_ONCE", 400 * 20)
    count = 2 * 20 + 3
    states = torch.randn(count, 32, requires_grad=True)
    tokens = torch.randint(0, 400, (count,))
    logits = model.lm_head(states)
    if architecture == "gemma2":
        logits = torch.tanh(logits / 3.0) * 3.0
    expected = torch.nn.functional.cross_entropy(logits, tokens, reduction="sum")
    (gradient,) = torch.autograd.grad(expected, states)
    found = answer_loss(model, states, tokens)
    assert found.item() == pytest.approx(expected.item(), rel=1e-6)
    assert torch.allclose(torch.autograd.grad(found / 7, states)[0] * 7, gradient, atol=1e-5)
    with torch.no_grad():
        assert answer_loss(model, states, tokens).item() == pytest.approx(expected.item(), rel=1e-6)
