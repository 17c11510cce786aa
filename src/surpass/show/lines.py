"""Figures drawn with characters, for terminals: intervals, curves, small matrices."""

import math

from surpass.core.account import Curve, Interval, IntervalChart, Matrix, Table
from surpass.show.escape import cut
from surpass.show.figures import (
    MISSING,
    Span,
    confusion_table,
    declared_rows,
    figure_table,
    has_gains,
    interval_span,
    interval_words,
    number,
)

_DOTS = {"tuned": "●", "gain": "◆", "opponent": "■"}
_STEPS = "▁▂▃▄▅▆▇█"
_LONGEST_NAME = 30
_SHORTEST_PLOT = 16
_MOST_CONFUSIONS = 10


def interval_lines(chart: IntervalChart, width: int) -> tuple[str, ...]:
    """One line an interval, `name  ├──●──┤  numbers`, and the declared line as ┊ through gains."""
    names = [cut(one.label, _LONGEST_NAME) for one in chart.intervals]
    words = [interval_words(one, signed=has_gains(chart)) for one in chart.intervals]
    left = max(map(len, names), default=0)
    plot = max(_SHORTEST_PLOT, width - left - max(map(len, words), default=0) - 4)
    span = interval_span(chart)
    judged = declared_rows(chart)
    lines = [chart.line if row in judged else None for row in range(len(names))]
    drawn = [
        f"{name:<{left}}  {_whiskers(one, span, line, plot)}  {said}"
        for name, one, line, said in zip(names, chart.intervals, lines, words, strict=True)
    ]
    if chart.line is None:
        return tuple(drawn)
    label = f"┊ {chart.line_label} {number(chart.line, signed=has_gains(chart))}"
    start = left + 2 + _place(chart.line, span, plot)
    return (" " * max(0, min(start, width - len(label))) + label, *drawn)


def curve_lines(curve: Curve, width: int) -> tuple[str, ...]:
    """One line of blocks for each named line, with its first and last value."""
    left = max((len(cut(name, _LONGEST_NAME)) for name in curve.lines), default=0)
    return tuple(
        f"{cut(name, _LONGEST_NAME):<{left}}  {_blocks(values, width - left - 24)}  {_ends(values)}"
        for name, values in curve.lines.items()
    )


def matrix_table(matrix: Matrix, width: int) -> Table:
    """All counts where they fit the width, else the worst confusions only."""
    longest = max((len(name) for name in matrix.names), default=0)
    table = figure_table(matrix)
    needed = len(table.columns[0]) + sum(max(len(name), 3) + 2 for name in matrix.names) + 2
    if longest <= _LONGEST_NAME and needed <= width:
        return table
    return confusion_table(matrix, _MOST_CONFUSIONS)


def _whiskers(interval: Interval, span: Span, line: float | None, plot: int) -> str:
    cells = [" "] * plot
    if line is not None:
        cells[_place(line, span, plot)] = "┊"
    if not math.isfinite(interval.estimate):
        return "".join(cells)
    dot = _place(interval.estimate, span, plot)
    low, high = (
        dot if bound is None else _place(bound, span, plot)
        for bound in (interval.low, interval.high)
    )
    for place in range(low, high + 1):
        cells[place] = "┼" if cells[place] == "┊" else "─"
    if interval.low is not None:
        cells[low] = "├"
    if interval.high is not None:
        cells[high] = "┤"
    cells[dot] = _DOTS.get(interval.role, "○")
    return "".join(cells)


def _place(value: float, span: Span, plot: int) -> int:
    """The character cell of a value; outside the span, the nearest edge."""
    if not math.isfinite(value):
        return 0
    share = (value - span.low) / (span.high - span.low)
    return min(plot - 1, max(0, round(share * (plot - 1))))


def _blocks(values: tuple[float | None, ...], room: int) -> str:
    """The values as blocks, thinned evenly to the room; an unknown one leaves a gap."""
    room = max(_SHORTEST_PLOT, room)
    if len(values) > room:
        values = tuple(values[index * len(values) // room] for index in range(room))
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (len(_STEPS) - 1) / (high - low) if high > low else 0.0
    return "".join(
        _STEPS[round((value - low) * scale)] if value is not None and math.isfinite(value) else " "
        for value in values
    )


def _ends(values: tuple[float | None, ...]) -> str:
    known = [value for value in values if value is not None]
    return f"{number(known[0])} → {number(known[-1])}" if known else MISSING
