"""Commands that reckon before anything is paid: plan and worth."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from surpass.cli.edge import answer, guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.planning.machine import Asked
    from surpass.steps.planning.worth import Asked as WorthAsked
    from surpass.steps.project import Project


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is trained, and within what.

    Args:
        hours: How long it may train; says how many tokens fit.
        rows: Rows to train on; the project's if absent.
        tokens_per_row: Tokens of a row, prompt and answer, on average; the project's, or 512.
        epochs: Passes over the rows; the project's, or 1.
        price: Of one hour of the machine, in your currency.
        money: What training may cost.
        rank: Of LoRA, QLoRA and DoRA; the project's, or 16.
    """

    hours: float | None = None
    rows: int | None = None
    tokens_per_row: int | None = None
    epochs: float | None = None
    price: float | None = None
    money: float | None = None
    rank: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is wanted of the tuned model; the advice rests on it.

    Args:
        shift: How far the rows are from what the base has read.
        last_point: Every point of quality matters, and resources are ample.
        tasks: How many tasks one base will serve.
        fast_answers: Time to the first word matters.
    """

    shift: Literal["small", "profound"] | None = None
    last_point: bool = False
    tasks: int = 1
    fast_answers: bool = False


@dataclass(frozen=True, kw_only=True)
class Outlay:
    """What is paid once, and how much is asked.

    Args:
        labelling_hours: Of people, for rows and for looking at answers.
        wage: Of one of these hours, in your currency; all money is in one currency.
        training_hours: Of the machine that trains, failed attempts included.
        training_price: Of one of these hours; [budget] price_per_hour if absent.
        traffic: Answers a month that must be right in the end.
        wrong_cost: What a wrong answer costs whoever believes or mends it.
        answer_tokens: Of one answer with its prompt, where tokens are paid.
    """

    labelling_hours: float | None = None
    wage: float | None = None
    training_hours: float | None = None
    training_price: float | None = None
    traffic: float | None = None
    wrong_cost: float | None = None
    answer_tokens: float | None = None


@dataclass(frozen=True, kw_only=True)
class Base:
    """The base at work, or the big prompted model that would be used instead.

    Args:
        base_quality: Share of the base's answers that are right, 0 to 1.
        base_cost: Of one answer of the base.
        base_token_price: Of a million tokens of the base.
        base_hour_price: Of an hour of the machine that runs the base.
        base_answers_per_hour: That it gives under your traffic, waiting included.
    """

    base_quality: float | None = None
    base_cost: float | None = None
    base_token_price: float | None = None
    base_hour_price: float | None = None
    base_answers_per_hour: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tuned:
    """The tuned model at work.

    Args:
        tuned_quality: Share of the tuned model's answers that are right, 0 to 1.
        tuned_cost: Of one answer of the tuned model.
        tuned_token_price: Of a million tokens of the tuned model.
        tuned_hour_price: Of an hour of the machine that runs the tuned model.
        tuned_answers_per_hour: That it gives under your traffic, waiting included.
    """

    tuned_quality: float | None = None
    tuned_cost: float | None = None
    tuned_token_price: float | None = None
    tuned_hour_price: float | None = None
    tuned_answers_per_hour: float | None = None


_JOB, _WISH, _OUTLAY, _BASE, _TUNED = Job(), Wish(), Outlay(), Base(), Tuned()
_FLAT = Parameter(name="*")  # the fields are options of the command itself


def plan(
    folder: Path = Path(),
    *,
    base: str | None = None,
    gpu: str | None = None,
    job: Annotated[Job, _FLAT] = _JOB,
    wish: Annotated[Wish, _FLAT] = _WISH,
    json: bool = False,
) -> int:
    """Predict memory, hours and money of each method, before anything is trained or downloaded.

    In a project, without options: the run as it stands, on this machine. With a base and a machine
    it needs no project, and every figure is a prediction that nobody ran.

    Args:
        folder: The project's folder, if there is one.
        base: A base by name, such as llama-3-70b, a folder with a config.json, or a hub id.
        gpu: The machine, such as a100-80gb, h100, 4090, apple-m2-ultra or cpu.
        job: What is trained, and within what.
        wish: What is wanted of the tuned model.
        json: Print the account as JSON.
    """
    elsewhere = (base, gpu, job, wish) != (None, None, _JOB, _WISH)

    def machine() -> Account:
        from surpass.steps.planning.machine import machine_account

        return machine_account(folder, _asked(base, gpu, job, wish))

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.planning.plan import plan_account

        if elsewhere or project.settings.budget.machine is not None:
            return machine()
        return plan_account(project)

    if elsewhere and not (folder / "surpass.toml").exists():
        return guarded(machine, json=json, folder=folder)
    return answer(folder, verb, json=json)


def _asked(base: str | None, gpu: str | None, job: Job, wish: Wish) -> "Asked":
    from surpass.steps.planning.machine import Asked
    from surpass.steps.planning.machine import Wish as Wanted

    wanted = Wanted(wish.shift, wish.last_point, wish.tasks, wish.fast_answers)
    return Asked(
        base=base,
        gpu=gpu,
        hours=job.hours,
        rows=job.rows,
        tokens_per_row=job.tokens_per_row,
        epochs=job.epochs,
        price=job.price,
        money=job.money,
        rank=job.rank,
        wish=wanted,
    )


def worth(
    folder: Path = Path(),
    *,
    outlay: Annotated[Outlay, _FLAT] = _OUTLAY,
    base: Annotated[Base, _FLAT] = _BASE,
    tuned: Annotated[Tuned, _FLAT] = _TUNED,
    months: float = 12.0,
    json: bool = False,
) -> int:
    """Say whether tuning pays: cost of a right answer, break-even volume and date, what turns it.

    In a project quality, cost and training hours come from what is stored there; what is neither
    said nor stored is asked for by name. A big prompted model may stand for the base.

    Args:
        folder: The project's folder, if there is one.
        outlay: What is paid once, and how much is asked.
        base: The base at work.
        tuned: The tuned model at work.
        months: Within which it must have paid.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from datetime import UTC, datetime

        from surpass.steps.planning.worth import worth_account

        asked = _worth_asked(outlay, base, tuned, months)
        return worth_account(folder, asked, datetime.now(UTC).date())

    return guarded(work, json=json, folder=folder)


def _worth_asked(outlay: Outlay, base: Base, tuned: Tuned, months: float) -> "WorthAsked":
    from surpass.steps.planning.worth import Asked, Serving

    return Asked(
        labelling_hours=outlay.labelling_hours,
        wage=outlay.wage,
        training_hours=outlay.training_hours,
        training_price=outlay.training_price,
        traffic=outlay.traffic,
        wrong_cost=outlay.wrong_cost,
        answer_tokens=outlay.answer_tokens,
        months=months,
        base=Serving(
            quality=base.base_quality,
            cost=base.base_cost,
            token_price=base.base_token_price,
            hour_price=base.base_hour_price,
            answers_per_hour=base.base_answers_per_hour,
        ),
        tuned=Serving(
            quality=tuned.tuned_quality,
            cost=tuned.tuned_cost,
            token_price=tuned.tuned_token_price,
            hour_price=tuned.tuned_hour_price,
            answers_per_hour=tuned.tuned_answers_per_hour,
        ),
    )
