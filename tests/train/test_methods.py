"""Every method learns what it says and nothing else, as PEFT computes it."""

import dataclasses
import importlib.util

import msgspec
import peft
import pytest
import torch
from peft.tuners.lora import Linear
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.core.settings import (
    Dora,
    Full,
    Ia3,
    Lora,
    Other,
    Prefix,
    Prompt,
    Ptuning,
    Qlora,
    Training,
)
from surpass.model.find import Base
from surpass.model.fold import ADAPTER_WEIGHTS, FOUR_BITS, file_name
from surpass.model.generate import generate
from surpass.model.load import load
from surpass.model.nf4 import numbers_in
from surpass.model.quiet import quietly
from surpass.model.template import encode_prompt
from surpass.train.adapter import dropping
from surpass.train.encode import encode_rows
from surpass.train.flat import answer_states
from surpass.train.learner import Learner
from surpass.train.loop import train_adapter
from surpass.train.loss import answer_loss, mean_loss
from surpass.train.methods import load_for, prepare
from tiny_jobs import rows
from tiny_models import FLAT

replace = msgspec.structs.replace
FRAME = rows(6)
BESIDE = {
    "lora": Lora(rank=4),
    "rslora": Lora(rank=4, rslora=True),
    "gaussian": Lora(rank=4, init="gaussian"),
    "orthogonal": Lora(rank=4, init="orthogonal"),
    "pissa": Lora(rank=4, init="pissa"),
    "olora": Lora(rank=4, init="olora"),
    "dora": Dora(rank=4),
    "ia3": Ia3(),
    "loha": Other(peft="loha", options={"r": 4}),
}
VIRTUAL = {
    "prefix": Prefix(virtual_tokens=6),
    "prefix from noise": Prefix(virtual_tokens=6, start="random"),
    "prompt": Prompt(virtual_tokens=6),
    "prompt from noise": Prompt(virtual_tokens=6, start="random"),
    "ptuning": Ptuning(virtual_tokens=6),
    "ptuning lstm": Ptuning(virtual_tokens=6, encoder="lstm", width=16),
}
ALL = {**BESIDE, **VIRTUAL, "full": Full()}
if importlib.util.find_spec("bitsandbytes") is not None:
    ALL["qlora"] = Qlora(rank=4)
needs_four_bits = pytest.mark.skipif("qlora" not in ALL, reason="bitsandbytes is not installed")
UNCHANGED_AT_FIRST = sorted(BESIDE)


def some(fast, *slow):
    """Names of methods; all but the first are for the long test run."""
    return [*fast.split(), *(pytest.param(name, marks=pytest.mark.slow) for name in slow)]


def prepared(base, tuning, instruction="Answer with the intent.", *, moved=True):
    """A model ready to learn, what learns, and encoded rows."""
    loaded = load_for(tuning, base, "float32", threads=1)
    method = prepare(loaded, tuning, 0, name=base.name)
    generator = torch.Generator().manual_seed(0)
    if moved:
        with torch.no_grad():
            for parameter in method.parameters.values():
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    encoded = encode_rows(loaded.tokenizer, instruction, FRAME, most=None, context=256)
    return loaded, method, encoded


def loss_of(loaded, method, encoded):
    return answer_loss(
        loaded.model, *answer_states(method.before(loaded), encoded, range(len(FRAME)))
    )


def own_loss(model, encoded):
    """Summed loss, one document a call, by a model's own forward call."""
    total = torch.zeros(())
    for prompt, answer in zip(encoded.prompts, encoded.answers, strict=True):
        ids = torch.tensor([[*prompt, *answer]])
        logits = model(input_ids=ids).logits[0, -len(answer) - 1 : -1].float()
        wanted = torch.tensor(answer)
        total = total + torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
    return total


