"""Rising terms: the level holds, new words are found, and rare words cost nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from surpass.measure.drift.shares import kind_shift, rise_p
from surpass.measure.drift.terms import Counted, holm, rising_terms

WORDS = 120


def drawn(units, rng, shares):
    held = rng.random((units, shares.size)) < shares
    return Counted(units, {f"w{i}": int(n) for i, n in enumerate(held.sum(axis=0)) if n})


def test_a_list_of_words_is_given_by_chance_at_most_as_often_as_the_level_says():
    rng = np.random.default_rng(0)
    shares = 1 / (5 + np.arange(WORDS))
    runs = 200
    false = sum(
        bool(rising_terms(drawn(1000, rng, shares), drawn(250, rng, shares), 0.05))
        for _ in range(runs)
    )
    assert false <= runs * 0.05 + 4 * np.sqrt(runs * 0.05 * 0.95)


def test_a_new_word_of_ten_users_in_250_is_named_first():
    rng = np.random.default_rng(1)
    shares = 1 / (5 + np.arange(WORDS))
    now = drawn(250, rng, shares)
    found = rising_terms(drawn(1000, rng, shares), Counted(250, {**now.terms, "qubit": 10}), 0.01)
    assert found[0].term == "qubit"
    assert found[0].before == 0
    assert found[0].now == 10


def test_a_word_of_two_users_is_never_named():
    assert not rising_terms(Counted(100_000, {"a": 5}), Counted(100, {"rare": 2}), 0.05)


def test_words_that_nobody_could_find_risen_cost_the_others_nothing():
    few = Counted(1000, {"common": 100})
    many = Counted(1000, {"common": 100, **{f"once{i}": 1 for i in range(10_000)}})
    now = Counted(200, {"common": 45})
    assert rising_terms(few, now, 0.05) == rising_terms(many, now, 0.05)


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 200), st.integers(0, 200))
def test_p_is_fishers(before, now, first, second):
    first, second = min(first, before), min(second, now)
    table = [[second, now - second], [first, before - first]]
    expected = stats.fisher_exact(table, alternative="greater").pvalue
    found = rise_p(np.array([first]), np.array([second]), (before, now))[0]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_corrected_p_values_rise_and_are_never_smaller(values):
    raw = np.sort(np.array(values))
    corrected = holm(raw, raw.size)
    assert (corrected >= raw).all()
    assert (np.diff(corrected) >= 0).all()


def test_equal_shares_of_kinds_are_told_apart_no_more_often_than_the_level_says():
    rng = np.random.default_rng(2)
    chances = np.array([0.5, 0.3, 0.1, 0.05, 0.03, 0.02])
    runs = 300
    false = sum(
        kind_shift(rng.multinomial(400, chances), rng.multinomial(100, chances), draws=99).p <= 0.05
        for _ in range(runs)
    )
    assert false <= runs * 0.05 + 4 * np.sqrt(runs * 0.05 * 0.95)


def test_a_kind_that_doubles_is_the_one_that_rose_most():
    shift = kind_shift(np.array([500, 300, 200]), np.array([100, 60, 120]))
    assert shift.most_risen == 2
    assert shift.p < 0.01
    assert shift.distance == pytest.approx(120 / 280 - 0.2)
