"""Named lines over a common axis, with a band and a declared line, drawn by Vega-Lite."""

import math
from typing import Any

import altair as alt

from surpass.core.account import Curve
from surpass.show.escape import cut, visible
from surpass.show.figures import curve_line_words
from surpass.show.theme import INK, ROLE

Layer = Any  # altair is not typed for us

_DASH = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3])
_LABEL_CHARACTERS = 38


def curve_layer(curve: Curve, *, narrow: bool) -> Layer:
    """Named lines, told apart by colour and by dashes."""
    names = [cut(visible(name), _LABEL_CHARACTERS) for name in curve.lines]
    rows = [
        {"x": x, "y": value, "line": name}  # what is unknown is left out, not drawn as zero
        for name, values in zip(names, curve.lines.values(), strict=True)
        for x, value in zip(curve.x, values, strict=True)
        if finite(x) is not None and finite(value) is not None
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
        if None not in (finite(place), finite(low), finite(high))
    ]
    shaded = alt.Chart(alt.Data(values=rows)).mark_area(color=ROLE["other"], opacity=0.2)
    return [shaded.encode(x=x, y=alt.Y("y:Q"), y2="high:Q")]


def _declared(curve: Curve, y: Layer) -> list[Layer]:
    """The declared line across the chart, dashed and named at its left end."""
    if (line := finite(curve.line)) is None:
        return []
    named = alt.Chart(alt.Data(values=[{"y": line, "name": visible(curve_line_words(curve))}]))
    rule = named.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5).encode(y=y)
    text = named.mark_text(align="left", baseline="bottom", dx=4, dy=-4, fontWeight=600)
    return [rule, text.encode(x=alt.value(0), y=y, text="name:N")]


def finite(value: float | None) -> float | None:
    """The number, or none where it cannot be drawn."""
    return value if value is not None and math.isfinite(value) else None
