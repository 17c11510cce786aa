"""Commands that say why a model fails and what would mend it."""

from pathlib import Path
from typing import TYPE_CHECKING

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def explain(
    folder: Path = Path(),
    *,
    of: str = "tuned",
    row: str | None = None,
    pool: Path | None = None,
    queue: int | None = None,
    json: bool = False,
) -> int:
    """Say on which kinds of validation rows a model fails, and which rows to collect.

    The test is not read. Run it again after training with more rows: it says whether the gaps of
    the model before are closed.

    Args:
        folder: The project's folder.
        of: The model: `tuned`, or one that was brought, `adopted:NAME` or `file:NAME`.
        row: Say only which training rows are most like this validation row, and what contradicts
            it.
        pool: A file of rows without answers; says which of them the gaps ask for.
        queue: Write so many rows of the pool to requests/, as JSONL and as Label Studio tasks.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.explain import explained_row, require_alone, said_explanation

        if row is not None:
            require_alone(pool, queue)
            return explained_row(project, progress, row, of)
        return said_explanation(project, progress, of, pool=pool, queue=queue)

    return answer(folder, verb, json=json)


def fairness(folder: Path = Path(), *, of: str = "tuned", json: bool = False) -> int:
    """Compare groups of people under a model and its opponent, and ask rows with terms swapped.

    What [fairness] declares is read: columns of groups, the label that selects a person, and terms
    that must not matter. The test is not read, and no verdict follows.

    Args:
        folder: The project's folder.
        of: The model: `tuned`, or one that was brought, `adopted:NAME` or `file:NAME`.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.fairness import said_fairness

        return said_fairness(project, progress, of)

    return answer(folder, verb, json=json)