def pefts_own(base, config, method):
    """PEFT's model of the same configuration with the same values, and its parameters by name."""
    with quietly():
        plain = AutoModelForCausalLM.from_pretrained(base.folder, attn_implementation="sdpa")
        model = peft.get_peft_model(plain, config).eval()
    theirs = {
        file_name(name).removeprefix("prompt_encoder."): parameter
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
    with torch.no_grad():
        for name, parameter in theirs.items():
            parameter.copy_(method.parameters[name])
    return model, theirs


def configuration(name):
    """The same as PEFT's documentation writes it."""
    tokens = {"task_type": "CAUSAL_LM", "num_virtual_tokens": 6}
    linear = {"task_type": "CAUSAL_LM", "target_modules": "all-linear"}
    lora = peft.LoraConfig(r=4, lora_alpha=16, **linear)
    return {
        "lora": lora,
        "rslora": dataclasses.replace(lora, use_rslora=True),
        "dora": dataclasses.replace(lora, use_dora=True),
        "ia3": peft.IA3Config(task_type="CAUSAL_LM"),
        "loha": peft.LoHaConfig(r=4, **linear),
        "prefix": peft.PrefixTuningConfig(**tokens),
        "prompt": peft.PromptTuningConfig(**tokens),
        "ptuning": peft.PromptEncoderConfig(**tokens),
    }[name]


@pytest.mark.parametrize(
    "name", ["lora", "rslora", "dora", "ia3", "loha", "prefix", "prompt", "ptuning"]
)
@pytest.mark.parametrize("instruction", ["", "Answer with the intent of the message."])
def test_loss_and_gradients_are_those_of_peft(tiny_base, name, instruction):
    base = tiny_base("llama")
    loaded, method, encoded = prepared(base, ALL[name], instruction)
    assert (encoded.shared > 0) == bool(instruction)
    loss = loss_of(loaded, method, encoded)
    loss.backward()
    model, theirs = pefts_own(base, configuration(name), method)
    expected = own_loss(model, encoded)
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    assert set(theirs) == set(method.parameters)
    for key, parameter in theirs.items():
        scale = max(1.0, float(parameter.grad.abs().max()))
        assert (method.parameters[key].grad - parameter.grad).abs().max() <= 1e-4 * scale, key


@pytest.mark.parametrize("architecture", FLAT)
@pytest.mark.parametrize("name", ["prefix", "prompt"])
def test_virtual_tokens_are_pefts_in_every_flat_architecture(tiny_base, architecture, name):
    base = tiny_base(architecture)
    loaded, method, encoded = prepared(base, ALL[name])
    assert not loaded.padded
    model, _ = pefts_own(base, configuration(name), method)
    with torch.no_grad():
        found, expected = loss_of(loaded, method, encoded), own_loss(model, encoded)
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
def test_full_tuning_learns_from_head_and_embedding_together(tiny_base, architecture):
    base = tiny_base(architecture)  # Llama's head is tied to its embedding, Qwen's is its own
    loaded, method, encoded = prepared(base, Full(), moved=False)
    loss_of(loaded, method, encoded).backward()
    theirs = AutoModelForCausalLM.from_pretrained(base.folder, attn_implementation="sdpa").eval()
    own_loss(theirs, encoded).backward()
    expected = dict(theirs.named_parameters())
    assert set(expected) == set(method.parameters)
    for key, parameter in method.parameters.items():
        scale = max(1.0, float(expected[key].grad.abs().max()))
        assert (parameter.grad - expected[key].grad).abs().max() <= 2e-5 * scale, key


@pytest.mark.parametrize("name", sorted(ALL))
def test_frozen_weights_keep_their_bits_and_all_that_learns_moves(tiny_base, name):
    loaded, method, encoded = prepared(tiny_base("llama"), ALL[name], moved=False)
    frozen = {n: p.clone() for n, p in loaded.model.named_parameters() if not p.requires_grad}
    learner = Learner(method.parameters, Training())
    before = learner.values()
    for _ in range(3):
        loss_of(loaded, method, encoded).backward()
        learner.step(0.01)
    now = dict(loaded.model.named_parameters())
    assert all(torch.equal(now[key], kept) for key, kept in frozen.items())
    assert all(p.grad is None for p in loaded.model.parameters() if not p.requires_grad)
    assert all(not torch.equal(value, before[key]) for key, value in learner.values().items())
    assert {value.dtype for value in before.values()} == {torch.float32}


@pytest.mark.parametrize("name", UNCHANGED_AT_FIRST)
def test_a_fresh_adapter_of_any_kind_changes_nothing(tiny_base, name):
    base = tiny_base("llama")
    loaded, method, encoded = prepared(base, ALL[name], moved=False)
    untouched = load(base, "float32", threads=1)
    with torch.no_grad():
        found, expected = mean_loss(method.before(loaded), encoded), mean_loss(untouched, encoded)
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", sorted(set(ALL) - {"full", "qlora"}))
def test_what_is_written_answers_as_what_was_trained(tiny_base, tmp_path, name):
    base = tiny_base("llama")
    loaded, method, encoded = prepared(base, ALL[name])
    with torch.no_grad():
        expected = mean_loss(method.before(loaded), encoded)
    method.write(tmp_path, Learner(method.parameters, Training()).values(), base.name)
    found = load(base, "float32", tmp_path, threads=1)
    assert mean_loss(found, encoded) == pytest.approx(expected, rel=1e-5)
    with quietly():  # and PEFT itself reads it
        plain = AutoModelForCausalLM.from_pretrained(base.folder, attn_implementation="sdpa")
        theirs = peft.PeftModel.from_pretrained(plain, str(tmp_path)).eval()
    with torch.no_grad():
        answer_tokens = sum(map(len, encoded.answers))
        assert float(own_loss(theirs, encoded)) / answer_tokens == pytest.approx(expected, rel=1e-5)


def test_virtual_tokens_take_their_room_from_the_context(tiny_base, tmp_path):
    base = tiny_base("llama")
    _, method, _ = prepared(base, Prompt(virtual_tokens=6))
    method.write(tmp_path, Learner(method.parameters, Training()).values(), base.name)
    assert load(base, "float32", tmp_path, threads=1).context == 256 - 6


@pytest.mark.parametrize("architecture", ["gemma2", "mistral sliding", "mamba"])
@pytest.mark.parametrize("name", ["prefix", "prompt", "ptuning"])
def test_virtual_tokens_are_refused_where_layers_do_not_see_them(tiny_base, architecture, name):
    with pytest.raises(BadInput, match=r"not every layer sees all earlier tokens.*Llama"):
        prepared(tiny_base(architecture), ALL[name])


@pytest.mark.parametrize("name", some("prefix", "dora", "ia3", "prompt", "ptuning"))
def test_bfloat16_bases_learn_too(job, tmp_path, name):
    job = replace(job, tuning=ALL[name], number_type="bfloat16")
    run = train_adapter(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    assert run.last_loss < run.first_loss
    loaded = load(job.base, "bfloat16", tmp_path / "o", threads=1)
    prompts = [encode_prompt(loaded.tokenizer, job.instruction, (), "dead since Tuesday")] * 2
    answers = generate(loaded, prompts, max_new_tokens=5, progress=Silent())
    assert answers.texts[0] == answers.texts[1]


class Killed(Exception):
    """The run was interrupted."""


class KillAfter(Silent):
    """Interrupts the run after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def advance(self, done: int, note: str = "") -> None:
        if done == self.step:
            raise Killed


@pytest.mark.parametrize(
    "name", some("prefix full", "dora", "ia3", "ptuning", "pissa", "loha", "qlora")
)
def test_a_run_of_any_method_goes_on_with_the_same_bits(job, tmp_path, name):
    if name not in ALL:
        pytest.skip("bitsandbytes is not installed")
    job = replace(job, tuning=ALL[name])
    file = "model.safetensors" if name == "full" else ADAPTER_WEIGHTS
    found = []
    for place, kills in (("whole", ()), ("killed", (2, 4))):
        folder = tmp_path / place
        for step in kills:
            with pytest.raises(Killed):
                train_adapter(job, scratch=folder / "s", out=folder / "o", progress=KillAfter(step))
        train_adapter(job, scratch=folder / "s", out=folder / "o", progress=Silent())
        found.append((folder / "o" / file).read_bytes())
    assert found[0] == found[1]


def test_a_full_run_leaves_a_model_that_stands_for_itself(job, tmp_path):
    job = replace(job, tuning=Full())
    run = train_adapter(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    assert run.trained_parameters == run.all_parameters
    alone = load(Base(name="own", folder=tmp_path / "o", digest="0"), "float32", threads=1)
    encoded = encode_rows(alone.tokenizer, job.instruction, job.valid, most=None, context=256)
    assert mean_loss(alone, encoded) == pytest.approx(min(run.valid_loss), rel=1e-5)
    assert "lm_head.weight" not in load_file(tmp_path / "o" / "model.safetensors")  # still tied


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Other(peft="lohaa"), 'is no method of PEFT. Did you mean "loha"?'),
        (Other(peft="adalora"), "needs more than a loop over rows"),
        (Other(peft="loha", options={"rr": 4}), "unknown option `rr`"),
        (Other(peft="loha", options={"r": "four"}), "r cannot be 'four'"),
        (Other(peft="loha", options={"target_modules": ("nothing",)}), "No adapter can be put"),
    ],
)
def test_other_methods_are_checked_by_pefts_own_configuration(tiny_base, other, said):
    with pytest.raises(BadInput) as refused:
        prepared(tiny_base("llama"), other)
    assert said in str(refused.value)


def test_dropout_of_another_method_acts_only_while_it_is_let(tiny_base):
    tuning = Other(peft="loha", options={"r": 4, "rank_dropout": 0.5})
    loaded, method, encoded = prepared(tiny_base("llama"), tuning)
    with torch.no_grad():
        still = [float(loss_of(loaded, method, encoded)) for _ in range(2)]
        with dropping(loaded.model):
            torch.manual_seed(0)
            dropped = float(loss_of(loaded, method, encoded))
    assert still[0] == still[1] != dropped


def test_the_written_out_layer_serves_plain_lora_only(tiny_base):
    loaded, _, _ = prepared(tiny_base("llama"), Dora(rank=4))
    layers = [module for module in loaded.model.modules() if isinstance(module, Linear)]
    assert all(layer.lora_variant for layer in layers)


@needs_four_bits
@pytest.mark.parametrize("kind", some("float32", "bfloat16"))
def test_four_bits_train_and_answer_beside_the_same_rounded_weights(job, tmp_path, kind):
    job = replace(job, tuning=Qlora(rank=4), number_type=kind)
    run = train_adapter(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    lora = train_adapter(
        replace(job, tuning=Lora(rank=4)),
        scratch=tmp_path / "s2",
        out=tmp_path / "o2",
        progress=Silent(),
    )
    assert run.environment.number_type == kind
    assert (run.trained_parameters, run.all_parameters) == (
        lora.trained_parameters,
        lora.all_parameters,
    )
    served = load(job.base, kind, tmp_path / "o", threads=1)
    valid = encode_rows(served.tokenizer, job.instruction, job.valid, most=None, context=256)
    near = 1e-4 if kind == "float32" else 0.05
    assert mean_loss(served, valid) == pytest.approx(min(run.valid_loss), rel=near)
    (tmp_path / "o" / FOUR_BITS).unlink()  # beside the weights as they were it is another model
    other = mean_loss(load(job.base, kind, tmp_path / "o", threads=1), valid)
    assert other != pytest.approx(min(run.valid_loss), rel=near)


@needs_four_bits
def test_a_weight_of_four_bits_takes_about_four_bits(tiny_base):
    loaded = load_for(Qlora(), tiny_base("llama"), "float32", threads=1)
    held = [m for m in loaded.model.modules() if type(m).__name__ == "Linear4bit"]
    assert len(held) == 2 * 7
    assert all(2 * layer.weight.nbytes == numbers_in(layer.weight) for layer in held)


def test_a_prefix_begins_as_the_keys_and_values_of_the_tokens_a_prompt_begins_with(tiny_base):
    losses = []
    for tuning in (Prefix(virtual_tokens=6), Prompt(virtual_tokens=6)):
        loaded, method, encoded = prepared(tiny_base("llama"), tuning, moved=False)
        with torch.no_grad():
            losses.append(mean_loss(method.before(loaded), encoded))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_a_model_behind_virtual_tokens_is_the_same_model(tiny_base):
    loaded, method, _ = prepared(tiny_base("llama"), Prefix(virtual_tokens=6))
    now = method.before(loaded)
    assert now == dataclasses.replace(loaded, virtual=now.virtual)
    assert len(now.virtual) == 6
