"""A verdict and the gates it consists of."""

from enum import StrEnum

import msgspec

from surpass.core.errors import CannotTell


class Outcome(StrEnum):
    """Three values, never two."""

    PASS = "PASS"  # noqa: S105 (no password)
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate with one-sided bounds, each at its own level; absent where none is sound."""

    estimate: float | None  # none: not known, and so are the bounds
    low: float | None
    high: float | None
    low_level: float  # alpha of the lower bound
    high_level: float  # alpha of the upper bound
    method: str  # "bootstrap by group", "exact", "none: …"
    items: int
    groups: int
    seeds: int = 1  # training runs; the estimate is their mean
    of_runs: tuple[float, float] | None = None  # of several: bounds for the mean of these alone

    @property
    def known(self) -> float:
        """The estimate, of what is known to have one.

        Raises:
            CannotTell: there is none.
        """
        if self.estimate is None:
            raise CannotTell(f"There is no estimate ({self.method.removeprefix('none: ')}).")
        return self.estimate


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion answered."""

    name: str  # "primary: macro_f1 against few-shot"
    role: str  # "primary", "guard", "floor", "ceiling", "forgetting" or "preference"
    metric: str
    margin: float  # what the bound had to clear
    bounds: Bounds
    outcome: Outcome
    sentence: str
    remedy: str = ""
    slice: str | None = None  # "channel = phone"
    level: str = "proved"  # or "no harm shown"
    title: str = ""  # the metric's, for people
    higher_is_better: bool = True
    against: str = ""  # the opponent; none for floors and ceilings
    relative: float | None = None  # gain asked for as a share of the base; bounds are of the excess
    unit: str = "share"  # of margin and bounds: "share", or "nats per token"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """PASS, FAIL or INCONCLUSIVE, with evidence."""

    outcome: Outcome
    headline: str
    gates: tuple[Gate, ...]
    opponent: str
    surpassed_by: tuple[str, ...]  # rungs whose test score is not below the tuned model's
    candidate_number: int
    alpha: float  # level in force
    notes: tuple[str, ...] = ()
