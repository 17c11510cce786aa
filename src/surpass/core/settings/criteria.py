"""[criteria] and [budget]: what must be true of the tuned model, and what it may cost."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from surpass.core.settings.preference import Preference
from surpass.core.settings.section import OptionValue, Section, Share

Margin = Annotated[float, Meta(gt=-1, lt=1)]
Level = Literal["no harm shown", "proved"]


class Primary(Section, frozen=True, kw_only=True):
    """The tuned model must be better than the opponent by more than the margin."""

    metric: str  # a name from the page of metrics
    against: str = "best rung"  # the best on valid, or the name of a rung
    margin: Margin = 0.0  # what the lower bound of the gain must clear, in the metric's unit
    margin_relative: Annotated[float, Meta(gt=0, le=10)] | None = None  # instead: share of the base
    expect: Annotated[float, Meta(gt=0, lt=1)] = 0.15  # the gain hoped for; power is computed there


class Guard(Section, frozen=True, kw_only=True):
    """Something that must not get worse."""

    metric: str  # a name from the page of metrics
    by: str | None = None  # a slice column: the guard holds for each of its values
    margin: Annotated[float, Meta(gt=-1, le=0)] = -0.05  # the loss that is still tolerated
    level: Level = "no harm shown"  # what the bound must show


class Floor(Section, frozen=True, kw_only=True):
    """The tuned model's own score must be sure to exceed a number, whatever the base does."""

    metric: str  # a name from the page of metrics
    at_least: Annotated[float, Meta(gt=0, lt=1)]  # what the lower bound of the score must clear
    by: str | None = None  # a slice column: the floor holds for each of its values


class Ceiling(Section, frozen=True, kw_only=True):
    """The tuned model's own score must be sure to stay below a number."""

    metric: str  # a name from the page of metrics, as a rule one where lower is better
    at_most: Annotated[float, Meta(gt=0, lt=1)]  # what the upper bound of the score must stay under
    by: str | None = None  # a slice column: the ceiling holds for each of its values


class Forgetting(Section, frozen=True, kw_only=True):
    """What the base model could do beside the task must still be there after tuning.

    Told by the loss, in nats per token, on texts that have nothing to do with the task: the sample
    in the package, or a file of yours. A file of rows with an input and an expected output counts
    the loss of the output alone; a .txt file counts its paragraphs, parted by blank lines.
    """

    on: str = "general"  # the sample in the package, or a file (JSONL, CSV, TSV, Parquet, .txt)
    margin: Annotated[float, Meta(ge=0, le=10)] = 0.05  # rise of the loss that is still tolerated
    level: Level = "no harm shown"  # what the bound must show
    input: str | None = None  # column of what is asked; none: see output
    output: str | None = None  # column of the answer or text; none: the task's columns, else "text"
    group: str | None = None  # column of what belongs together; none: each row alone
    instruction: Literal["none", "task"] = "none"  # "task": asked with the task's prompt


Criterion = Primary | Guard | Floor | Ceiling
"""What the predictions on the test answer."""


class Criteria(Section, frozen=True, kw_only=True):
    """Sealed before training; the verdict answers exactly these."""

    alpha: Share = 0.05  # chance of a wrong PASS, shared out over the candidates of a test
    draws: Annotated[int, Meta(ge=1000, le=100_000)] = 10_000  # bootstrap resamples
    seed: Annotated[int, Meta(ge=0)] = 0  # of the bootstrap
    seeds: Annotated[int, Meta(ge=1, le=10)] = 1  # training runs; from 3 on their mean is judged
    primary: Annotated[tuple[Primary, ...], Meta(min_length=1)]  # all of them must pass
    guard: tuple[Guard, ...] = ()  # each as its level says
    floor: tuple[Floor, ...] = ()  # all of them must hold
    ceiling: tuple[Ceiling, ...] = ()  # all of them must hold
    forgetting: tuple[Forgetting, ...] = ()  # each as its level says
    preference: tuple[Preference, ...] = ()  # all of them must hold
    metrics: dict[str, dict[str, OptionValue]] = msgspec.field(default_factory=dict)  # options

    @property
    def gates(self) -> tuple[Criterion, ...]:
        """Every criterion that the predictions on the test answer, primaries first."""
        return (*self.primary, *self.guard, *self.floor, *self.ceiling)


class Budget(Section, frozen=True, kw_only=True):
    """What the machine and the purse allow; the plan refuses what does not fit."""

    memory_gb: Annotated[float, Meta(gt=0)] | None = None  # of the device that trains
    hours: Annotated[float, Meta(gt=0)] | None = None  # from training to verdict
    money: Annotated[float, Meta(gt=0)] | None = None  # in the currency of the price
    price_per_hour: Annotated[float, Meta(ge=0)] | None = None  # of the machine
    machine: str | None = None  # a name that `surpass plan --gpu` knows; none: this machine
