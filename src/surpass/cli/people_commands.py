"""Commands for what people judge: `surpass rate` and its parts."""

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from surpass.cli.edge import answer, print_result
from surpass.core.account import Account
from surpass.core.errors import BadInput

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project
    from surpass.steps.rating.start import Started

rate = App(
    name="rate",
    help="Let people compare two models' answers blind, and say what their answers amount to.",
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)


@rate.command
def start(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    first: Path | None = None,
    second: Path | None = None,
    raters: int | None = None,
    port: int = 8414,
    public: str | None = None,
    anew: bool = False,
    new_links: bool = False,
    links_only: bool = False,
    on_test: bool = False,
    json: bool = False,
) -> int:
    """Make tasks and personal links, and serve the rating pages on this machine until Ctrl-C.

    Answers are in answers/ratings.jsonl as soon as they are given. The same command goes on after
    a stop; links keep working.

    Args:
        folder: The project's folder.
        first: A file of answers to compare (CSV, TSV, JSONL or Parquet); the base's best rung on
            the validation rows if absent.
        second: The other file; the tuned model if absent.
        raters: How many people rate; as [rating] says if absent.
        port: Where to listen on 127.0.0.1; 0 takes any free port.
        public: Address under which a proxy reaches this server, such as https://rate.example.org.
        anew: Make new tasks where there are some; earlier answers are kept.
        new_links: Withdraw all links and make new ones.
        links_only: Make tasks and links, and do not serve.
        on_test: Compare answers to the sealed test rows, which a sealed preference needs: once for
            this model, after its first verdict; the test judges no model that comes later.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.start import Wanted, only_desk
        from surpass.steps.rating.start import start as work

        with only_desk(project):
            started = work(project, Wanted(_both(first, second), raters, anew, new_links, on_test))
            return _served(project, started, None if links_only else port, public, json=json)

    return answer(folder, verb, json=json, alone=False)


@rate.command
def results(folder: Path = Path(), *, json: bool = False) -> int:
    """Say how far raters agree, whom they prefer, and what may have bent it.

    Exit status 0: the second model is preferred for sure; 1: the first one is; 2: cannot tell.

    Args:
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.start import rating_results

        return rating_results(project)

    return answer(folder, verb, json=json, alone=False)


@rate.command
def judge(
    folder: Path = Path(),
    *,
    first: Path | None = None,
    second: Path | None = None,
    json: bool = False,
) -> int:
    """Let the model that [judge] names compare the raters' rows and more, in both orders.

    Asks its endpoint; what it answered is never asked again. What it says decides only as far as
    people correct it, whose rows were drawn before it was asked: see `surpass rate results`.

    Args:
        folder: The project's folder.
        first: A file of answers, as for `rate start`; the base's best rung if absent.
        second: The other file; the tuned model if absent.
        json: Print the account as JSON.
    """

    def verb(project: "Project", bar: "Progress") -> Account:
        from surpass.steps.judging.start import judge_account

        return judge_account(project, _both(first, second), bar)

    return answer(folder, verb, json=json)


@rate.command
def adjudicate(
    folder: Path = Path(), *, port: int = 8414, public: str | None = None, json: bool = False
) -> int:
    """Give one more person every comparison on which raters disagree, and serve the pages.

    Args:
        folder: The project's folder.
        port: Where to listen on 127.0.0.1; 0 takes any free port.
        public: Address under which a proxy reaches this server.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.start import adjudicate as work
        from surpass.steps.rating.start import only_desk

        with only_desk(project):
            return _served(project, work(project), port, public, json=json)

    return answer(folder, verb, json=json, alone=False)


@rate.command
def revoke(rater: str, folder: Path = Path(), *, json: bool = False) -> int:
    """Make a rater's link useless from now on, also while the server runs.

    Args:
        rater: Who, such as rater-2.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.start import withdraw

        found = withdraw(project, rater)
        told = "the link no longer works" if found else "no link was in use"
        return Account(title="Rate", headline=f"{rater}: {told}.")

    return answer(folder, verb, json=json, alone=False)


@rate.command(name="export")
def export_tasks(file: Path, folder: Path = Path(), *, json: bool = False) -> int:
    """Write the comparisons as Label Studio tasks for its pairwise template, without model names.

    Args:
        file: Where to write; the labelling configuration is written beside it as .xml.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.exchange import export_to

        return export_to(project, file)

    return answer(folder, verb, json=json, alone=False)


@rate.command(name="import")
def import_answers(file: Path, folder: Path = Path(), *, json: bool = False) -> int:
    """Take in what Label Studio exported as JSON after people rated the exported tasks there.

    Args:
        file: The exported JSON; may be taken in again, only what is new counts.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.rating.exchange import import_from

        return import_from(project, file)

    return answer(folder, verb, json=json, alone=False)


def _both(first: Path | None, second: Path | None) -> tuple[Path, Path] | None:
    """Two files of answers, or none.

    Raises:
        BadInput: only one was named.
    """
    if first is not None and second is not None:
        return first, second
    if first is None and second is None:
        return None
    raise BadInput("One file of answers was named.", fix="Name both, or neither.")


def _served(
    project: "Project", started: "Started", port: int | None, public: str | None, *, json: bool
) -> Account:
    """Show the links; unless only they were wanted, serve until somebody stops it."""
    from surpass.steps.tell.rate import links_account, stopped_account

    days = project.settings.rating.link_days
    if port is None:
        links = {rater: f"/r/{secret}" for rater, secret in started.secrets.items()}
        return links_account(started.queue, links, days)
    from surpass.web.serve import serve_rating

    def ready(beginning: str) -> None:
        links = {rater: beginning + secret for rater, secret in started.secrets.items()}
        print_result(links_account(started.queue, links, days), json=json)

    return stopped_account(serve_rating(project.folder, port, public, ready))
