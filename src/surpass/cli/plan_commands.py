"""Commands that reckon before anything is paid: plan and worth."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from surpass.cli.edge import answer, guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def plan(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    base: str | None = None,
    gpu: str | None = None,
    hours: float | None = None,
    rows: int | None = None,
    tokens_per_row: int | None = None,
    epochs: float | None = None,
    price: float | None = None,
    money: float | None = None,
    rank: int | None = None,
    shift: Literal["small", "profound"] | None = None,
    last_point: bool = False,
    tasks: int = 1,
    fast_answers: bool = False,
    json: bool = False,
) -> int:
    """Predict memory, hours and money of each method, before anything is trained or downloaded.

    In a project, without options: the run as it stands, on this machine. With a base and a machine
    it needs no project, and every figure is a prediction that nobody ran.

    Args:
        folder: The project's folder, if there is one.
        base: A base by name, such as llama-3-70b, a folder with a config.json, or a hub id.
        gpu: The machine, such as a100-80gb, h100, 4090, apple-m2-ultra or cpu.
        hours: How long it may train; says how many tokens fit.
        rows: Rows to train on; the project's if absent.
        tokens_per_row: Tokens of a row, prompt and answer, on average; the project's, or 512.
        epochs: Passes over the rows; the project's, or 1.
        price: Of one hour of the machine, in your currency.
        money: What training may cost.
        rank: Of LoRA, QLoRA and DoRA; the project's, or 16.
        shift: How far the rows are from what the base has read.
        last_point: Every point of quality matters, and resources are ample.
        tasks: How many tasks one base will serve.
        fast_answers: Time to the first word matters.
        json: Print the account as JSON.
    """
    said = (base, gpu, hours, rows, tokens_per_row, epochs, price, money, rank, shift)
    elsewhere = any(one is not None for one in (*said, last_point or None, fast_answers or None))

    def machine() -> Account:
        from surpass.steps.plan_machine import Asked, Wish, machine_account

        asked = Asked(
            base=base,
            gpu=gpu,
            hours=hours,
            rows=rows,
            tokens_per_row=tokens_per_row,
            epochs=epochs,
            price=price,
            money=money,
            rank=rank,
            wish=Wish(shift, last_point, tasks, fast_answers),
        )
        return machine_account(folder, asked)

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.plan import plan_account

        if elsewhere or tasks != 1 or project.settings.budget.machine is not None:
            return machine()
        return plan_account(project)

    if elsewhere and not (folder / "surpass.toml").exists():
        return guarded(machine, json=json, folder=folder)
    return answer(folder, verb, json=json)


def worth(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    labelling_hours: float | None = None,
    wage: float | None = None,
    training_hours: float | None = None,
    training_price: float | None = None,
    traffic: float | None = None,
    wrong_cost: float | None = None,
    base_quality: float | None = None,
    tuned_quality: float | None = None,
    base_cost: float | None = None,
    tuned_cost: float | None = None,
    answer_tokens: float | None = None,
    base_token_price: float | None = None,
    tuned_token_price: float | None = None,
    base_hour_price: float | None = None,
    base_answers_per_hour: float | None = None,
    tuned_hour_price: float | None = None,
    tuned_answers_per_hour: float | None = None,
    months: float = 12.0,
    json: bool = False,
) -> int:
    """Say whether tuning pays: cost of a right answer, break-even volume and date, what turns it.

    In a project quality, cost and training hours come from what is stored there; what is neither
    said nor stored is asked for by name. A big prompted model may stand for the base.

    Args:
        folder: The project's folder, if there is one.
        labelling_hours: Of people, for rows and for looking at answers.
        wage: Of one of these hours, in your currency; all money is in one currency.
        training_hours: Of the machine that trains, failed attempts included.
        training_price: Of one of these hours; [budget] price_per_hour if absent.
        traffic: Answers a month that must be right in the end.
        wrong_cost: What a wrong answer costs whoever believes or mends it.
        base_quality: Share of the base's answers that are right, 0 to 1.
        tuned_quality: The same of the tuned model.
        base_cost: Of one answer of the base.
        tuned_cost: Of one answer of the tuned model.
        answer_tokens: Of one answer with its prompt, where tokens are paid.
        base_token_price: Of a million tokens of the base.
        tuned_token_price: Of a million tokens of the tuned model.
        base_hour_price: Of an hour of the machine that runs the base.
        base_answers_per_hour: That it gives under your traffic, waiting included.
        tuned_hour_price: Of an hour of the machine that runs the tuned model.
        tuned_answers_per_hour: That it gives under your traffic, waiting included.
        months: Within which it must have paid.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from datetime import UTC, datetime

        from surpass.steps.worth import Asked, Serving, worth_account

        asked = Asked(
            labelling_hours=labelling_hours,
            wage=wage,
            training_hours=training_hours,
            training_price=training_price,
            traffic=traffic,
            wrong_cost=wrong_cost,
            answer_tokens=answer_tokens,
            months=months,
            base=Serving(
                quality=base_quality,
                cost=base_cost,
                token_price=base_token_price,
                hour_price=base_hour_price,
                answers_per_hour=base_answers_per_hour,
            ),
            tuned=Serving(
                quality=tuned_quality,
                cost=tuned_cost,
                token_price=tuned_token_price,
                hour_price=tuned_hour_price,
                answers_per_hour=tuned_answers_per_hour,
            ),
        )
        return worth_account(folder, asked, datetime.now(UTC).date())

    return guarded(work, json=json, folder=folder)
