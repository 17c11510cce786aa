import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadMachine
from surpass.evaluate.jail import seccomp

MACHINES = sorted(seccomp.FORBIDDEN)
NUMBERS = st.integers(0, 500)


def answer(machine: str, number: int, audit: int, argument: int = 0) -> int:
    """What the kernel would do: a small machine for classic BPF."""
    packed = seccomp.filter_program(machine)
    program = list(struct.iter_unpack("=HBBI", packed))
    data = struct.pack("=IIQ6Q", number, audit, 0, argument, 0, 0, 0, 0, 0)
    at, value = 0, 0
    while True:
        code, yes, no, operand = program[at]
        at += 1
        if code == seccomp.RETURN:
            return operand
        if code == seccomp.LOAD:
            (value,) = struct.unpack_from("=I", data, operand)
            continue
        holds = {
            seccomp.EQUAL: value == operand,
            seccomp.AT_LEAST: value >= operand,
            seccomp.ANY_BIT: bool(value & operand),
        }[code]
        at += yes if holds else no


@pytest.mark.parametrize("machine", MACHINES)
def test_each_forbidden_call_is_refused_and_each_other_is_allowed(machine):
    table, audit = set(seccomp.FORBIDDEN[machine].values()), seccomp.AUDIT[machine]
    for number in range(500):
        expected = seccomp.REFUSE if number in table else seccomp.ALLOW
        if number == seccomp.CLONE3:
            expected = seccomp.ABSENT
        assert answer(machine, number, audit) == expected, number


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_of_a_table_are_distinct(machine):
    numbers = list(seccomp.FORBIDDEN[machine].values())
    assert len(set(numbers)) == len(numbers)


@given(NUMBERS, st.integers(0, 2**32 - 1), st.sampled_from(MACHINES))
def test_another_architecture_is_killed(number, audit, machine):
    if audit != seccomp.AUDIT[machine]:
        assert answer(machine, number, audit) == seccomp.KILL


@given(NUMBERS)
def test_the_x32_calls_are_killed(number):
    x32 = number | seccomp.X32_BIT
    assert answer("x86_64", x32, seccomp.AUDIT["x86_64"]) == seccomp.KILL


@given(st.integers(0, 2**32 - 1), st.sampled_from(MACHINES))
def test_clone_makes_processes_but_no_namespaces(flags, machine):
    said = answer(machine, seccomp.CLONE[machine], seccomp.AUDIT[machine], flags)
    forbidden = flags & seccomp.NEW_NAMESPACE
    assert said == (seccomp.REFUSE if forbidden else seccomp.ALLOW)


@given(st.integers(0, 2**32 - 1), st.sampled_from(MACHINES))
def test_a_process_limits_itself_alone(pid, machine):
    said = answer(machine, seccomp.PRLIMIT[machine], seccomp.AUDIT[machine], pid)
    assert said == (seccomp.REFUSE if pid else seccomp.ALLOW)


def test_the_filter_fits_a_pipe_that_nobody_reads_yet():
    assert all(len(seccomp.filter_program(machine)) <= 4096 for machine in MACHINES)


def test_an_unknown_processor_is_named():
    with pytest.raises(BadMachine, match="riscv64"):
        seccomp.filter_program("riscv64")
