"""A step changes the adapter and nothing else."""

import pytest
import torch

from surpass.core.settings import Lora, Training
from surpass.model.load import load
from surpass.train.adapter import adapter_parameters, add_adapter
from surpass.train.encode import encode_rows
from surpass.train.flat import answer_states
from surpass.train.learner import Learner
from surpass.train.loss import answer_loss
from tiny_jobs import rows


@pytest.fixture
def parts(tiny_base):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    add_adapter(loaded.model, Lora(rank=4), seed=0)
    encoded = encode_rows(loaded.tokenizer, "Answer.", rows(8), most=None, context=256)
    return loaded, encoded, Learner(adapter_parameters(loaded.model), Training())


def backward(loaded, encoded):
    answer_loss(loaded.model, *answer_states(loaded, encoded, range(8))).backward()


def test_frozen_weights_keep_their_bits_and_have_no_gradients(parts):
    loaded, encoded, learner = parts
    frozen = {n: p.clone() for n, p in loaded.model.named_parameters() if not p.requires_grad}
    for _ in range(3):
        backward(loaded, encoded)
        assert all((p.grad is not None) == p.requires_grad for p in loaded.model.parameters())
        learner.step(0.01)
    now = dict(loaded.model.named_parameters())
    assert all(torch.equal(now[name], before) for name, before in frozen.items())
    assert all(tensor.any() for tensor in learner.values().values())


def test_a_gradient_that_is_not_finite_changes_nothing(parts):
    loaded, encoded, learner = parts
    backward(loaded, encoded)
    next(iter(learner.parameters.values())).grad[0, 0] = float("nan")
    before = learner.values()
    assert not torch.isfinite(torch.tensor(learner.step(0.01)))
    assert all(torch.equal(tensor, before[name]) for name, tensor in learner.values().items())


def test_what_was_saved_goes_on_with_the_same_bits(parts):
    loaded, encoded, learner = parts
    for _ in range(2):
        backward(loaded, encoded)
        learner.step(0.01)
    kept = {name: tensor.clone() for name, tensor in learner.tensors().items()}
    backward(loaded, encoded)
    learner.step(0.01)
    expected = learner.values()
    again = Learner(adapter_parameters(loaded.model), Training())
    again.restore(kept, 2)
    backward(loaded, encoded)
    again.step(0.01)
    assert all(torch.equal(tensor, expected[name]) for name, tensor in again.values().items())
