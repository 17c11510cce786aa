"""Commands for what people say the right answers are: `surpass label` and its parts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from surpass.cli import label_exchange_commands as exchange
from surpass.cli.edge import answer, print_result
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.labelling.start import Started
    from surpass.steps.project import Project

label = App(
    name="label",
    help="Let people say what the right answers are, here or in Label Studio or Prodigy.",
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)
label.command(exchange.export_rows, name="export")
label.command(exchange.import_answers, name="import")
label.command(exchange.push)
label.command(exchange.pull)


@label.command
def start(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    rows: Path | None = None,
    check: str | None = None,
    uncertain: bool = False,
    audit: int | None = None,
    predictions: Path | None = None,
    annotators: int | None = None,
    port: int = 8415,
    public: str | None = None,
    anew: bool = False,
    new_links: bool = False,
    links_only: bool = False,
    json: bool = False,
) -> int:
    """Deal rows out to annotators, and serve the labelling page on this machine until Ctrl-C.

    Answers are in answers/annotations.jsonl as soon as they are given. The same command goes on
    after a stop; links keep working. Test rows are never shown once they are sealed.

    Args:
        folder: The project's folder.
        rows: A file of new rows, a queue of `surpass explain --queue`, or a .txt file with one
            row's id a line; all rows of the project if absent.
        check: The rows that this check found, instead of a file.
        uncertain: Of the file's rows those first of which a linear model is least sure.
        audit: Instead: so many training rows, such as 50, drawn by chance alone; when all are
            judged they tell how many answers are wrong.
        predictions: A file of a model's answers to suggest; for training rows after the seal, and
            if [labelling] suggestions is on.
        annotators: How many people label; as [labelling] says if absent.
        port: Where to listen on 127.0.0.1; 0 takes any free port.
        public: Address under which a proxy reaches this server, such as https://label.example.org.
        anew: Make new tasks where there are some; earlier answers are kept.
        new_links: Withdraw all links and make new ones.
        links_only: Make tasks and links, and do not serve.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.rows import Wanted as WantedRows
        from surpass.steps.labelling.start import Wanted, only_labels
        from surpass.steps.labelling.start import start as work

        named = WantedRows(rows, check, predictions)
        with only_labels(folder):
            started = work(project, Wanted(named, uncertain, annotators, anew, new_links, audit))
            return _served(project, started, None if links_only else port, public, json=json)

    return answer(folder, verb, json=json, alone=False)


@label.command
def results(folder: Path = Path(), *, json: bool = False) -> int:
    """Say how far annotators agree, each against the others, and what they differ about.

    Args:
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.start import label_results

        return label_results(project)

    return answer(folder, verb, json=json, alone=False)


@label.command
def adjudicate(
    folder: Path = Path(),
    *,
    port: int = 8415,
    public: str | None = None,
    links_only: bool = False,
    json: bool = False,
) -> int:
    """Give one more person every row about which annotators differ, and serve the page.

    Args:
        folder: The project's folder.
        port: Where to listen on 127.0.0.1; 0 takes any free port.
        public: Address under which a proxy reaches this server.
        links_only: Make the task and the link, and do not serve.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.start import adjudicate as work
        from surpass.steps.labelling.start import only_labels

        with only_labels(folder):
            started = work(project)
            return _served(project, started, None if links_only else port, public, json=json)

    return answer(folder, verb, json=json, alone=False)


@label.command
def revoke(annotator: str, folder: Path = Path(), *, json: bool = False) -> int:
    """Make an annotator's link useless from now on, also while the server runs.

    Args:
        annotator: Who, such as annotator-2.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.start import withdraw

        found = withdraw(project, annotator)
        told = "the link no longer works" if found else "no link was in use"
        return Account(title="Label", headline=f"{annotator}: {told}.")

    return answer(folder, verb, json=json, alone=False)


@label.command
def apply(
    folder: Path = Path(), *, pool: Path | None = None, agreed_by: int = 1, json: bool = False
) -> int:
    """Decide on rows by what people agree on or an adjudicator settled, and write new rows.

    An answer to a row of [data] becomes a decision in answers/decisions.jsonl; labelled rows of a
    pool are written to labelled/NAME.jsonl. Rows that judge a model are left alone once sealed.

    Args:
        folder: The project's folder.
        pool: The file whose rows were labelled; the one dealt out last if absent.
        agreed_by: How many people must have said the same about a row.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.apply import apply_labels

        return apply_labels(project, pool, agreed_by)

    return answer(folder, verb, json=json)


@label.command
def listen(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    url: str | None = None,
    number: Annotated[int, Parameter("--project")],
    port: int = 8416,
    public: str | None = None,
    every: int = 300,
    json: bool = False,
) -> int:
    """Pull from a running Label Studio whenever its webhook calls, and every so often anyway.

    The webhook must send the header X-Surpass-Secret with what the environment variable
    SURPASS_HOOK_SECRET holds. A call is a hint: what people said is always read from the server.

    Args:
        folder: The project's folder.
        url: Address of the Label Studio; LABEL_STUDIO_URL if absent.
        number: The project there.
        port: Where to listen on 127.0.0.1; 0 takes any free port.
        public: Address under which a proxy reaches this server.
        every: Seconds between two pulls if nothing calls.
        json: Print the accounts as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.labelling.exchange import pull as work
        from surpass.steps.labelling.listening import Puller, required_secret
        from surpass.steps.tell.label import heard_account, listening_account
        from surpass.web.serve import serve_hints

        def told(account: Account) -> None:
            print_result(account, json=json)

        secret = required_secret()
        puller = Puller(lambda: work(project, url, number), told, every_seconds=max(1, every))
        ready = lambda address: told(listening_account(address, max(1, every)))  # noqa: E731
        return heard_account(serve_hints(puller, secret, port, public, ready))

    return answer(folder, verb, json=json, alone=False)


def _served(
    project: "Project", started: "Started", port: int | None, public: str | None, *, json: bool
) -> Account:
    """Show the links; unless only they were wanted, serve until somebody stops it."""
    from surpass.steps.tell.label import links_account, stopped_account

    days = project.settings.labelling.link_days
    if port is None:
        links = {person: f"/r/{secret}" for person, secret in started.secrets.items()}
        return links_account(started.queue, links, days)
    from surpass.web.serve import serve_labelling

    def ready(beginning: str) -> None:
        links = {person: beginning + secret for person, secret in started.secrets.items()}
        print_result(links_account(started.queue, links, days), json=json)

    return stopped_account(serve_labelling(project.folder, port, public, ready))
