"""Figures as inline SVG, drawn offline by Vega-Lite; loaded only when a chart is drawn."""

import math
from collections.abc import Iterable
from typing import Any

import altair as alt
import vl_convert as vlc

from surpass.core.account import Curve, Figure, IntervalChart, Matrix
from surpass.show.escape import cut, visible
from surpass.show.figures import (
    Span,
    confusions,
    curve_line_words,
    declared_rows,
    figure_summary,
    has_gains,
    interval_span,
    interval_words,
    line_words,
)
from surpass.show.theme import INK, ROLE, themed

Layer = Any  # altair is not typed for us

MATRIX_NAMES_MAX = 30  # above it a matrix is unreadable: the worst confusions are drawn instead
_CONFUSIONS_DRAWN = 15
_LABEL_CHARACTERS = 38
_CHARACTER_PIXELS = 8.2  # of a wide sans serif, bold, 13 pixels high
_WIDE_PIXELS, _NARROW_PIXELS = 1010, 300
_NUMBERS_PIXELS = 215
_DASH = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3])
_SHAPE = {"tuned": "circle", "opponent": "square", "gain": "diamond"}


def draw(figure: Figure, *, narrow: bool = False) -> str:
    """One `<svg>` element with a title and a spoken summary; user text in it is escaped.

    Args:
        figure: What to draw.
        narrow: About 330 pixels wide, for phones; a matrix is drawn the same either way.
    """
    if isinstance(figure, IntervalChart):
        chart = _interval_chart(figure, narrow=narrow)
    elif isinstance(figure, Curve):
        chart = _curve(figure, narrow=narrow)
    elif len(figure.names) <= MATRIX_NAMES_MAX:
        chart = _matrix(figure)
    else:
        chart = _confusions(figure, narrow=narrow)
    return themed(_svg(chart), visible(figure.title), visible(figure_summary(figure)))


def _interval_chart(chart: IntervalChart, *, narrow: bool) -> Layer:
    """One row an interval: name, whiskers, dot, numbers; the declared line runs through gains."""
    rows = [_interval_row(index, chart) for index in range(len(chart.intervals))]
    column = _column_pixels([str(row["name"]) for row in rows])
    width = _NARROW_PIXELS if narrow else _WIDE_PIXELS - column - _NUMBERS_PIXELS
    height = (76 if narrow else 46) * max(1, len(rows))
    span = interval_span(chart)
    axis = alt.Axis(title=visible(chart.unit), tickCount=4 if narrow else 7, grid=not narrow)
    scale = alt.Scale(domain=list(span), nice=False, zero=False)
    x = {
        field: alt.X(f"{field}:Q", scale=scale, axis=axis)
        for field in ("estimate", "start", "low", "high")
    }
    base = alt.Chart(alt.Data(values=rows)).encode(y=_row_axis("row:Q", len(rows)))
    colour = alt.Color("colour:N", scale=None)
    whisker = base.mark_rule(strokeWidth=3, strokeCap="round")
    end = base.mark_tick(orient="vertical", thickness=3, size=13, opacity=1)
    dot = base.mark_point(filled=True, size=130, opacity=1)
    layers = [
        *_upright_lines(chart, span, narrow=narrow),
        whisker.encode(x=x["start"], x2="end:Q", color=colour),
        *(end.encode(x=x[side], color=colour) for side in ("low", "high")),
        dot.encode(x=x["estimate"], color=colour, shape=alt.Shape("shape:N", scale=None)),
        *_row_texts(base, column, width, narrow=narrow),
    ]
    return alt.layer(*layers).properties(width=width, height=height)


def _row_axis(field: str, count: int) -> Layer:
    scale = alt.Scale(domain=[-0.5, max(1, count) - 0.5], reverse=True, nice=False)
    return alt.Y(field, axis=None, scale=scale)


def _column_pixels(names: list[str]) -> int:
    """Room for the longest name. Vega cannot measure: the reader's font is not here."""
    return 24 + round(_CHARACTER_PIXELS * max(map(len, names), default=0))


def _interval_row(index: int, chart: IntervalChart) -> dict[str, object]:
    """What Vega needs of one interval; a bound that is absent leaves the whisker at the dot."""
    interval = chart.intervals[index]
    estimate, low, high = map(_finite, (interval.estimate, interval.low, interval.high))
    role = interval.role if interval.role in ROLE else "other"
    return {
        "row": index,
        "estimate": estimate,
        "low": low,
        "high": high,
        "start": estimate if low is None else low,
        "end": estimate if high is None else high,
        "name": cut(visible(interval.label), _LABEL_CHARACTERS),
        "words": interval_words(interval, chart),
        "colour": ROLE[role],
        "shape": _SHAPE.get(role, "circle"),
    }


