"""surpass plan --gpu: every method on a machine that is described, not run on."""

from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from surpass.core.account import Account
from surpass.core.errors import BadInput
from surpass.core.settings import Budget
from surpass.core.settings.read import FILE_NAME
from surpass.plan.machines import Machine, find_machine
from surpass.plan.methods import Method, trained_parameters
from surpass.plan.offer import Job, Offer, offers
from surpass.plan.shape import Shape
from surpass.plan.strategy import Advice, Facts, advise
from surpass.steps.planning.base_sizes import sizes_of
from surpass.steps.planning.ladder import NOTHING_RUN, Ladder

_ROW_TOKENS = 512
_RANK = 16


class Wish(NamedTuple):
    """What is known of the data and wanted of the model; none: as the project says, or unknown."""

    shift: Literal["small", "profound"] | None = None
    last_point: bool = False
    tasks: int = 1
    fast_answers: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the command; none: as the project says, or unknown."""

    base: str | None = None
    gpu: str | None = None
    hours: float | None = None
    rows: int | None = None
    tokens_per_row: int | None = None
    epochs: float | None = None
    price: float | None = None
    money: float | None = None
    rank: int | None = None
    wish: Wish = Wish()


class MachinePlan(NamedTuple):
    """The prediction for one machine."""

    base: str
    shape: Shape
    machine_name: str
    machine: Machine
    job: Job
    rank: int
    offers: tuple[Offer, ...]
    advice: tuple[Advice, ...]
    power: float | None = None
    notes: tuple[str, ...] = ()  # what was assumed

    @property
    def best(self) -> Offer | None:
        """The method that is advised first of those that fit; none where nothing fits."""
        fitting = {one.method: one for one in self.offers if one.exceeds is None}
        advised = [fitting[one.choice] for one in self.advice if one.choice in fitting]
        return advised[0] if advised else next(iter(fitting.values()), None)


def plan_for_machine(folder: Path, asked: Asked) -> MachinePlan:
    """Predict every method; in a project its base, rows, budget and ladder fill what is not said.

    Raises:
        BadInput: base or machine are not said or not known, or a number is impossible.
    """
    if (folder / FILE_NAME).exists():
        from surpass.steps.planning.project import plan_in_project  # opens rows

        return plan_in_project(folder, asked)
    return predicted(folder, asked, Budget())


def predicted(
    folder: Path,
    asked: Asked,
    budget: Budget,
    ladder: Ladder = NOTHING_RUN,
    power: float | None = None,
) -> MachinePlan:
    """The plan from what is said; `asked` is complete but for what nobody knows."""
    _require_possible(asked)
    if asked.base is None or asked.gpu is None:
        raise BadInput(
            "A plan for a machine needs a base and a machine.",
            fix="Say --base llama-3-8b --gpu a100-80gb, or run it in a project.",
        )
    shape, (name, machine) = sizes_of(asked.base, folder), find_machine(asked.gpu)
    job = Job(
        row_tokens=asked.tokens_per_row or _ROW_TOKENS,
        rows=asked.rows,
        epochs=asked.epochs or 1.0,
        hours=_first(asked.hours, budget.hours),
        money=_first(asked.money, budget.money),
        price_per_hour=_first(asked.price, budget.price_per_hour),
    )
    if job.money is not None and job.price_per_hour is None:
        raise BadInput("There is money but no price of an hour.", fix="Add --price.")
    if budget.memory_gb is not None:
        least = min(budget.memory_gb, machine.memory_gb)
        machine = msgspec.structs.replace(machine, memory_gb=least)
    rank = asked.rank or _RANK
    if rank > shape.hidden:
        raise BadInput(
            f"--rank {rank:,} is more than the {shape.hidden:,} channels of {asked.base}.",
            fix="Ranks from 8 to 256 are usual.",
        )
    made = offers(shape, machine, job, rank=rank)
    return MachinePlan(
        asked.base,
        shape,
        name,
        machine,
        job,
        rank,
        made,
        advise(_facts(shape, job, made, asked, ladder)),
        power,
        () if asked.tokens_per_row else (f"Rows of {_ROW_TOKENS} tokens are assumed.",),
    )


def _facts(shape: Shape, job: Job, made: tuple[Offer, ...], asked: Asked, ladder: Ladder) -> Facts:
    rank = asked.rank or _RANK
    return Facts(
        fits=tuple(one.method for one in made if one.exceeds is None),
        base_parameters=shape.parameters,
        adapter_parameters=trained_parameters(Method(name="lora", rank=rank), shape),
        rows=job.rows,
        tokens=None if job.tokens is None else job.tokens / job.epochs,
        shift=asked.wish.shift,
        last_point=asked.wish.last_point,
        tasks=asked.wish.tasks,
        fast_answers=asked.wish.fast_answers,
        prompt_that_meets=ladder.prompt_that_meets,
        no_room=ladder.no_room,
    )


def _first(said: float | None, otherwise: float | None) -> float | None:
    return otherwise if said is None else said


def _require_possible(asked: Asked) -> None:
    """Every number must be above 0, a price at least 0.

    Raises:
        BadInput: names the first that is not.
    """
    for name in ("hours", "rows", "tokens_per_row", "epochs", "money", "rank"):
        value = getattr(asked, name)
        if value is not None and not 0 < value < float("inf"):
            raise BadInput(
                f"--{name.replace('_', '-')} {value:g} is out of range.", fix="It must be above 0."
            )
    if asked.wish.tasks < 1:
        raise BadInput(f"--tasks {asked.wish.tasks} is out of range.", fix="It must be at least 1.")
    if asked.price is not None and not 0 <= asked.price < float("inf"):
        raise BadInput(f"--price {asked.price:g} is out of range.", fix="It must be at least 0.")


def machine_account(folder: Path, asked: Asked) -> Account:
    """What `surpass plan --gpu` says."""
    from surpass.steps.tell.plan_machine import told

    return told(plan_for_machine(folder, asked))
