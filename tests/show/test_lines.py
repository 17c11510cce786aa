from hypothesis import given
from hypothesis import strategies as st

from surpass.core.account import Curve, Interval, IntervalChart, Matrix
from surpass.show.lines import curve_lines, interval_lines, matrix_table

number = st.one_of(st.floats(-10, 10), st.just(float("nan")))
bound = st.one_of(st.none(), st.floats(-10, 10))


def one_interval(**parts):
    return IntervalChart(title="t", unit="u", intervals=(Interval(label="x", **parts),))


def test_an_interval_is_drawn_between_its_bounds():
    (line,) = interval_lines(one_interval(estimate=0.5, low=0.0, high=1.0, role="tuned"), 60)
    assert line.index("├") < line.index("●") < line.index("┤")
    assert line.endswith("0.500 (0.000 to 1.000)")


def test_where_no_bound_is_sound_no_whisker_is_drawn():
    (line,) = interval_lines(one_interval(estimate=0.5), 60)
    assert "├" not in line
    assert "┤" not in line


def test_the_declared_line_stands_below_its_name():
    gain = Interval(label="gain", estimate=0.3, low=0.2, high=0.4, role="gain")
    guard = Interval(label="guard", estimate=0.0, low=-0.1, high=0.1)
    chart = IntervalChart(
        title="t", unit="u", intervals=(gain, guard), line=0.05, line_label="margin"
    )
    name, judged, other = interval_lines(chart, 70)
    assert "margin +0.050" in name
    assert name.index("┊") == judged.index("┊")
    assert "┊" not in other


def test_a_narrow_terminal_gets_two_lines_an_interval():
    chart = one_interval(estimate=0.5, low=0.0, high=1.0)
    above, below = interval_lines(chart, 30)
    assert above == "x  0.500 (0.000 to 1.000)"
    assert "├" in below


def test_a_long_name_keeps_its_end_where_the_line_has_room_for_it():
    chart = IntervalChart(
        title="t",
        unit="u",
        intervals=(
            Interval(label="primary: macro_f1 against the model few-shot", estimate=0.5, low=0.1),
        ),
    )
    assert any("few-shot" in line for line in interval_lines(chart, 78))


@given(number, bound, bound, bound, st.integers(20, 120))
def test_any_interval_fits_the_width(estimate, low, high, line, width):
    interval = Interval(label="label", estimate=estimate, low=low, high=high)
    chart = IntervalChart(title="t", unit="u", intervals=(interval,), line=line, line_label="m")
    assert all(len(drawn) <= max(width, 50) for drawn in interval_lines(chart, width))


def test_a_curve_falls_from_high_to_low_and_leaves_gaps():
    curve = Curve(title="t", x_label="x", y_label="y", x=(0, 1, 2), lines={"v": (2.0, None, 1.0)})
    assert curve_lines(curve, 80) == ("v  █ ▁  2.000 → 1.000",)


def test_a_long_curve_is_thinned_to_the_width():
    values = tuple(float(value) for value in range(1000))
    curve = Curve(title="t", x_label="x", y_label="y", x=values, lines={"v": values})
    assert len(curve_lines(curve, 80)[0]) <= 80


def test_a_matrix_that_is_too_wide_becomes_its_worst_confusions():
    names = ("one", "two", "three")
    matrix = Matrix(
        title="m",
        row_label="r",
        column_label="c",
        names=names,
        counts=((1, 2, 0), (0, 1, 0), (0, 0, 1)),
    )
    assert matrix_table(matrix, 80).rows[0] == ("one", "1", "2", "0")
    assert matrix_table(matrix, 20).rows == (("one", "two", "2 of 3"),)
