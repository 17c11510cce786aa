import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput, CannotTell
from surpass.core.settings import (
    Budget,
    Dora,
    Full,
    Ia3,
    Lora,
    Other,
    Prefix,
    Prompt,
    Qlora,
)
from surpass.plan.cost import Work, excess, predict
from surpass.plan.shape import Shape, read_shape

SMOLLM2 = Shape(
    layers=30,
    hidden=576,
    feed_forward=1536,
    query=576,
    key_value=192,
    vocabulary=49152,
    tied=True,
)
LLAMA_70B = Shape(
    layers=80,
    hidden=8192,
    feed_forward=28672,
    query=8192,
    key_value=1024,
    vocabulary=128256,
    tied=False,
)


def work(tokens=50_000, step_tokens=1024):
    return Work(
        tokens=tokens,
        answer_tokens=tokens // 4,
        steps=-(-tokens // step_tokens),
        step_tokens=step_tokens,
        epochs=2.0,
    )


def test_parameters_are_those_of_the_published_models():
    assert pytest.approx(134.5e6, rel=0.01) == SMOLLM2.parameters
    assert pytest.approx(70.55e9, rel=0.01) == LLAMA_70B.parameters


def test_adapters_of_rank_16_on_the_70b_model_have_207_million_weights():
    assert LLAMA_70B.adapter_parameters(16) == pytest.approx(207.1e6, rel=0.001)


def test_seventy_billion_weights_do_not_fit_one_card_in_16_bit():
    cost = predict(LLAMA_70B, Lora(rank=16), work(), "bfloat16", 312e12)
    assert cost.parts["weights"] == pytest.approx(141e9, rel=0.01)
    assert "memory" in excess(cost, Budget(memory_gb=80), 10**12)


@given(st.integers(1_000, 10_000_000), st.integers(1, 10))
def test_time_is_linear_in_tokens(tokens, factor):
    once = predict(SMOLLM2, Lora(), work(tokens * 4), "float32", 1e11).seconds
    more = predict(SMOLLM2, Lora(), work(tokens * 4 * factor), "float32", 1e11).seconds
    assert more == pytest.approx(factor * once)


@given(st.integers(64, 8192), st.integers(1, 64))
def test_memory_grows_with_batch_and_rank(batch, rank):
    small = predict(SMOLLM2, Lora(rank=rank), work(step_tokens=batch), "float32", 1e11)
    large = predict(SMOLLM2, Lora(rank=rank + 1), work(step_tokens=batch + 64), "float32", 1e11)
    assert large.memory_bytes > small.memory_bytes


def test_hours_and_money_are_held_against_the_budget():
    cost = predict(SMOLLM2, Lora(), work(10**9), "float32", 1e11)
    assert "hours" in excess(cost, Budget(hours=1), 10**12)
    assert "money" in excess(cost, Budget(money=1, price_per_hour=2), 10**12)
    assert excess(cost, Budget(), 10**12) is None
    assert "memory" in excess(cost, Budget(), 10**6)
    with pytest.raises(BadInput, match="price_per_hour"):
        excess(cost, Budget(money=1), 10**12)


def test_the_shape_is_read_from_the_config(tmp_path):
    config = {
        "hidden_size": 576,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "num_hidden_layers": 30,
        "intermediate_size": 1536,
        "vocab_size": 49152,
        "tie_word_embeddings": True,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert read_shape(tmp_path) == SMOLLM2


def test_a_config_without_sizes_is_named(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CannotTell, match="hidden_size"):
        read_shape(tmp_path)


def test_fewer_targets_are_smaller_adapters_and_fewer_copies():
    every, some = Lora(rank=4), Lora(rank=4, targets=("q_proj", "v_proj"))
    costs = [predict(SMOLLM2, tuning, work(), "bfloat16", 1e11) for tuning in (every, some)]
    assert costs[1].trained_parameters == 30 * 4 * ((576 + 576) + (576 + 192))
    for part in ("adapters and optimiser", "activations"):
        assert costs[1].parts[part] < costs[0].parts[part]
    assert SMOLLM2.adapted_inputs(("q_proj", "v_proj")) == 30 * 576  # one input for both


def test_targets_without_a_layer_are_named():
    with pytest.raises(BadInput, match="query_key_value"):
        predict(SMOLLM2, Lora(targets=("query_key_value",)), work(), "float32", 1e11)


@pytest.mark.parametrize(
    ("tuning", "trained"),
    [
        (Lora(rank=8), SMOLLM2.adapter_parameters(8)),
        (Qlora(rank=8), SMOLLM2.adapter_parameters(8)),
        (Dora(rank=8), SMOLLM2.adapter_parameters(8) + SMOLLM2.adapted_outputs()),
        (Ia3(), 30 * (2 * 192 + 1536)),
        (Prefix(virtual_tokens=10), 10 * 30 * 2 * 192),
        (Prompt(virtual_tokens=10), 10 * 576),
        (Full(), SMOLLM2.parameters),
    ],
)
def test_every_method_is_predicted_for_this_machine_too(tuning, trained):
    cost = predict(SMOLLM2, tuning, work(), "bfloat16", 1e11)
    assert cost.trained_parameters == trained
    assert cost.memory_bytes == sum(cost.parts.values())
    assert cost.seconds > 0


def test_on_this_machine_four_bit_needs_less_and_full_needs_more():
    costs = [predict(SMOLLM2, t, work(), "float32", 1e11) for t in (Qlora(), Lora(), Full())]
    memory, seconds = [c.memory_bytes for c in costs], [c.seconds for c in costs]
    assert memory == sorted(set(memory))
    assert seconds[1] < seconds[2]
    full = costs[2].parts
    assert full["weights"] + full["adapters and optimiser"] == 16 * SMOLLM2.parameters


def test_a_method_of_which_only_the_name_is_known_cannot_be_predicted():
    with pytest.raises(CannotTell, match="loha"):
        predict(SMOLLM2, Other(peft="loha"), work(), "float32", 1e11)
