"""Experiments in the ledger, and what `surpass experiment` answers a program."""

from enum import StrEnum

import msgspec

from surpass.core.settings.experiment import Experiment, ExperimentMetric


class Conclusion(StrEnum):
    """What an experiment amounts to now."""

    KEEP_GOING = "keep going"
    WINS = "challenger wins"
    LOSES = "challenger loses"
    EQUAL = "equal"
    BROKEN = "broken"


class ExperimentStart(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="experiment start"
):
    """An experiment began; nothing here may be chosen after outcomes were seen."""

    experiment: str  # its name, such as "e-3f2a91c04d77"
    champion: str  # name of the release that has the rest of the traffic
    challenger: str
    share: float  # of the challenger, 0 to 1
    salt: str  # of the assignment, 32 hexadecimal digits
    primary: str  # name of the metric that decides
    metrics: dict[str, ExperimentMetric]  # primary and guards, resolved
    plan: Experiment  # the section as it was
    rule: int  # revision of the decision rule
    by: str


class ExperimentRamp(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="experiment ramp"
):
    """The challenger got a larger share."""

    experiment: str
    share: float
    by: str


class ExperimentEnd(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="experiment end"
):
    """An experiment ended; from now on the champion has all traffic."""

    experiment: str
    decision: Conclusion  # as the rule had it
    headline: str
    champion_units: int
    challenger_units: int
    gain: float | None  # of the primary; none: not known
    low: float | None
    high: float | None
    reason: str | None  # why it was stopped before a decision
    by: str


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A time of constant shares."""

    share: float  # the challenger's
    start: str  # ISO 8601, UTC
    end: str | None = None  # none: it goes on


class RunningExperiment(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment as the ledger has it."""

    started: ExperimentStart
    entry: str  # digest of the ledger's entry
    periods: tuple[Period, ...]
    ended: ExperimentEnd | None = None


class Assigned(msgspec.Struct, frozen=True, kw_only=True):
    """Which model a unit gets."""

    experiment: str | None  # none: no experiment runs, everybody has the champion
    arm: str  # "champion" or "challenger"
    release: str | None  # name of the model; none: nothing is released
    share: float = 1.0  # of the units that this arm is given


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """A metric in both arms; `gain` is above 0 where the challenger is better."""

    metric: str
    champion: float | None  # none: not known yet
    challenger: float | None
    gain: float | None
    low: float | None  # the lower bound of the gain, valid at all looks
    high: float | None
    champion_units: int
    challenger_units: int
    higher_is_better: bool = True
    unknown: str = ""  # why there is no gain


class LookData(msgspec.Struct, frozen=True, kw_only=True):
    """The primary metric's band at one moment."""

    days: float  # since the start
    units: int
    gain: float
    low: float
    high: float


class MismatchData(msgspec.Struct, frozen=True, kw_only=True):
    """Units of each arm against the declared shares."""

    champion: int
    challenger: int
    champion_expected: float
    challenger_expected: float
    p: float  # below mismatch_alpha: broken


class ExperimentData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass experiment`: what is sealed, what is known, what it amounts to."""

    experiment: str | None  # none: no experiment runs
    champion: str | None
    challenger: str | None
    share: float | None
    running: bool
    decision: Conclusion | None
    primary: Band | None = None
    guards: tuple[Band, ...] = ()
    slices: dict[str, Band] = msgspec.field(default_factory=dict)
    mismatch: MismatchData | None = None
    days_left: float | None = None  # none: not known, or no number of days
    looks: tuple[LookData, ...] = ()
