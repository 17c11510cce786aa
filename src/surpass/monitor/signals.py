"""From windows to signals and alerts: what changed, for how long, and what it costs."""

from collections.abc import Sequence

import msgspec
import polars as pl
from scipy import special

from surpass.core.columns import INPUT
from surpass.core.records.signal import Alert, Cost, Kind, Measure, Signal, WindowMeasures
from surpass.core.settings.watch import Watch
from surpass.measure.drift.budget import Shared
from surpass.monitor.detectors import DETECTORS, PORTIONS, Found
from surpass.monitor.measures import ACCURACY, ESTIMATED
from surpass.monitor.reference import Reference
from surpass.monitor.traffic import Window, one_a_unit
from surpass.text.personal_data import masked

_EXAMPLES = 3
_EXAMPLE_CHARACTERS = 160
_LABELS = 100  # in the reference and in the window, from which on a loss is measured
_TEXTS: tuple[Kind, ...] = ("terms", "novelty", "unseen", "clusters", "classifier")
_RANK: tuple[Kind, ...] = ("floor", *_TEXTS, "labels", "confidence", "estimate")
DRIFT = "drift"
"""Name of the trouble that the requests' texts changed, whichever of their detectors sees it."""


def window_signals(
    reference: Reference, window: Window, budget: Shared, settings: Watch
) -> tuple[Signal, ...] | None:
    """What the detectors find in one window; None where it has too few users to say anything."""
    units = one_a_unit(window.rows, reference.texts_a_unit)
    if units.height < settings.least_units:
        return None
    found = []
    for kind, detect in DETECTORS.items():
        level = budget.level * PORTIONS[kind]
        one = detect(reference, units, level)
        if one is not None and one.p <= level and one.effect >= settings.drift.effect:
            found.append(_signal(kind, window, one, level, units))
    return tuple(found)


def confirmed(before: Sequence[Signal], now: Sequence[Signal]) -> tuple[Signal, ...]:
    """The signals of a window, marked where the window before says the same.

    Words are the same if one of them rose both times.
    """
    earlier = {one.kind: one for one in before}
    return tuple(
        msgspec.structs.replace(one, confirmed=one.confirmed or _same(earlier.get(one.kind), one))
        for one in now
    )


def cost_of(reference: WindowMeasures, window: WindowMeasures) -> Cost | None:
    """Change of the share of right answers: measured where labels allow it, else estimated.

    The interval adds both sides' errors in squares.
    """
    before = _by_name(reference)
    now = _by_name(window)
    for name in (ACCURACY, ESTIMATED):
        first, second = before.get(ACCURACY), now.get(name)
        if first is None or second is None or first.rows < _LABELS:
            continue
        if name == ACCURACY and second.rows < _LABELS:
            continue
        low, high = _difference(first, second)
        return Cost(
            change=second.estimate - first.estimate,
            low=low,
            high=high,
            source="measured" if name == ACCURACY else "estimated",
            answers=second.rows,
        )
    return None


def estimate_signal(window: WindowMeasures, budget: Shared) -> Signal | None:
    """Whether labels contradict the estimate of the same window: it is then not to be believed."""
    found = _by_name(window)
    told, guess = found.get(ACCURACY), found.get(ESTIMATED)
    if told is None or guess is None or told.rows < _LABELS or None in (told.low, told.high):
        return None
    low, high = _difference(guess, told)
    level = budget.level * PORTIONS["estimate"]
    if low is None or high is None or (p := _normal_p(low, high)) > level:
        return None
    words = (
        f"{told.estimate:.1%} of {told.rows} labelled answers are right where {guess.estimate:.1%} "
        "were estimated from confidence: the estimate is not to be believed."
    )
    return Signal(
        kind="estimate",
        window=window.number,
        start=window.start,
        end=window.end,
        p=p,
        level=level,
        effect=abs(told.estimate - guess.estimate),
        words=words,
    )


def alerts_of(
    signals: Sequence[Signal], since: dict[Kind, str], place: str, cost: Cost | None, least: float
) -> tuple[Alert, ...]:
    """Alerts of the present signals, pages first; detectors that see one trouble make one alert.

    A page is a confirmed change that costs accuracy, or whose cost nobody knows. A broken floor is
    always one.

    Args:
        signals: Of the last tested window, and of the floor.
        since: When each kind began to be seen without a break.
        place: Task and release, for the names.
        cost: Of the last window; None: not known.
        least: Loss of accuracy from which on a change matters.
    """
    troubles: dict[str, list[Signal]] = {}
    for one in sorted(signals, key=lambda one: (not one.confirmed, _RANK.index(one.kind))):
        costed = one if one.kind == "estimate" else msgspec.structs.replace(one, cost=cost)
        troubles.setdefault(DRIFT if one.kind in _TEXTS else one.kind, []).append(costed)
    matters = cost is None or -cost.change >= least
    found = []
    for trouble, (first, *others) in troubles.items():
        page = trouble == "floor" or (trouble == DRIFT and first.confirmed and matters)
        found.append(
            Alert(
                name=f"{place}:{trouble}",
                severity="page" if page else "notice",
                since=min(since.get(one.kind, one.start) for one in (first, *others)),
                signal=first,
                also=tuple(others),
            )
        )
    return tuple(
        sorted(found, key=lambda one: (one.severity != "page", _RANK.index(one.signal.kind)))
    )


def _signal(kind: Kind, window: Window, found: Found, level: float, units: pl.DataFrame) -> Signal:
    texts = masked(*(units[INPUT][place] for place in found.telling[:_EXAMPLES]))
    return Signal(
        kind=kind,
        window=window.number,
        start=window.start,
        end=window.end,
        p=found.p,
        level=level,
        effect=float(found.effect),
        words=found.words,
        terms=found.terms,
        examples=tuple(text[:_EXAMPLE_CHARACTERS] for text in texts),
    )


def _same(before: Signal | None, now: Signal) -> bool:
    if before is None:
        return False
    if now.kind != "terms":
        return True
    return bool({one.term for one in before.terms} & {one.term for one in now.terms})


def _normal_p(low: float, high: float) -> float:
    """Two-sided p of a difference whose 95 % interval this is."""
    error = (high - low) / (2 * special.ndtri(0.975))
    return float(2 * special.ndtr(-abs(low + high) / 2 / error)) if error > 0 else 1.0


def _by_name(window: WindowMeasures) -> dict[str, Measure]:
    return {one.name: one for one in window.measures}


def _difference(first: Measure, second: Measure) -> tuple[float | None, float | None]:
    """Interval of `second - first`, from the halves of both intervals."""
    if None in (first.low, first.high, second.low, second.high):
        return None, None
    change = second.estimate - first.estimate
    down = ((second.estimate - second.low) ** 2 + (first.high - first.estimate) ** 2) ** 0.5  # type: ignore[operator]
    up = ((second.high - second.estimate) ** 2 + (first.estimate - first.low) ** 2) ** 0.5  # type: ignore[operator]
    return float(change - down), float(change + up)