def _row_texts(base: Layer, column: int, width: int, *, narrow: bool) -> list[Layer]:
    """Names and numbers: beside the whiskers, or above and below them where there is no room."""
    name = base.mark_text(align="left", fontWeight=600, dy=-18 if narrow else 0)
    words = base.mark_text(align="left", dy=19 if narrow else 0)
    return [
        name.encode(x=alt.value(0 if narrow else -column), text="name:N"),
        words.encode(x=alt.value(0 if narrow else width + 24), text="words:N"),
    ]


def _upright_lines(chart: IntervalChart, span: Span, *, narrow: bool) -> list[Layer]:
    """A faint line at zero where gains are drawn; the declared line, dashed and named.

    On narrow charts texts stand between the whiskers, so the lines are short there and the name is
    a legend above.
    """
    rows = range(len(chart.intervals))
    lines: list[Layer] = []
    if span.low < 0 < span.high and has_gains(chart):
        zero = _stretches(chart, 0.0, rows, narrow=narrow)
        lines.append(zero.mark_rule(color=INK, opacity=0.35).encode(y2="bottom:Q"))
    if (line := _finite(chart.line)) is None:
        return lines
    declared = _stretches(chart, line, declared_rows(chart), narrow=narrow)
    dashed = declared.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5)
    name = visible(line_words(chart))
    label = alt.Chart(alt.Data(values=[{"at": line, "name": f"┆ {name}" if narrow else name}]))
    share = (line - span.low) / (span.high - span.low)
    side = "left" if narrow or share < 0.3 else "right" if share > 0.7 else "center"
    text = label.mark_text(align=side, baseline="bottom", dy=-7, fontWeight=600)
    at = alt.value(0) if narrow else alt.X("at:Q")
    return [*lines, dashed.encode(y2="bottom:Q"), text.encode(x=at, y=alt.value(0), text="name:N")]


def _stretches(chart: IntervalChart, at: float, rows: Iterable[int], *, narrow: bool) -> Layer:
    half = 0.18 if narrow else 0.5
    values = [{"at": at, "top": row - half, "bottom": row + half} for row in rows]
    y = _row_axis("top:Q", len(chart.intervals))
    return alt.Chart(alt.Data(values=values)).encode(x="at:Q", y=y)


def _curve(curve: Curve, *, narrow: bool) -> Layer:
    """Named lines, told apart by colour and by dashes."""
    names = [cut(visible(name), _LABEL_CHARACTERS) for name in curve.lines]
    rows = [
        {"x": x, "y": value, "line": name}  # what is unknown is left out, not drawn as zero
        for name, values in zip(names, curve.lines.values(), strict=True)
        for x, value in zip(curve.x, values, strict=True)
        if _finite(x) is not None and _finite(value) is not None
    ]
    colours = list(ROLE.values())
    order = range(len(names))
    legend = alt.Legend(title=None, orient="top", direction="vertical" if narrow else "horizontal")
    picked = [colours[index % len(colours)] for index in order]
    dashes = [_DASH[index % len(_DASH)] for index in order]
    x, y = _axes(curve, narrow=narrow)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=x,
        y=y,
        color=alt.Color("line:N", scale=alt.Scale(domain=names, range=picked), legend=legend),
    )
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=dashes), legend=legend)
    drawn = base.mark_line(strokeWidth=2.5).encode(strokeDash=dash)
    dots = base.mark_point(filled=True, size=40, opacity=1)
    width, height = (260, 200) if narrow else (820, 280)
    layers = [*_band(curve, x), *_declared(curve, y), drawn, dots]
    return alt.layer(*layers).properties(width=width, height=height)


def _axes(curve: Curve, *, narrow: bool) -> tuple[Layer, Layer]:
    ticks = alt.Axis(title=visible(curve.x_label), tickCount=4 if narrow else 7)
    height = alt.Axis(title=visible(curve.y_label), tickCount=5)
    return alt.X("x:Q", axis=ticks), alt.Y("y:Q", axis=height, scale=alt.Scale(zero=False))


def _band(curve: Curve, x: Layer) -> list[Layer]:
    """Where the lines may as well be, shaded behind them."""
    if not curve.low:
        return []
    rows = [
        {"x": place, "y": low, "high": high}
        for place, low, high in zip(curve.x, curve.low, curve.high, strict=True)
        if None not in (_finite(place), _finite(low), _finite(high))
    ]
    shaded = alt.Chart(alt.Data(values=rows)).mark_area(color=ROLE["other"], opacity=0.2)
    return [shaded.encode(x=x, y=alt.Y("y:Q"), y2="high:Q")]


