"""Commands about versions of the rows, and about handing them on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def diff(
    before: str = "files", after: str = "now", *, folder: Path = Path(), json: bool = False
) -> int:
    """Say what changed between two versions of the rows, and who or what changed it.

    Args:
        before: A version (the first letters of its digest), `files` for the rows before any
            decision, `now` for those in force, or a file of rows in the project.
        after: The same.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.diff import diff_account

        return diff_account(project, before, after)

    return answer(folder, verb, json=json, alone=False)


def export(
    file: Path,
    folder: Path = Path(),
    *,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    side: str = "train",
    json: bool = False,
) -> int:
    """Write the rows in force, after every decision, to a file; never a row of a sealed test.

    Args:
        file: To be written; its ending says the format where `--as` does not.
        folder: The project's folder.
        as_: messages, alpaca, sharegpt, prompt-completion, openai, csv, tsv, parquet or jsonl.
        side: train or valid; before the seal also all.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.export import export_account

        return export_account(project, file, as_, side)

    return answer(folder, verb, json=json)


def card(folder: Path = Path(), *, check: bool = False, json: bool = False) -> int:
    """Write a dataset card of the rows in force, with blanks for what only people know.

    Args:
        folder: The project's folder.
        check: Write nothing; say which parts nobody has written, and answer 1 while there are any.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.card import card_account, card_check

        return card_check(project) if check else card_account(project)

    return answer(folder, verb, json=json)
