"""Figures in words and rows: what a chart says to whoever cannot see it."""

import math
from typing import NamedTuple

from surpass.core.account import Curve, Figure, Interval, IntervalChart, Matrix, Table
from surpass.core.rounding import tenth, tenth_at_least, tenth_at_most

MISSING = "–"  # noqa: RUF001 (a dash is meant)
MINUS = "\N{MINUS SIGN}"


class Confusion(NamedTuple):
    """One wrong answer that was given often."""

    expected: str
    answered: str
    times: int
    of: int  # rows of the expected name


class Span(NamedTuple):
    """The stretch of an axis."""

    low: float
    high: float


def number(value: float | None, *, signed: bool = False) -> str:
    """The value to three decimals, or four digits when it is large; a dash when it is unknown."""
    if value is None or not math.isfinite(value):
        return MISSING
    sign = "+" if signed else ""
    magnitude = abs(value)
    if magnitude >= 1000 or (value == int(value) and magnitude >= 10):
        text = f"{value:{sign},.0f}"
    else:
        text = f"{value:{sign}.{3 if magnitude < 10 else 1}f}"
    return text.replace("-", MINUS)


def interval_numbers(interval: Interval, chart: IntervalChart) -> tuple[str, str, str]:
    """Estimate, lower and upper bound; of points and percent, as the sentences round them."""
    values = (interval.estimate, interval.low, interval.high)
    signed = has_gains(chart)
    if not chart.tenths:
        estimate, low, high = (number(value, signed=signed) for value in values)
        return estimate, low, high
    sign = "+" if signed else ""
    estimate, low, high = (
        MISSING
        if value is None or not math.isfinite(value)
        else f"{rounded(value):{sign}.1f}".replace("-", MINUS)
        for value, rounded in zip(values, (tenth, tenth_at_least, tenth_at_most), strict=True)
    )
    return estimate, low, high


def line_words(chart: IntervalChart) -> str:
    """The declared line's name and value."""
    return f"{chart.line_label} {_line_number(chart)}".strip()


def curve_line_words(curve: Curve) -> str:
    """The declared line of a curve, its name and value."""
    return f"{curve.line_label or 'line'} {number(curve.line)}"


def _line_number(chart: IntervalChart) -> str:
    at = math.nan if chart.line is None else chart.line
    return interval_numbers(Interval(label="", estimate=at), chart)[0]


def interval_words(interval: Interval, chart: IntervalChart) -> str:
    """`+0.124 (0.071 to 0.177)`; one bound alone says which; none: the estimate only."""
    estimate, low, high = interval_numbers(interval, chart)
    if interval.low is not None and interval.high is not None:
        return f"{estimate} ({low} to {high})"
    if interval.low is not None:
        return f"{estimate} (at least {low})"
    if interval.high is not None:
        return f"{estimate} (at most {high})"
    return estimate


def has_gains(chart: IntervalChart) -> bool:
    """Whether differences are drawn, so that zero and signs mean something."""
    return any(interval.role == "gain" for interval in chart.intervals)


def declared_rows(chart: IntervalChart) -> tuple[int, ...]:
    """The rows that the declared line judges: the gains, or all where none is drawn as a gain."""
    gains = [row for row, one in enumerate(chart.intervals) if one.role == "gain"]
    return tuple(gains or range(len(chart.intervals)))


def interval_span(chart: IntervalChart) -> Span:
    """What the chart's axis must show: every bound, the declared line, zero for gains; some air."""
    values = [
        value
        for interval in chart.intervals
        for value in (interval.estimate, interval.low, interval.high, chart.line)
        if value is not None and math.isfinite(value)
    ]
    if has_gains(chart):
        values.append(0.0)
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    air = (high - low) * 0.06 or 0.5
    return Span(low - air, high + air)


def confusions(matrix: Matrix, most: int) -> tuple[Confusion, ...]:
    """The wrong answers given most often, worst first."""
    found = [
        Confusion(matrix.names[row], matrix.names[column], count, sum(counts))
        for row, counts in enumerate(matrix.counts)
        for column, count in enumerate(counts)
        if row != column and count > 0
    ]
    return tuple(sorted(found, key=lambda one: -one.times)[:most])


def confusion_table(matrix: Matrix, most: int) -> Table:
    """The same as a table."""
    rows = tuple(
        (one.expected, one.answered, f"{one.times} of {one.of}") for one in confusions(matrix, most)
    )
    return Table(
        title=f"{matrix.title}: the most frequent wrong answers",
        columns=(matrix.row_label, matrix.column_label, "rows"),
        rows=rows,
        numeric=("rows",),
        note="" if rows else "No wrong answers.",
    )


def figure_table(figure: Figure) -> Table:
    """The numbers behind a figure."""
    if isinstance(figure, IntervalChart):
        return _interval_table(figure)
    return _curve_table(figure) if isinstance(figure, Curve) else _matrix_table(figure)


def figure_summary(figure: Figure) -> str:
    """One sentence with what the figure shows, for those who hear it read out."""
    if isinstance(figure, IntervalChart):
        said = [f"{one.label} {interval_words(one, figure)}" for one in figure.intervals]
        if figure.line is not None:
            said.append(f"{figure.line_label or 'line'} at {_line_number(figure)}")
        return f"{figure.title}, {figure.unit}: " + "; ".join(said) + "."
    if isinstance(figure, Curve):
        line = "" if figure.line is None else f"; {curve_line_words(figure)}"
        return f"{figure.title}: {', '.join(figure.lines)} over {figure.x_label}{line}."
    right = sum(counts[row] for row, counts in enumerate(figure.counts))
    total = sum(map(sum, figure.counts))
    return f"{figure.title}: {right} of {total} rows lie on the diagonal."


def _interval_table(chart: IntervalChart) -> Table:
    rows = [(one.label, *interval_numbers(one, chart)) for one in chart.intervals]
    if chart.line is not None:
        rows.append((chart.line_label or "line", _line_number(chart), MISSING, MISSING))
    return Table(
        title=chart.title,
        columns=("", "estimate", "lower bound", "upper bound"),
        rows=tuple(rows),
        numeric=("estimate", "lower bound", "upper bound"),
        note=chart.unit,
    )


def _curve_table(curve: Curve) -> Table:
    band = {"lower bound": curve.low, "upper bound": curve.high} if curve.low else {}
    rows = zip(curve.x, *curve.lines.values(), *band.values(), strict=True)
    columns = (curve.x_label, *curve.lines, *band)
    declared = f"; {curve_line_words(curve)}" if curve.line is not None else ""
    return Table(
        title=curve.title,
        columns=columns,
        rows=tuple((f"{x:,g}", *map(number, values)) for x, *values in rows),
        numeric=columns,
        note=curve.y_label + declared,
    )


def _matrix_table(matrix: Matrix) -> Table:
    corner = f"{matrix.row_label} ╲ {matrix.column_label}"
    rows = zip(matrix.names, matrix.counts, strict=True)
    return Table(
        title=matrix.title,
        columns=(corner, *matrix.names),
        rows=tuple((name, *map(str, counts)) for name, counts in rows),
        numeric=matrix.names,
    )
