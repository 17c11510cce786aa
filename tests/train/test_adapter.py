"""Only the adapter learns, in fp32, and a fresh one changes nothing."""

import json

import peft
import pytest
import torch
from peft.tuners.lora import Linear
from transformers import AutoModelForCausalLM

from surpass.core.errors import BadInput
from surpass.core.settings import Lora
from surpass.model.load import load
from surpass.model.quiet import quietly
from surpass.train.adapter import adapter_parameters, add_adapter, dropping, write_adapter
from surpass.train.lora_linear import LoraLinear

IDS = torch.arange(3, 40)[None]


def logits(model):
    model.set_attn_implementation("sdpa")
    return model(IDS).logits.float()


@pytest.mark.parametrize("number_type", ["float32", "bfloat16"])
def test_a_fresh_adapter_is_fp32_and_changes_nothing(tiny_base, number_type):
    loaded = load(tiny_base("llama"), number_type, threads=1)
    before = logits(loaded.model)
    add_adapter(loaded.model, Lora(rank=4), seed=0)
    parameters = adapter_parameters(loaded.model)
    assert torch.equal(logits(loaded.model), before)
    assert {parameter.dtype for parameter in parameters.values()} == {torch.float32}
    assert len(parameters) == 2 * 7 * 2  # A and B beside seven matrices in two layers
    kind = getattr(torch, number_type)
    frozen = [p for p in loaded.model.parameters() if not p.requires_grad]
    assert {p.dtype for p in frozen} == {kind}


def test_the_same_seed_gives_the_same_start(tiny_base):
    starts = []
    for seed in (0, 0, 1):
        loaded = load(tiny_base("llama"), "float32", threads=1)
        add_adapter(loaded.model, Lora(rank=4), seed=seed)
        starts.append(next(iter(adapter_parameters(loaded.model).values())))
    assert torch.equal(starts[0], starts[1])
    assert not torch.equal(starts[0], starts[2])


def test_named_targets_are_respected(tiny_base):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    add_adapter(loaded.model, Lora(targets=("q_proj", "v_proj")), seed=0)
    names = list(adapter_parameters(loaded.model))
    assert len(names) == 8
    assert all("q_proj" in name or "v_proj" in name for name in names)


@pytest.mark.parametrize("targets", ["nothing", ("lm_head",)])
def test_targets_that_are_no_inner_layers_are_refused(tiny_base, targets):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    with pytest.raises(BadInput, match="targets"):
        add_adapter(loaded.model, Lora(targets=targets), seed=0)


def test_peft_reads_what_is_written(tiny_base, tmp_path):
    base = tiny_base("llama")
    loaded = load(base, "float32", threads=1)
    config = add_adapter(loaded.model, Lora(rank=4), seed=0)
    parameters = adapter_parameters(loaded.model)
    for parameter in parameters.values():
        torch.nn.init.normal_(parameter, std=0.1)
    write_adapter(tmp_path, {n: p.detach() for n, p in parameters.items()}, config, base.name)
    with quietly():
        plain = AutoModelForCausalLM.from_pretrained(base.folder)
        found = peft.PeftModel.from_pretrained(plain, tmp_path).eval()
    expected = logits(loaded.model)
    assert torch.allclose(found(IDS).logits, expected, atol=1e-4)
    assert torch.allclose(
        logits(load(base, "float32", tmp_path, threads=1).model), expected, atol=1e-4
    )
    settings = json.loads((tmp_path / "adapter_config.json").read_text(encoding="utf-8"))
    assert settings["target_modules"] == sorted(settings["target_modules"])
    assert settings["base_model_name_or_path"] == base.name


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("learning_input", [True, False])
def test_the_layer_equals_the_one_of_peft(bias, learning_input):
    torch.manual_seed(0)
    config = peft.LoraConfig(r=4, lora_alpha=8, init_lora_weights=False)
    inner = torch.nn.Linear(12, 20, bias=bias).requires_grad_(False)
    ours = LoraLinear(inner, "default", config=config, r=4, lora_alpha=8)
    theirs = Linear(inner, "default", config=config, r=4, lora_alpha=8)
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(2, 5, 12, requires_grad=learning_input)
    outer = torch.randn(2, 5, 20)
    results = []
    for layer in (ours, theirs):
        out = layer(x)
        learned = [p for p in layer.parameters() if p.requires_grad]
        wanted = [x, *learned] if learning_input else learned
        results.append([out, *torch.autograd.grad(out, wanted, outer)])
    for found, expected in zip(*results, strict=True):
        assert torch.allclose(found, expected, atol=1e-5)


def test_dropout_acts_only_while_it_is_let(tiny_base):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    add_adapter(loaded.model, Lora(rank=4, dropout=0.5), seed=0)
    for parameter in adapter_parameters(loaded.model).values():
        torch.nn.init.normal_(parameter, std=0.1)
    assert torch.equal(logits(loaded.model), logits(loaded.model))
    with dropping(loaded.model):
        assert not torch.equal(logits(loaded.model), logits(loaded.model))
    assert torch.equal(logits(loaded.model), logits(loaded.model))