def _declared(curve: Curve, y: Layer) -> list[Layer]:
    """The declared line across the chart, dashed and named at its left end."""
    if (line := _finite(curve.line)) is None:
        return []
    named = alt.Chart(alt.Data(values=[{"y": line, "name": visible(curve_line_words(curve))}]))
    rule = named.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5).encode(y=y)
    text = named.mark_text(align="left", baseline="bottom", dx=4, dy=-4, fontWeight=600)
    return [rule, text.encode(x=alt.value(0), y=y, text="name:N")]


def _matrix(matrix: Matrix) -> Layer:
    """Counts in shaded cells: right answers in one hue, wrong ones in another."""
    size = 44 if len(matrix.names) <= 12 else 27
    cells = [
        {"row": row, "column": column, "count": str(count or ""), **_shade(row, column, counts)}
        for row, counts in enumerate(matrix.counts)
        for column, count in enumerate(counts)
    ]
    names = [
        {"at": index, "name": cut(visible(name), 24)} for index, name in enumerate(matrix.names)
    ]
    band = alt.Scale(paddingInner=0.06, paddingOuter=0)
    x, y = (alt.X("column:O", axis=None, scale=band), alt.Y("row:O", axis=None, scale=band))
    base = alt.Chart(alt.Data(values=cells)).encode(x=x, y=y)
    tiles = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("colour:N", scale=None), opacity=alt.Opacity("share:Q", scale=None)
    )
    numbers = base.mark_text(fontSize=13 if size > 30 else 11).encode(text="count:N")
    labels = alt.Chart(alt.Data(values=names))
    column = _column_pixels([str(one["name"]) for one in names])
    left = labels.mark_text(align="left").encode(
        x=alt.value(-column), y=alt.Y("at:O", axis=None), text="name:N"
    )
    top = labels.mark_text(align="left", angle=315, dx=7, dy=-4).encode(
        x=alt.X("at:O", axis=None), y=alt.value(0), text="name:N"
    )
    edge = size * max(1, len(matrix.names))
    return alt.layer(tiles, numbers, left, top).properties(width=edge, height=edge)


def _shade(row: int, column: int, counts: tuple[int, ...]) -> dict[str, object]:
    """Opacity grows with the share of the row, up to 0.55: the number must stay readable."""
    share = counts[column] / total if (total := sum(counts)) else 0.0
    return {
        "share": 0.05 + 0.5 * math.sqrt(share),
        "colour": INK if not counts[column] else ROLE["tuned" if row == column else "opponent"],
    }


def _confusions(matrix: Matrix, *, narrow: bool) -> Layer:
    """The most frequent wrong answers as bars."""
    worst = confusions(matrix, _CONFUSIONS_DRAWN)
    rows = [
        {
            "row": index,
            "times": one.times,
            "name": cut(visible(f"{one.expected} → {one.answered}"), _LABEL_CHARACTERS),
            "words": f"{one.times} of {one.of}",
        }
        for index, one in enumerate(worst)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("row:O", axis=None))
    bars = base.mark_bar(color=ROLE["opponent"], height=9 if narrow else 18).encode(
        x=alt.X("times:Q", axis=None)
    )
    words = base.mark_text(align="left", dx=6).encode(x="times:Q", text="words:N")
    column = 0 if narrow else _column_pixels([str(row["name"]) for row in rows])
    name = base.mark_text(align="left", dy=-15 if narrow else 0).encode(
        x=alt.value(-column), text="name:N"
    )
    width, step = (240, 42) if narrow else (_WIDE_PIXELS - column - _NUMBERS_PIXELS, 30)
    height = step * max(1, len(rows))
    return alt.layer(bars, words, name).properties(width=width, height=height)


def _svg(chart: Layer) -> str:
    specification = chart.configure(
        aria=False,
        background="transparent",
        padding={"left": 0, "right": 44, "top": 8, "bottom": 4},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            domain=False,
            gridColor=INK,
            gridOpacity=0.12,
            labelColor=INK,
            labelFontSize=12,
            labelOpacity=0.8,
            labelPadding=6,
            ticks=False,
            titleColor=INK,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=10,
        ),
        legend=alt.LegendConfig(
            labelColor=INK,
            labelFontSize=13,
            symbolStrokeWidth=2.5,
            symbolType="stroke",
            symbolSize=500,
        ),
        text=alt.MarkConfig(color=INK, fontSize=13),
    ).to_dict()
    return str(vlc.vegalite_to_svg(specification))


def _finite(value: float | None) -> float | None:
    """The number, or none where it cannot be drawn."""
    return value if value is not None and math.isfinite(value) else None
