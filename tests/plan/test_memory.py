import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.plan.memory import memory_parts
from surpass.plan.methods import NAMES, TITLES, Method, trained_parameters
from surpass.plan.shape import Shape
from surpass.plan.shapes import known_shape, known_shapes

shapes = st.builds(
    Shape,
    layers=st.integers(1, 100),
    hidden=st.integers(64, 16384),
    feed_forward=st.integers(64, 65536),
    query=st.integers(64, 16384),
    key_value=st.integers(64, 2048),
    vocabulary=st.integers(1000, 300_000),
    tied=st.booleans(),
)
PUBLISHED_BILLIONS = {
    "smollm2-135m": 0.1345,
    "smollm2-1.7b": 1.71,
    "llama-2-7b": 6.74,
    "llama-2-70b": 68.98,
    "llama-3-8b": 8.03,
    "llama-3-70b": 70.55,
    "mistral-7b": 7.24,
    "gemma-2-9b": 9.24,
    "qwen-1.8b": 1.84,
    "qwen-7b": 7.72,
    "qwen-14b": 14.17,
    "qwen-72b": 72.29,
    "qwen2.5-7b": 7.62,
    "qwen2.5-72b": 72.71,
}


def bytes_of(name, shape, tokens=2048, rank=16, number_type="bfloat16"):
    method = Method(name=name, rank=rank)
    trained = trained_parameters(method, shape)
    return sum(memory_parts(shape, method, trained, tokens, number_type=number_type).values())


def test_every_known_base_has_the_parameters_that_its_makers_state():
    found = {name: shape.parameters / 1e9 for name, shape in known_shapes().items()}
    assert found == pytest.approx(PUBLISHED_BILLIONS, rel=0.005)


@pytest.mark.parametrize(
    "name", ["llama-3-70b", "Llama-3-70B", "meta-llama/Meta-Llama-3-70B", "llama 3 70b"]
)
def test_a_base_is_found_however_it_is_written(name):
    assert known_shape(name) == known_shapes()["llama-3-70b"]


def test_a_base_that_is_not_known_is_none():
    assert known_shape("llama-4-900b") is None
    assert known_shape("") is None


def test_every_method_has_a_title_and_trains_something():
    shape = known_shapes()["smollm2-135m"]
    assert set(TITLES) == set(NAMES)
    assert all(trained_parameters(Method(name=name), shape) > 0 for name in NAMES)


@given(shapes, st.sampled_from(NAMES), st.integers(1, 8192))
def test_memory_grows_with_tokens_and_layers(shape, name, tokens):
    deeper = Shape(**{f: getattr(shape, f) for f in shape.__struct_fields__} | {"layers": 101})
    assert bytes_of(name, shape, tokens) < bytes_of(name, shape, tokens + 64)
    assert bytes_of(name, shape, tokens) < bytes_of(name, deeper, tokens)


@given(shapes, st.sampled_from(["lora", "qlora", "dora"]), st.integers(1, 256))
def test_memory_grows_with_rank(shape, name, rank):
    assert bytes_of(name, shape, rank=rank) < bytes_of(name, shape, rank=rank + 1)


@pytest.mark.parametrize("name", [n for n, b in PUBLISHED_BILLIONS.items() if b > 1])
def test_four_bit_needs_less_than_sixteen_and_that_less_than_full(name):
    shape = known_shapes()[name]
    assert bytes_of("qlora", shape) < bytes_of("lora", shape) < bytes_of("full", shape)
    assert bytes_of("lora", shape) < bytes_of("dora", shape)


@pytest.mark.parametrize("number_type", ["float32", "bfloat16"])
def test_full_tuning_holds_sixteen_bytes_of_each_weight(number_type):
    shape = known_shapes()["llama-3-8b"]
    method = Method(name="full")
    parts = memory_parts(shape, method, shape.parameters, 512, number_type=number_type)
    assert parts["weights"] + parts["trained state"] == 16 * shape.parameters


def test_seventy_billion_weights_take_what_the_paper_says():
    shape, method = known_shapes()["llama-3-70b"], Method(name="qlora")
    parts = memory_parts(shape, method, 207_093_760, 4096, number_type="bfloat16")
    assert parts["weights"] / 1e9 == pytest.approx(39.5, rel=0.005)  # 4.127 bits, arXiv:2305.14314
    assert parts["trained state"] / 1e9 == pytest.approx(3.3, rel=0.01)
    assert parts["layer inputs"] == 80 * 8192 * 2 * 4096
