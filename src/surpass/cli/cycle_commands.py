"""Commands that train more than once: enough."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from surpass.cli.edge import agreed, answer, print_result
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.cycle.enough import Bill
    from surpass.steps.project import Project


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of the rows.

    Args:
        target: The score to be reached, 0 to 1, in the metric of the first criterion. If absent:
            the first floor in [criteria], or what the best rung has and the smallest gain that the
            test can prove.
        tier: A linear model on words in seconds (labels only), or the declared model.
        price_per_row: Of one labelled row, in your currency.
        seeds: Trainings of each size, each with its own order of the rows.
    """

    target: float | None = None
    tier: Literal["proxy", "real"] = "proxy"
    price_per_row: float | None = None
    seeds: int = 3


_QUESTION = Question()


def enough(
    folder: Path = Path(),
    *,
    question: Annotated[Question, Parameter(name="*")] = _QUESTION,
    yes: bool = False,
    json: bool = False,
) -> int:
    """Say how many rows a score takes, what a hundred more bring, and what they cost.

    Models are trained on growing parts of the training rows and scored on valid; a power law
    through their scores tells of up to four times the rows there are. The sealed test stays sealed.

    Args:
        folder: The project's folder.
        question: What is asked of the rows.
        yes: Start the real tier's trainings without asking, after their predicted time is shown.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.cycle.enough import Asked, Ears, enough_account
        from surpass.cycle.tell_enough import bill_account

        asked = Asked(
            target=question.target,
            tier=question.tier,
            price_per_row=question.price_per_row,
            seeds=question.seeds,
        )

        def confirm(bill: "Bill") -> bool:
            proposal = bill_account(bill, asked)
            if not yes:
                return agreed(proposal, "Train these models now?", json=json)
            if not json:
                print_result(proposal, json=False)
            return True

        return enough_account(project, asked, Ears(progress, confirm))

    return answer(folder, verb, json=json)
