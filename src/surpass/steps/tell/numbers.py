"""Numbers as people read them."""

import math

UNKNOWN = "\u2013"


def percent(share: float | None) -> str:
    """A share as "83.1 %", an unknown one as a dash."""
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


def points(gain: float | None) -> str:
    """A difference of shares as "+21.3 points"."""
    return UNKNOWN if gain is None else f"{100 * gain:+.1f} points"


def points_at_least(bound: float | None) -> str:
    """A lower bound in points, rounded down: it must not promise more than was proved."""
    return UNKNOWN if bound is None else f"{math.floor(1000 * bound) / 10:+.1f} points"


def minutes(seconds: float) -> str:
    """A duration as "4.2 min", under two minutes as "81 s"."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def gigabytes(size: float) -> str:
    """Bytes as "1.8 GB"."""
    return f"{size / 1e9:.1f} GB"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 row", "12 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
