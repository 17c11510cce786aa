"""Figures drawn with characters, for terminals: intervals, curves, small matrices."""

import math

from surpass.core.account import Curve, Interval, IntervalChart, Matrix, Table
from surpass.show.escape import cut
from surpass.show.figures import (
    MISSING,
    Span,
    confusion_table,
    curve_line_words,
    declared_rows,
    figure_table,
    interval_span,
    interval_words,
    line_words,
    number,
)

_DOTS = {"tuned": "●", "gain": "◆", "opponent": "■"}
_STEPS = "▁▂▃▄▅▆▇█"
_LONGEST_NAME = 30
_SHORTEST_PLOT = 16
_MOST_CONFUSIONS = 10


def interval_lines(chart: IntervalChart, width: int) -> tuple[str, ...]:
    """One line an interval, `name  ├──●──┤  numbers`; the declared line is ┊ through the gains.

    Where the width is too small, name and numbers stand above the whiskers; a name is cut only
    where it has a line of its own and does not fit that.
    """
    names = [cut(one.label, width) for one in chart.intervals]
    words = [interval_words(one, chart) for one in chart.intervals]
    left, right = (max(map(len, texts), default=0) for texts in (names, words))
    beside = left + right + _SHORTEST_PLOT + 4 <= width
    plot = width - left - right - 4 if beside else max(_SHORTEST_PLOT, width)
    span, judged = interval_span(chart), declared_rows(chart)
    drawn: list[str] = []
    for row, (name, one, said) in enumerate(zip(names, chart.intervals, words, strict=True)):
        whiskers = _whiskers(one, span, chart.line if row in judged else None, plot)
        if beside:
            drawn.append(f"{name:<{left}}  {whiskers}  {said}")
        elif len(name) + len(said) + 2 <= width:
            drawn += [f"{name}  {said}", whiskers]
        else:
            drawn += [name, said, whiskers]
    if chart.line is None:
        return tuple(drawn)
    label = f"┊ {line_words(chart)}"
    start = (left + 2 if beside else 0) + _place(chart.line, span, plot)
    return (" " * max(0, min(start, width - len(label))) + label, *drawn)


def curve_lines(curve: Curve, width: int) -> tuple[str, ...]:
    """One line of blocks for each named line, with its first and last value; then what is declared.

    A band has no room here: its numbers stand in the figure's table.
    """
    left = max((len(cut(name, _LONGEST_NAME)) for name in curve.lines), default=0)
    drawn = tuple(
        f"{cut(name, _LONGEST_NAME):<{left}}  {_blocks(values, width - left - 24)}  {_ends(values)}"
        for name, values in curve.lines.items()
    )
    return drawn if curve.line is None else (*drawn, f"┊ {cut(curve_line_words(curve), width - 2)}")


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
