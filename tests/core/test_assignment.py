"""Units get their model by a hash: for ever, everywhere, and never flipped back."""

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.assignment import BUCKETS, CHALLENGER, CHAMPION, arm_of, bucket

SALT, OTHER = "a" * 32, "b" * 32
units = st.text(min_size=1, max_size=30)
shares = st.floats(0.0001, 0.9999)


@given(units)
def test_it_is_blake2b_of_salt_and_unit(unit):
    """So that anybody can check it offline, in any language."""
    content = (SALT + unit).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
    assert bucket(SALT, unit) == number % BUCKETS


def test_buckets_are_written_down_here_and_never_move():
    assert [bucket(SALT, f"user-{n}") for n in range(3)] == [7685, 7526, 5023]


@given(units, shares, shares)
def test_a_larger_share_takes_the_challenger_from_nobody(unit, one, other):
    small, large = sorted([one, other])
    if arm_of(SALT, unit, small) == CHALLENGER:
        assert arm_of(SALT, unit, large) == CHALLENGER


@given(units)
def test_nobody_and_everybody(unit):
    assert arm_of(SALT, unit, 0) == CHAMPION
    assert arm_of(SALT, unit, 1) == CHALLENGER


def test_shares_are_those_declared():
    names = [f"someone@{n}" for n in range(20_000)]
    for share in (0.01, 0.1, 0.5):
        got = np.mean([arm_of(SALT, name, share) == CHALLENGER for name in names])
        assert abs(got - share) <= 4 * np.sqrt(share * (1 - share) / len(names))


def test_another_salt_is_another_lot():
    names = [f"someone@{n}" for n in range(4_000)]
    both = [(arm_of(SALT, n, 0.5), arm_of(OTHER, n, 0.5)) for n in names]
    alike = np.mean([one == other for one, other in both])
    assert abs(alike - 0.5) <= 4 * np.sqrt(0.25 / len(names))
