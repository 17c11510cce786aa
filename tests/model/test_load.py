"""A loaded model is its base, or its base with a live adapter folded in."""

import shutil

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from surpass.core.errors import BadInput
from surpass.model.load import load
from surpass.model.quiet import quietly
from tiny_models import save_tiny_base

IDS = torch.arange(3, 40)[None]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def adapter(base, tmp_path_factory):
    """What PEFT itself writes, with B matrices that change something."""
    folder = tmp_path_factory.mktemp("adapter")
    torch.manual_seed(1)
    config = peft.LoraConfig(
        r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False
    )
    with quietly():  # PEFT asks transformers for a deprecated property
        model = peft.get_peft_model(AutoModelForCausalLM.from_pretrained(base.folder), config)
        model.save_pretrained(folder)
    return folder


def logits(loaded):
    with torch.no_grad():
        loaded.model.set_attn_implementation("sdpa")
        return loaded.model(IDS).logits.float()


def test_nothing_asks_for_a_gradient(base):
    loaded = load(base, "float32", threads=1)
    assert not loaded.model.training
    assert not any(parameter.requires_grad for parameter in loaded.model.parameters())
    assert loaded.environment.number_type == "float32"
    assert loaded.environment.device == loaded.device


def test_the_adapter_is_folded_in(base, adapter):
    plain = AutoModelForCausalLM.from_pretrained(base.folder)
    with quietly():
        expected = peft.PeftModel.from_pretrained(plain, adapter).eval()(IDS).logits
    found = load(base, "float32", adapter, threads=1)
    assert torch.allclose(logits(found), expected, atol=1e-4)
    assert not any("lora" in name for name, _ in found.model.named_parameters())


def test_the_sum_of_weight_and_adapter_is_rounded_once(base, adapter):
    exact = load(base, "float32", adapter, threads=1).model.state_dict()
    rounded = load(base, "bfloat16", adapter, threads=1).model.state_dict()
    assert all(torch.equal(rounded[name], exact[name].bfloat16()) for name in exact)


def test_a_dead_adapter_is_refused(base, adapter, tmp_path):
    shutil.copytree(adapter, tmp_path / "dead")
    path = tmp_path / "dead" / "adapter_model.safetensors"
    tensors = load_file(path)
    save_file({n: t * 0 if "lora_B" in n else t for n, t in tensors.items()}, path)
    with pytest.raises(BadInput, match="changes nothing: all of its 14 B matrices are 0"):
        load(base, "float32", tmp_path / "dead", threads=1)


def test_an_adapter_of_another_model_is_refused(adapter, tmp_path):
    other = save_tiny_base(tmp_path, "phi3")
    with pytest.raises(BadInput, match="does not fit tiny phi3"):
        load(other, "float32", adapter, threads=1)


def test_a_folder_without_an_adapter_is_refused(base, tmp_path):
    with pytest.raises(BadInput, match=r"it has no adapter_config\.json and no adapter_model"):
        load(base, "float32", tmp_path, threads=1)


def test_an_architecture_with_code_of_its_own_is_refused(base, tmp_path):
    shutil.copytree(base.folder, tmp_path / "own")
    (tmp_path / "own" / "config.json").write_text(
        '{"model_type": "own", "auto_map": {"AutoModelForCausalLM": "evil.Model"}}',
        encoding="utf-8",
    )
    (tmp_path / "own" / "evil.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(BadInput):
        load(type(base)(name="own", folder=tmp_path / "own", digest="0"), "float32", threads=1)
