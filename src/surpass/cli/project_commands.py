"""Commands about rows, criteria and the plan."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from surpass.cli.edge import answer, guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def init(
    file: Path,
    folder: Path = Path(),
    *,
    input: str | None = None,  # noqa: A002 (the name of the option)
    output: str | None = None,
    dvc: bool = False,
    json: bool = False,
) -> int:
    """Look at a file of rows, infer the task, and write a commented surpass.toml.

    Args:
        file: CSV, TSV, JSONL, Parquet or a folder; chats, Alpaca, ShareGPT and pairs are known.
        folder: Where the project is to be.
        input: The column that the model is given; guessed if absent.
        output: The column that it must answer; guessed if absent.
        dvc: Also make DVC's files, as `dvc init` does: each kept version is then in its cache.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from surpass.steps.init import init as make

        return make(file, folder, input_column=input, output_column=output, dvc=dvc)

    return guarded(work, json=json, folder=folder)


def check(folder: Path = Path(), *, json: bool = False) -> int:
    """Say what is wrong with the rows, in order of what it costs, with the rows in hand.

    Args:
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.check import check_account

        return check_account(project)

    return answer(folder, verb, json=json)


def fix(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    drop: str | None = None,
    accept: str | None = None,
    mitigate: Literal["reweigh", "counterfactual", "collect", "relabel"] | None = None,
    undo: tuple[str, ...] = (),
    by: str = "",
    reason: str = "",
    json: bool = False,
) -> int:
    """Decide what can be decided without loss; each decision keeps its reason and can be undone.

    Args:
        folder: The project's folder.
        drop: Instead: drop the rows that this check shows, such as near_duplicates.
        accept: Instead: put in what this check proposes, such as the masks of personal_data.
        mitigate: Instead: add to training what evens groups out, `reweigh` by copies of rows until
            groups get answers alike, `counterfactual` by rows with the terms of [fairness] swaps
            swapped; or write a list, `collect` of rows that groups lack, `relabel` of rows to look
            at. Valid and test stay as they are.
        undo: Instead: take back what was decided on a row; `all`: everything surpass itself did;
            `reweigh` or `counterfactual`: what that added.
        by: Who decides; needed to drop, to accept, to add and to undo.
        reason: Why; without it the check's own words are kept.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.fix import accept_proposed, drop_found, fix_account
        from surpass.steps.fix import undo as take_back
        from surpass.steps.mitigated import mitigated, taken_back

        if drop is not None:
            return fix_account(project, lambda p: drop_found(p, drop, by=by, reason=reason))
        if accept is not None:
            return fix_account(project, lambda p: accept_proposed(p, accept, by=by, reason=reason))
        if mitigate is not None:
            return mitigated(project, mitigate, by=by, reason=reason)
        if undo:
            told = taken_back(project, undo, by=by, reason=reason)
            return told or fix_account(project, lambda p: take_back(p, undo, by=by, reason=reason))
        return fix_account(project)

    return answer(folder, verb, json=json)


def split(folder: Path = Path(), *, extend_test: Path | None = None, json: bool = False) -> int:
    """Deal rows out into train, valid and a sealed test; groups and near-duplicates stay together.

    Args:
        folder: The project's folder.
        extend_test: A file of new labelled rows, in the project's folder, that becomes the test;
            the rows of the old test stay out of training for ever.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.extend_test import extend_account
        from surpass.steps.split import split_account

        if extend_test is not None:
            return extend_account(project, extend_test)

        return split_account(project)

    return answer(folder, verb, json=json)


def seal(folder: Path = Path(), *, amend: str | None = None, json: bool = False) -> int:
    """Fix the criteria and the test in the ledger, and say what this test can prove.

    Args:
        folder: The project's folder.
        amend: Replace an earlier seal, for this reason; it is shown on every report.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.seal import said_seal

        return said_seal(project, amend=amend)

    return answer(folder, verb, json=json)


def status(
    folder: Path = Path(), *, verify: bool = False, head: str | None = None, json: bool = False
) -> int:
    """Say what is done, what is stale, and what comes next.

    Args:
        folder: The project's folder.
        verify: Follow the ledger's chain of digests and say what it proves.
        head: A digest from a report; finds cuts and rewrites of the ledger.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.status import status_account

        return status_account(project, check_ledger=verify, head=head)

    return answer(folder, verb, json=json, alone=False)


def show(
    folder: Path = Path(), *, tokens: bool = False, schema: bool = False, json: bool = False
) -> int:
    """Print every setting in force and where it comes from.

    Args:
        folder: The project's folder.
        tokens: Show the first training rows as tokens instead, those with loss marked.
        schema: Print the JSON Schema of surpass.toml instead, for editors; needs no project.
        json: Print the account as JSON.
    """
    if schema:
        from surpass.core.settings.schema import settings_schema

        print(settings_schema(), end="")
        return 0

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.show import show_account
        from surpass.steps.tokens import tokens_account

        return tokens_account(project) if tokens else show_account(project)

    return answer(folder, verb, json=json, alone=False)
