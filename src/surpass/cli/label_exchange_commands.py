"""Commands that carry rows to Label Studio and Prodigy, and answers back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def export_rows(  # noqa: PLR0913 (each is an option of the command)
    file: Path,
    folder: Path = Path(),
    *,
    to: Literal["label-studio", "prodigy"],
    rows: Path | None = None,
    check: str | None = None,
    predictions: Path | None = None,
    json: bool = False,
) -> int:
    """Write rows as tasks for Label Studio or Prodigy; test rows never, once they are sealed.

    Args:
        file: Where to write; Label Studio's labelling interface is written beside it as .xml.
        folder: The project's folder.
        to: The program.
        rows: A queue of `surpass explain --queue`, or a .txt file with one row's id a line; all
            rows if absent.
        check: The rows that this check found, instead of a file.
        predictions: A file of a model's answers to propose, for training rows and queues only.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.exchange import export_to
        from surpass.steps.labelling.rows import Wanted

        return export_to(project, file, to, Wanted(rows, check, predictions))

    return answer(folder, verb, json=json)


def import_answers(file: Path, folder: Path = Path(), *, json: bool = False) -> int:
    """Take in what Label Studio exported as JSON, or Prodigy with db-out; only what is new counts.

    Answers are kept in answers/annotations.jsonl. One about an input that has changed since is
    stale: kept, counted, not applied.

    Args:
        file: The exported file; may be taken in again.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.exchange import import_from

        return import_from(project, file)

    return answer(folder, verb, json=json)


def push(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    url: str | None = None,
    number: Annotated[int | None, Parameter("--project")] = None,
    people: int = 1,
    rows: Path | None = None,
    check: str | None = None,
    predictions: Path | None = None,
    json: bool = False,
) -> int:
    """Put rows into a running Label Studio; those that are there unchanged are not sent again.

    The token is read from the environment variable LABEL_STUDIO_API_KEY.

    Args:
        folder: The project's folder.
        url: Address of the Label Studio; LABEL_STUDIO_URL if absent.
        number: The project there; a new one with our labelling interface if absent.
        people: How many people annotate each row of a new project.
        rows: A queue of `surpass explain --queue`, or a .txt file with one row's id a line; all
            rows if absent.
        check: The rows that this check found, instead of a file.
        predictions: A file of a model's answers to propose, for training rows and queues only.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.exchange import push as work
        from surpass.steps.labelling.rows import Wanted

        return work(project, url, number, Wanted(rows, check, predictions), people=people)

    return answer(folder, verb, json=json)


def pull(
    folder: Path = Path(),
    *,
    url: str | None = None,
    number: Annotated[int, Parameter("--project")],
    json: bool = False,
) -> int:
    """Take in what people said in a running Label Studio; again takes in only what is new.

    The token is read from the environment variable LABEL_STUDIO_API_KEY.

    Args:
        folder: The project's folder.
        url: Address of the Label Studio; LABEL_STUDIO_URL if absent.
        number: The project there.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.exchange import pull as work

        return work(project, url, number)

    return answer(folder, verb, json=json)
