"""Charts in the colours of the page: what Vega painted is repainted as CSS, on light and on dark.

Text and axes become `currentColor`, each role a CSS variable with a fallback that can be told from
white and from black.
"""

import re
from html import escape

INK = "#010203"  # stand-ins that Vega takes for colours; no other colour is drawn
ROLE = {"tuned": "#010204", "opponent": "#010205", "gain": "#010206", "other": "#010207"}

_CSS = {
    INK: "currentColor",
    ROLE["tuned"]: "var(--chart-tuned, #3b7ddd)",
    ROLE["opponent"]: "var(--chart-opponent, #c2661a)",
    ROLE["gain"]: "var(--chart-gain, #0f8f83)",
    ROLE["other"]: "var(--chart-other, #7a8494)",
}
_TAG = re.compile(r"<[^>]*>")
_COLOUR = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}")
_NOT_OURS = re.compile(
    r' (font-family|role|class|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"'
)
_NOTHING_DRAWN = re.compile(r'<path class="(background|foreground)"[^>]*/>')


def themed(svg: str, title: str, summary: str) -> str:
    """Repaint one `<svg>`, give it the page's font, a title and a summary; texts stay untouched."""
    drawn = _TAG.sub(lambda match: _themed_tag(match.group()), _NOTHING_DRAWN.sub("", svg))
    opening, _, rest = drawn.partition(">")
    named = f'{opening} role="img" aria-label="{escape(summary)}"><title>{escape(title)}</title>'
    return named + rest


def _themed_tag(tag: str) -> str:
    coloured = _COLOUR.sub(lambda match: f'{match[1]}="{_CSS.get(match[2], match[2])}"', tag)
    return _LONG_NUMBER.sub(lambda match: f"{float(match[0]):.2f}", _NOT_OURS.sub("", coloured))
