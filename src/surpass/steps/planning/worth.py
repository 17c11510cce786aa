"""surpass worth: labelling, training and serving against the base's cost and quality."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from surpass.core.account import Account
from surpass.core.errors import BadInput, CannotTell
from surpass.core.settings.read import FILE_NAME
from surpass.plan.worth import (
    Inputs,
    Worth,
    answer_cost_by_hours,
    answer_cost_by_tokens,
    day_after,
    turning_points,
    weigh,
)


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """One model at work, as far as it was said."""

    quality: float | None = None  # share of right answers
    cost: float | None = None  # of one answer
    token_price: float | None = None  # of a million tokens
    hour_price: float | None = None  # of the machine that answers
    answers_per_hour: float | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the command; none: not said."""

    labelling_hours: float | None = None
    wage: float | None = None
    training_hours: float | None = None
    training_price: float | None = None
    traffic: float | None = None  # a month
    wrong_cost: float | None = None
    answer_tokens: float | None = None  # of one answer, its prompt included
    months: float = 12.0
    base: Serving = Serving()
    tuned: Serving = Serving()


class Known(NamedTuple):
    """What a project knows by itself; none: not known."""

    base: Serving = Serving()
    tuned: Serving = Serving()
    training_hours: float | None = None
    training_price: float | None = None
    base_name: str = "base"


class Weighed(NamedTuple):
    """The answer, what it rests on, and where it would turn."""

    inputs: Inputs
    worth: Worth
    months: float
    turns: dict[str, float | None]
    day: date | None
    base_name: str


def worth_account(folder: Path, asked: Asked, today: date) -> Account:
    """What `surpass worth` says.

    Raises:
        CannotTell: names every input that is neither said nor known.
        BadInput: a number is impossible.
    """
    from surpass.steps.tell.worth import told

    known = Known()
    if (folder / FILE_NAME).exists():
        from surpass.steps.planning.worth_project import known_to_project  # opens rows

        known = known_to_project(folder)
    return told(weighed(asked, known, today))


def weighed(asked: Asked, known: Known, today: date) -> Weighed:
    """Answer from what is said, and where nothing is said from what is known."""
    inputs = _inputs(asked, known)
    if not 0 < asked.months < float("inf"):
        raise BadInput(f"--months {asked.months:g} is out of range.", fix="It must be above 0.")
    found = weigh(inputs)
    day = None if found.months is None else day_after(today, found.months)
    turns = turning_points(inputs, asked.months)
    return Weighed(inputs, found, asked.months, turns, day, known.base_name)


def _inputs(asked: Asked, known: Known) -> Inputs:
    """All ten numbers, or one sentence that names those that are missing."""
    values: dict[str, float | None] = {
        "labelling_hours": asked.labelling_hours,
        "wage": 0.0 if asked.labelling_hours == 0 else asked.wage,
        "training_hours": _first(asked.training_hours, known.training_hours),
        "training_price": _first(asked.training_price, known.training_price),
        "base_cost": _cost(asked.base, known.base, asked.answer_tokens),
        "tuned_cost": _cost(asked.tuned, known.tuned, asked.answer_tokens),
        "base_share": _first(asked.base.quality, known.base.quality),
        "tuned_share": _first(asked.tuned.quality, known.tuned.quality),
        "traffic": asked.traffic,
        "wrong_cost": asked.wrong_cost,
    }
    missing = [option_of(name) for name, value in values.items() if value is None]
    if missing:
        raise CannotTell(
            f"Not known: {', '.join(missing)}.",
            fix="Say each of them; a cost of an answer may also be said as a price of tokens or of "
            "hours (see `surpass worth --help`), and 0 is an answer too.",
        )
    complete = {name: value for name, value in values.items() if value is not None}
    _require_possible(complete)
    return msgspec.convert(complete, Inputs)


def option_of(name: str) -> str:
    """How an input is said on the command line."""
    return "--" + name.replace("_share", "_quality").replace("_", "-")


def _require_possible(values: dict[str, float]) -> None:
    for name, value in values.items():
        most = 1.0 if name.endswith("_share") else float("inf")
        least_open = name in {"traffic", "base_share", "tuned_share"}
        if not 0 <= value <= most or value == float("inf") or (least_open and value == 0):
            among = "between 0 and 1" if most == 1 else "a number of at least 0"
            raise BadInput(
                f"{option_of(name)} {value:g} is out of range.",
                fix=f"It must be {among}{', and above 0' if least_open else ''}.",
            )


def _cost(said: Serving, known: Serving, tokens: float | None) -> float | None:
    """Of one answer: as said, from the price of tokens, from the price of hours, or as known."""
    if said.cost is not None:
        return said.cost
    if said.token_price is not None and tokens is not None:
        return answer_cost_by_tokens(tokens, said.token_price)
    if said.hour_price is not None and said.answers_per_hour is not None:
        return answer_cost_by_hours(said.hour_price, said.answers_per_hour)
    return known.cost


def _first(said: float | None, otherwise: float | None) -> float | None:
    return otherwise if said is None else said
