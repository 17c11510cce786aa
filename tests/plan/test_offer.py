import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.plan.machines import find_machine, machines
from surpass.plan.methods import NAMES, Method
from surpass.plan.offer import Job, offer, offers
from surpass.plan.remedy import cards_needed, largest_base_that_fits, machines_that_fit
from surpass.plan.shapes import known_shapes
from surpass.plan.speed import Lengths, micro_batch_seconds

LLAMA_70B, LLAMA_8B = known_shapes()["llama-3-70b"], known_shapes()["llama-3-8b"]
A100 = machines()["a100-80gb"]
TWELVE_HOURS = Job(row_tokens=512, hours=12)


def test_seventy_billion_on_one_a100_is_four_bit_only():
    found = {one.method: one for one in offers(LLAMA_70B, A100, TWELVE_HOURS)}
    assert [name for name, one in found.items() if one.exceeds is None] == ["qlora"]
    assert "memory" in found["lora"].exceeds
    assert 12e6 < found["qlora"].tokens_in(12) < 18e6
    assert 4e6 < found["qlora"].tokens_in(12, packed=False) < 7e6


@given(st.sampled_from(NAMES), st.sampled_from(sorted(machines())))
def test_what_fits_is_within_the_machine_margin_included(name, machine):
    found = offer(LLAMA_8B, machines()[machine], TWELVE_HOURS, Method(name=name))
    assert found.memory_bytes == sum(found.parts.values()) < found.needed_bytes
    if found.exceeds is None:
        assert found.needed_bytes <= machines()[machine].memory_gb * 1e9


@given(st.integers(64, 8192), st.sampled_from(NAMES))
def test_packing_never_costs_speed(row_tokens, name):
    found = offer(LLAMA_8B, A100, Job(row_tokens=row_tokens), Method(name=name))
    assert found.packed_rate >= found.single_rate * (1 - 1e-9)
    assert found.micro_tokens >= row_tokens


@given(st.floats(0.5, 100), st.floats(0.5, 100))
def test_more_hours_train_more_tokens(hours, more):
    found = offer(LLAMA_8B, A100, TWELVE_HOURS, Method(name="lora"))
    assert found.tokens_in(hours) < found.tokens_in(hours + more)
    assert found.seconds(found.tokens_in(hours)) == pytest.approx(hours * 3600)


@given(st.integers(64, 16384))
def test_four_bit_weights_cost_time_at_any_length(tokens):
    lengths = Lengths(tokens=tokens, row_tokens=512)
    seconds = {
        name: micro_batch_seconds(LLAMA_8B, Method(name=name), 0, lengths, A100)
        for name in ("lora", "qlora", "full")
    }
    assert seconds["lora"] < seconds["qlora"]
    assert seconds["lora"] < seconds["full"]


def test_hours_and_money_refuse_as_memory_does():
    slow = offer(LLAMA_8B, A100, Job(row_tokens=500, rows=10**7, hours=1), Method(name="lora"))
    assert "hours" in slow.exceeds
    job = Job(row_tokens=500, rows=10**6, money=1, price_per_hour=2)
    assert "money" in offer(LLAMA_8B, A100, job, Method(name="lora")).exceeds


def test_no_four_bit_where_there_are_no_kernels():
    found = offer(LLAMA_8B, machines()["apple-m3-max-64gb"], TWELVE_HOURS, Method(name="qlora"))
    assert "4-bit" in found.exceeds


def test_what_would_fit_fits():
    refused = offer(LLAMA_8B, machines()["t4-16gb"], TWELVE_HOURS, Method(name="lora"))
    assert refused.exceeds is not None
    names = machines_that_fit(LLAMA_8B, TWELVE_HOURS, "lora", 16)
    assert "t4-16gb" not in names
    assert "a100-80gb" in names
    assert cards_needed(refused, machines()["t4-16gb"]) == 2
    smaller = largest_base_that_fits(machines()["t4-16gb"], TWELVE_HOURS, "lora", 16)
    assert known_shapes()[smaller].parameters < LLAMA_8B.parameters
    tiny = Job(row_tokens=512, hours=12, rows=10**12)
    assert largest_base_that_fits(A100, tiny, "lora", 16) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a100-80gb", "a100-80gb"),
        ("A100", "a100-40gb"),
        ("RTX 4090", "rtx-4090-24gb"),
        ("4090", "rtx-4090-24gb"),
        ("t4", "t4-16gb"),
        ("h200", "h200-141gb"),
        ("cpu", "cpu-2-cores"),
    ],
)
def test_a_machine_is_found_however_it_is_written(said, meant):
    assert find_machine(said)[0] == meant


@pytest.mark.parametrize("said", ["", "gb", "b300", "a100-8gb", "\x1b[31m"])
def test_a_machine_that_is_not_known_is_refused(said):
    with pytest.raises(BadInput, match="No machine"):
        find_machine(said)


def test_every_machine_says_where_its_figures_come_from():
    for machine in machines().values():
        assert "20" in machine.source
        assert machine.reached_from
        assert 0 < machine.reached < 1
