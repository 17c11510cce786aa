"""Gains with a standard error by unit, over periods, for means and ratios."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import CannotTell
from surpass.measure.sequential.asymptotic import half_width
from surpass.measure.sequential.effect import UnitRows, effect


def unit_rows(challenger, above, **parts):
    count = len(above)
    return UnitRows(
        unit=parts.get("unit", np.arange(count)),
        period=parts.get("period", np.zeros(count, dtype=int)),
        challenger=np.asarray(challenger, dtype=bool),
        above=np.asarray(above, dtype=float),
        below=parts.get("below", np.ones(count)),
        before=parts.get("before", np.full(count, np.nan)),
        ready=parts.get("ready", np.arange(count, dtype=float)),
    )


@given(st.integers(0, 2**32 - 1), st.integers(20, 200), st.integers(20, 200))
def test_of_one_period_it_is_welchs_difference_of_means(seed, first, second):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(1, 1, first), rng.normal(2, 3, second)
    rows = unit_rows(np.arange(first + second) >= first, np.concatenate([a, b]))
    found = effect(rows, (0.5,), is_share=False)
    assert found.gain == pytest.approx(b.mean() - a.mean())
    assert found.error**2 == pytest.approx(a.var(ddof=1) / first + b.var(ddof=1) / second)
    assert found.units == first + second


def test_a_share_without_events_is_not_certain():
    rows = unit_rows(np.arange(200) % 2, np.zeros(200))
    found = effect(rows, (0.5,), is_share=True)
    assert found.gain == 0
    assert found.error**2 == pytest.approx(2 * (1 / 102) * (101 / 102) / 102)  # Agresti and Caffo


def test_a_ratio_is_clustered_by_unit():
    """Ten requests of one user are no ten users: the error is that of the users' means."""
    rng = np.random.default_rng(1)
    level = rng.random(4_000)
    alike = unit_rows(np.arange(4_000) % 2, 10 * level, below=np.full(4_000, 10.0))
    single = unit_rows(np.arange(4_000) % 2, level)
    two = (effect(rows, (0.5,), is_share=False) for rows in (alike, single))
    assert next(two).error == pytest.approx(next(two).error)


def test_the_delta_method_knows_that_counts_vary():
    rng = np.random.default_rng(2)

    def one(_):
        below = rng.integers(1, 9, 400).astype(float)
        above = below * np.clip(0.5 + 0.05 * (below - 4) + rng.normal(0, 0.1, 400), 0, 1)
        return effect(unit_rows(np.arange(400) % 2, above, below=below), (0.5,), is_share=True)

    found = [one(n) for n in range(300)]
    spread = np.std([e.gain for e in found])
    assert np.mean([e.error for e in found]) == pytest.approx(spread, rel=0.15)


def test_history_narrows_the_error_and_leaves_the_gain_where_it_is():
    rng = np.random.default_rng(3)
    gains, errors, plain = [], [], []
    for _ in range(200):
        history = rng.normal(0, 1, 400)
        arm = rng.random(400) < 0.5
        above = history + 0.2 * arm + rng.normal(0, 0.5, 400)
        known = np.where(rng.random(400) < 0.8, history, np.nan)
        found = effect(unit_rows(arm, above, before=known), (0.5,), is_share=False)
        gains.append(found.gain)
        errors.append(found.error)
        plain.append(effect(unit_rows(arm, above), (0.5,), is_share=False).error)
    assert np.mean(gains) == pytest.approx(0.2, abs=0.02)
    assert np.mean(errors) < 0.8 * np.mean(plain)
    assert np.mean(errors) == pytest.approx(np.std(gains), rel=0.15)


def test_a_ramp_in_the_middle_of_a_trend_is_no_gain():
    """Simpson: when the challenger gets its larger share, everybody is happier anyway."""
    rng = np.random.default_rng(4)
    period = np.repeat([0, 1], 5_000)
    arm = rng.random(10_000) < np.where(period == 0, 0.1, 0.5)
    good = rng.random(10_000) < np.where(period == 0, 0.3, 0.8)
    rows = unit_rows(arm, good, period=period)
    found = effect(rows, (0.1, 0.5), is_share=True)
    assert abs(found.gain) < 3 * found.error
    assert good[arm].mean() - good[~arm].mean() > 0.1  # what pooling would have said
    assert found.units == pytest.approx(4 * (5_000 * 0.09 + 5_000 * 0.25))


def test_a_unit_that_comes_twice_counts_once_in_the_error():
    rng = np.random.default_rng(5)
    level = rng.random(1_000)
    arm = rng.random(1_000) < 0.5
    once = unit_rows(arm, level)
    twice = unit_rows(
        np.tile(arm, 2),
        np.tile(level, 2),
        unit=np.tile(np.arange(1_000), 2),
        period=np.repeat([0, 1], 1_000),
    )
    assert effect(twice, (0.5, 0.5), is_share=False).error == pytest.approx(
        effect(once, (0.5,), is_share=False).error
    )


def false_winners_on_a_ramp(tries: int) -> float:
    """The same 1,000 people before and after a ramp from 20 to 50 %, each as happy as before."""
    rng, wrong = np.random.default_rng(6), 0
    for _ in range(tries):
        bucket, happy = rng.random(1_000), rng.random(1_000)
        order = rng.permutation(1_000)
        arm = np.concatenate([bucket[order] < 0.2, bucket < 0.5])
        good = rng.random(2_000) < np.concatenate([happy[order], happy])
        rows = unit_rows(
            arm,
            good,
            unit=np.concatenate([order, np.arange(1_000)]),
            period=np.repeat([0, 1], 1_000),
        )
        wrong += any(_won(rows.until(day)) for day in np.arange(549, 2_000, 50))
    return wrong / tries


def _won(rows: UnitRows) -> bool:
    found = effect(rows, (0.2, 0.5), is_share=True)
    width = half_width(found.error, found.units, alpha=0.05, tuned_to=2_000, sides=1)
    return found.gain > width


def test_people_who_come_again_after_a_ramp_do_not_break_the_level():
    assert false_winners_on_a_ramp(80) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 80)


def test_nothing_is_said_of_too_few_or_of_what_never_varies():
    with pytest.raises(CannotTell, match="20 units"):
        effect(unit_rows(np.arange(30) % 2, np.ones(30)), (0.5,), is_share=True)
    with pytest.raises(CannotTell, match="same for every unit"):
        effect(unit_rows(np.arange(60) % 2, np.ones(60)), (0.5,), is_share=False)
