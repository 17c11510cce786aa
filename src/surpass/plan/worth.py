"""Whether tuning pays: cost of a right answer on both sides, break-even, and what would turn it.

A wrong answer is asked again or mended at `wrong_cost`, so a right one costs
(answer_cost + (1 - share) * wrong_cost) / share on average: the wrong ones before it are paid too.
"""

import math
from datetime import date, timedelta

import msgspec

from surpass.core.errors import BadInput

_DAYS_OF_MONTH = 365.25 / 12
_WIDEST = 100.0  # how far an input is moved to see the answer turn
_STEPS = 60  # of bisection: to the last digit that is shown


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the answer rests on; money in one currency, yours."""

    labelling_hours: float
    wage: float  # of an hour of labelling
    training_hours: float
    training_price: float  # of an hour of the machine that trains
    base_cost: float  # of one answer of the base
    tuned_cost: float  # of one answer of the tuned model
    base_share: float  # of the base's answers that are right
    tuned_share: float
    traffic: float  # answers a month that must be right in the end
    wrong_cost: float  # of one wrong answer, to whoever believes or mends it


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """The answer; none where tuning never pays."""

    outlay: float
    base_accepted: float  # cost of a right answer
    tuned_accepted: float
    answers: float | None  # right answers until the outlay is earned
    months: float | None


def weigh(inputs: Inputs) -> Worth:
    """When the saving on every right answer has earned what labelling and training cost."""
    outlay = inputs.labelling_hours * inputs.wage + inputs.training_hours * inputs.training_price
    base = accepted_cost(inputs.base_cost, inputs.base_share, inputs.wrong_cost)
    tuned = accepted_cost(inputs.tuned_cost, inputs.tuned_share, inputs.wrong_cost)
    saving = base - tuned
    answers = outlay / saving if saving > 0 else None
    months = answers / inputs.traffic if answers is not None and inputs.traffic > 0 else None
    return Worth(
        outlay=outlay, base_accepted=base, tuned_accepted=tuned, answers=answers, months=months
    )


def accepted_cost(answer_cost: float, share: float, wrong_cost: float) -> float:
    """Of one right answer; infinite where none is right."""
    return math.inf if share <= 0 else (answer_cost + (1 - share) * wrong_cost) / share


def answer_cost_by_tokens(tokens: float, price_of_million: float) -> float:
    """Of one answer, prompt included, where tokens are paid."""
    return tokens * price_of_million / 1e6


def answer_cost_by_hours(price_of_hour: float, answers_an_hour: float) -> float:
    """Of one answer where the machine is paid, whether it works or waits.

    Raises:
        BadInput: it answers nothing.
    """
    if answers_an_hour <= 0:
        raise BadInput(
            "A machine that gives 0 answers an hour has no cost of an answer.",
            fix="State how many answers an hour it gives under your traffic.",
        )
    return price_of_hour / answers_an_hour


def pays(inputs: Inputs, months: float) -> bool:
    """Whether the outlay is earned within so many months."""
    needed = weigh(inputs).months
    return needed is not None and needed <= months


def turning_points(inputs: Inputs, months: float) -> dict[str, float | None]:
    """For each input the nearest value at which the answer turns, all others as they are.

    Sought from a hundredth to a hundredfold, shares from 0 to 1; none: it turns nowhere there.
    Nearest first, by how many times the input would have to change.
    """
    found = {name: _turn(inputs, name, months) for name in inputs.__struct_fields__}
    return dict(sorted(found.items(), key=lambda one: _distance(getattr(inputs, one[0]), one[1])))


def _turn(inputs: Inputs, name: str, months: float) -> float | None:
    """Bisected on a scale of factors: the answer is monotone in each input."""
    now, answer = getattr(inputs, name), pays(inputs, months)
    if now <= 0:
        return None
    highest = 1 / now if name.endswith("_share") else _WIDEST
    for farthest in (1 / _WIDEST, highest):
        if pays(_moved(inputs, name, farthest), months) == answer:
            continue
        near, far = 1.0, farthest
        for _ in range(_STEPS):
            middle = math.sqrt(near * far)
            if pays(_moved(inputs, name, middle), months) == answer:
                near = middle
            else:
                far = middle
        return float(now * far)
    return None


def _moved(inputs: Inputs, name: str, factor: float) -> Inputs:
    return msgspec.structs.replace(inputs, **{name: getattr(inputs, name) * factor})


def _distance(now: float, turn: float | None) -> float:
    return math.inf if turn is None or turn <= 0 else abs(math.log(turn / now))


def day_after(start: date, months: float) -> date | None:
    """So many months later, rounded up to a day; none beyond the calendar's end."""
    try:
        return start + timedelta(days=math.ceil(months * _DAYS_OF_MONTH))
    except OverflowError:
        return None
