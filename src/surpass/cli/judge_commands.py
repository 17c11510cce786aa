"""Commands that judge what any model answered, whoever ran it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from surpass.cli.edge import answer as at_edge
from surpass.cli.edge import guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def adopt(
    path: Path,
    folder: Path = Path(),
    *,
    name: Annotated[str, Parameter("--as")] = "adopted",
    json: bool = False,
) -> int:
    """Take in a model that another trainer made, so that it can be judged like our own.

    Args:
        path: A PEFT adapter's folder, or a folder of merged weights.
        folder: The project's folder.
        name: What the model is called; judged by `surpass verdict --of adopted:NAME`.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:  # noqa: ARG001
        from surpass.steps.bring import adopt as take
        from surpass.steps.bring import adopted_account

        return adopted_account(take(project, path, name), project.settings.model.base)

    return at_edge(folder, verb, json=json)


def compare(  # noqa: PLR0913 (each is an option of the command)
    base: Path,
    tuned: Path,
    *,
    id: str | None = None,  # noqa: A002 (the name of the option)
    expected: str | None = None,
    answer: str | None = None,
    group: str | None = None,
    metric: str | None = None,
    margin: float | None = None,
    criteria: Path | None = None,
    json: bool = False,
) -> int:
    """Give a verdict on two files of answers to the same questions; needs no project and no model.

    Args:
        base: Answers of the base model: CSV, TSV, JSONL or Parquet with a column of answers.
        tuned: Answers of the tuned model to the same questions.
        id: Column that names the questions in both files; without one, rows are matched in order.
        expected: Column with the expected answers, in either file.
        answer: Column with the model's answers.
        group: Column of what belongs together, such as the customer; counted as one.
        metric: What to measure; the default of the kind of task if absent.
        margin: What the gain must exceed for sure, 0.05 for 5 points.
        criteria: A TOML file with a [criteria] section instead of metric and margin.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from surpass.steps.compare import Asked, compare_files

        asked = Asked(id, expected, answer, group, metric, margin, criteria)
        return compare_files(base, tuned, asked)

    return guarded(work, json=json, folder=Path())
