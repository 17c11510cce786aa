"""Numbers as people read them."""

from surpass.core.rounding import (
    tenth,
    tenth_at_least,
    tenth_at_most,
    thousandth,
    thousandth_at_least,
    thousandth_at_most,
)
from surpass.core.wording import counted

__all__ = [
    "UNKNOWN",
    "counted",
    "gigabytes",
    "minutes",
    "nats",
    "nats_at_least",
    "nats_at_most",
    "percent",
    "percent_at_least",
    "percent_at_most",
    "points",
    "points_at_least",
    "points_at_most",
]

UNKNOWN = "\u2013"


def percent(share: float | None) -> str:
    """A share as "83.1 %", an unknown one as a dash."""
    return UNKNOWN if share is None else f"{tenth(100 * share):.1f} %"


def percent_at_least(bound: float | None) -> str:
    """A lower bound in percent, rounded down: it must not promise more than was proved."""
    return UNKNOWN if bound is None else f"{tenth_at_least(100 * bound):.1f} %"


def percent_at_most(bound: float | None) -> str:
    """An upper bound in percent, rounded up."""
    return UNKNOWN if bound is None else f"{tenth_at_most(100 * bound):.1f} %"


def points(gain: float | None) -> str:
    """A difference of shares as "+21.3 points"."""
    return UNKNOWN if gain is None else f"{tenth(100 * gain):+.1f} points"


def points_at_least(bound: float | None) -> str:
    """A lower bound in points, rounded down."""
    return UNKNOWN if bound is None else f"{tenth_at_least(100 * bound):+.1f} points"


def points_at_most(bound: float | None) -> str:
    """An upper bound in points, rounded up."""
    return UNKNOWN if bound is None else f"{tenth_at_most(100 * bound):+.1f} points"


def nats(rise: float | None) -> str:
    """A rise of the loss per token as "+0.021 nats"."""
    return UNKNOWN if rise is None else f"{thousandth(rise):+.3f} nats"


def nats_at_least(bound: float | None) -> str:
    """A lower bound in nats, rounded down."""
    return UNKNOWN if bound is None else f"{thousandth_at_least(bound):+.3f} nats"


def nats_at_most(bound: float | None) -> str:
    """An upper bound in nats, rounded up."""
    return UNKNOWN if bound is None else f"{thousandth_at_most(bound):+.3f} nats"


def minutes(seconds: float) -> str:
    """A duration as "4.2 min", under two minutes as "81 s"."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def gigabytes(size: float) -> str:
    """Bytes as "1.8 GB"."""
    return f"{size / 1e9:.1f} GB"
