import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.account import Curve, Interval, IntervalChart, Matrix
from surpass.prove.sentences import points, points_at_least, points_at_most
from surpass.show.figures import (
    confusion_table,
    confusions,
    declared_rows,
    figure_summary,
    figure_table,
    interval_numbers,
    interval_span,
    interval_words,
    number,
)

finite = st.floats(-1e3, 1e3)
MATRIX = Matrix(
    title="Intents",
    row_label="expected",
    column_label="answered",
    names=("a", "b", "c"),
    counts=((5, 2, 0), (0, 7, 1), (3, 0, 9)),
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1244, "0.124"),
        (-0.05, "−0.050"),  # noqa: RUF001
        (1.0, "1.000"),
        (12.0, "12"),
        (12.34, "12.3"),
        (12345.6, "12,346"),
        (None, "–"),  # noqa: RUF001
        (math.nan, "–"),  # noqa: RUF001
        (math.inf, "–"),  # noqa: RUF001
    ],
)
def test_numbers_are_shown_as_exactly_as_they_are_known(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.1, 0.3, "0.200 (0.100 to 0.300)"),
        (0.1, None, "0.200 (at least 0.100)"),
        (None, 0.3, "0.200 (at most 0.300)"),
        (None, None, "0.200"),
    ],
)
def test_an_absent_bound_is_not_told(low, high, words):
    interval = Interval(label="x", estimate=0.2, low=low, high=high)
    assert interval_words(interval, IntervalChart(title="t", unit="u", intervals=())) == words


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_chart_of_points_rounds_as_the_sentences_do(gain, below, above):
    interval = Interval(
        label="x",
        estimate=100 * gain,
        low=100 * (gain - below),
        high=100 * (gain + above),
        role="gain",
    )
    chart = IntervalChart(title="t", unit="points", intervals=(interval,), tenths=True)
    shown = [float(text.replace("−", "-")) for text in interval_numbers(interval, chart)]  # noqa: RUF001
    said = points(gain), points_at_least(gain - below), points_at_most(gain + above)
    assert shown == [float(text) for text in said]


@given(st.lists(finite, min_size=1, max_size=5), finite)
def test_the_axis_holds_every_value_and_the_declared_line(values, line):
    intervals = tuple(Interval(label="x", estimate=value) for value in values)
    span = interval_span(IntervalChart(title="t", unit="u", intervals=intervals, line=line))
    assert span.low < min(*values, line)
    assert span.high > max(*values, line)


def test_an_axis_without_any_finite_value_still_has_a_length():
    intervals = (Interval(label="x", estimate=math.nan),)
    span = interval_span(IntervalChart(title="t", unit="u", intervals=intervals))
    assert span.low < span.high


def test_the_declared_line_judges_the_gains_only():
    roles = ("gain", "other", "gain")
    intervals = tuple(Interval(label="x", estimate=0.1, role=role) for role in roles)
    chart = IntervalChart(title="t", unit="u", intervals=intervals, line=0.05)
    assert declared_rows(chart) == (0, 2)


def test_the_worst_confusions_come_first_and_the_diagonal_never():
    found = [(one.expected, one.answered, one.times, one.of) for one in confusions(MATRIX, 2)]
    assert found == [("c", "a", 3, 12), ("a", "b", 2, 7)]


def test_a_matrix_without_errors_says_so():
    perfect = Matrix(title="t", row_label="r", column_label="c", names=("a",), counts=((3,),))
    assert confusion_table(perfect, 5).note == "No wrong answers."


def test_every_figure_has_its_numbers_and_a_sentence():
    curve = Curve(title="Loss", x_label="step", y_label="nats", x=(0, 50), lines={"v": (2.0, None)})
    intervals = (Interval(label="tuned", estimate=0.8, low=0.7, high=0.9),)
    chart = IntervalChart(title="F1", unit="points", intervals=intervals, line=0.5, line_label="m")
    assert figure_table(curve).rows == (("0", "2.000"), ("50", "–"))  # noqa: RUF001
    assert figure_table(chart).rows[0] == ("tuned", "0.800", "0.700", "0.900")
    assert figure_table(MATRIX).rows[0] == ("a", "5", "2", "0")
    assert figure_summary(chart) == "F1, points: tuned 0.800 (0.700 to 0.900); m at 0.500."
    assert figure_summary(MATRIX) == "Intents: 21 of 27 rows lie on the diagonal."
    assert figure_summary(curve) == "Loss: v over step."
