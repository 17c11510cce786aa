"""Bands at every look: which way is up, whose unit, what is too early, what stays shown."""

import numpy as np
import pytest

from surpass.measure.sequential.effect import UnitRows
from surpass.prove.experiment_bands import Question, bounded

ASKED = Question(
    metric="solved",
    higher_is_better=True,
    limits=(0.0, 1.0),
    alpha_low=0.05,
    alpha_high=0.05,
    tuned_to=2_000,
)
DAYS = tuple(np.arange(1.0, 8.0))


def week(champion=0.5, challenger=0.5, *, units=2_000, seed=0, scale=1.0, start=0.0):
    rng = np.random.default_rng(seed)
    arm = rng.random(units) < 0.5
    good = rng.random(units) < np.where(arm, challenger, champion)
    return UnitRows(
        unit=np.arange(units),
        period=np.zeros(units, dtype=int),
        challenger=arm,
        above=start + scale * good,
        below=np.ones(units),
        before=np.full(units, np.nan),
        ready=np.sort(rng.random(units)) * 7,
    )


def test_the_band_holds_the_gain_and_narrows_from_look_to_look():
    found = bounded(ASKED, week(0.5, 0.65), (0.5,), DAYS)
    assert found.band.low > 0
    assert found.band.low < 0.15 < found.band.high
    widths = [look.high - look.low for look in found.looks]
    assert widths == sorted(widths, reverse=True)
    assert found.looks[-1].units == found.band.champion_units + found.band.challenger_units


def test_where_low_is_good_the_gain_is_turned():
    up = bounded(ASKED, week(0.5, 0.65), (0.5,), DAYS).band
    down = bounded(ASKED._replace(higher_is_better=False), week(0.5, 0.65), (0.5,), DAYS).band
    assert (down.champion, down.challenger) == (up.champion, up.challenger)
    assert (down.gain, down.low, down.high) == pytest.approx((-up.gain, -up.high, -up.low))


def test_limits_are_only_a_scale():
    """One to five stars are shares of the way from one to five."""
    plain = bounded(ASKED, week(0.5, 0.65), (0.5,), DAYS).band
    stars = ASKED._replace(limits=(1.0, 5.0))
    found = bounded(stars, week(0.5, 0.65, scale=4, start=1), (0.5,), DAYS).band
    assert found.gain == pytest.approx(4 * plain.gain)
    assert found.low == pytest.approx(4 * plain.low)
    assert found.champion == pytest.approx(1 + 4 * plain.champion)


def test_before_a_hundred_units_an_arm_there_is_no_bound():
    found = bounded(ASKED, week(units=150), (0.5,), DAYS)
    assert found.band.low is None
    assert "100 units an arm" in found.band.unknown
    assert found.looks == ()


def test_exact_bounds_speak_before_asymptotic_ones():
    exact = ASKED._replace(exact=True)
    found = bounded(exact, week(0.3, 0.9, units=150), (0.5,), DAYS)
    assert found.band.low > 0
    assert found.looks[0].units < 100


def test_exact_and_asymptotic_bounds_agree_where_there_are_many_units():
    rows = week(0.5, 0.65, units=4_000)
    one, two = (bounded(q, rows, (0.5,), DAYS).band for q in (ASKED, ASKED._replace(exact=True)))
    assert two.low > 0
    assert one.high - one.low < two.high - two.low < 2 * (one.high - one.low)


def test_exact_bounds_turn_as_well():
    question = ASKED._replace(exact=True, higher_is_better=False, limits=(0.0, 4.0))
    found = bounded(question, week(0.3, 0.9, units=300, scale=4), (0.5,), DAYS).band
    assert found.gain == pytest.approx(-2.4, abs=0.5)
    assert found.high < 0


def test_nothing_at_all_is_said_in_words():
    found = bounded(ASKED, week(units=4), (0.5,), DAYS)
    assert found.band.gain is None
    assert "20 units" in found.band.unknown
