"""What a watch says: measures by window, signals of change, alerts and their history."""

from typing import Literal

import msgspec

Kind = Literal[
    "terms",
    "unseen",
    "novelty",
    "classifier",
    "clusters",
    "labels",
    "confidence",
    "floor",
    "estimate",
]
Severity = Literal["notice", "page"]
EventKind = Literal["opened", "raised", "reminded", "resolved", "silenced"]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One number of one window, with a two-sided 95 % interval where one is sound."""

    name: str
    estimate: float
    low: float | None
    high: float | None
    rows: int  # requests that it rests on


class WindowMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """All numbers of one window of one view: all requests, a release, a slice."""

    view: str
    number: int  # 1 is the first window after the reference
    start: str
    end: str
    requests: int
    units: int
    measures: tuple[Measure, ...]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A word or pair of words that more users say now."""

    term: str
    before: float  # share of the reference's users
    now: float  # share of the window's users
    users: int  # of the window
    p: float


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Change of the share of right answers since the reference; negative is a loss."""

    change: float
    low: float | None
    high: float | None
    source: Literal["measured", "estimated"]
    answers: int


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What one detector found in one window."""

    kind: Kind
    window: int
    start: str
    end: str
    p: float | None  # None: the detector weighs evidence, it has no p
    level: float  # what p was held against; of the floor 1 / labels before a false alarm
    effect: float
    words: str  # the change in one sentence, with numbers
    terms: tuple[Term, ...] = ()
    examples: tuple[str, ...] = ()  # masked; they never leave the machine
    confirmed: bool = False  # the window before said so too, or the evidence is enough alone
    cost: Cost | None = None  # None: not known


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What needs a person, or is worth knowing."""

    name: str  # task, release and trouble: the same trouble has the same name
    severity: Severity
    since: str
    signal: Signal  # the one that explains most
    also: tuple[Signal, ...] = ()  # other detectors that say the same


class AlertEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the alerts' history."""

    at: str
    event: EventKind
    name: str  # of a silence: the kind, or "all"
    severity: Severity = "notice"
    since: str = ""
    window: int = 0
    until: str = ""  # of a silence
    reason: str = ""  # of a silence
    who: str = ""  # of a silence


class WatchData(msgspec.Struct, frozen=True, kw_only=True):
    """For programs: everything that the account says."""

    task: str
    release: str
    windows: tuple[WindowMeasures, ...]
    alerts: tuple[Alert, ...]
    silenced: tuple[str, ...]
    floor: float | None
    level_a_window: float
    tests_a_week: float
    tested_windows: int
