"""Commands for champion against challenger on live traffic: `surpass experiment` and its parts."""

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from surpass.cli.edge import answer
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project

experiment = App(
    name="experiment",
    help="Give a challenger a share of the live traffic, and say when it is sure to be better.",
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)


@experiment.command
def start(
    folder: Path = Path(),
    *,
    challenger: str,
    primary: str,
    share: float = 0.5,
    champion: str | None = None,
    json: bool = False,
) -> int:
    """Seal metric, guards, margin and rule in the ledger, and give the challenger its share.

    Nothing of it can be chosen later. A server that runs follows at once.

    Args:
        folder: The project's folder.
        challenger: Name of the release that is tried, or `base`.
        primary: The metric that decides: a name from [experiment.metrics], one that the journal
            knows (errors, refusals, slow, cost, tokens), or the name of a feedback.
        share: Of the units, for the challenger; 0.1 to be careful, 0.5 to be quick.
        champion: The model to beat; the champion if absent. Name it where both models are served
            by a gateway of your own: their names are then free.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.experimenting.start import Wanted
        from surpass.steps.experimenting.verbs import start_experiment

        return start_experiment(project, Wanted(challenger, primary, share, champion))

    return answer(folder, verb, json=json)


@experiment.command
def ramp(share: float, folder: Path = Path(), *, json: bool = False) -> int:
    """Give the challenger a larger share; whoever had it keeps it.

    Effects are computed within each time of constant shares, and then combined.

    Args:
        share: Of the units, larger than before.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.experimenting.verbs import ramp_experiment

        return ramp_experiment(project, share)

    return answer(folder, verb, json=json)


@experiment.command
def status(folder: Path = Path(), *, kpi: Path | None = None, json: bool = False) -> int:
    """Say what the experiment amounts to: keep going, challenger wins, loses, equal, or broken.

    Its bounds hold at all looks together, so look as often as you like. Exit status 0: the
    challenger wins; 1: it loses, or is equal; 2: keep going, or broken.

    Args:
        folder: The project's folder.
        kpi: Numbers of yours by unit: CSV, JSONL or Parquet with columns `unit` and `at`.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.experimenting.verbs import experiment_status

        return experiment_status(project, kpi)

    return answer(folder, verb, json=json, alone=False)


@experiment.command
def stop(
    folder: Path = Path(),
    *,
    reason: str | None = None,
    promote: bool = False,
    kpi: Path | None = None,
    json: bool = False,
) -> int:
    """End the experiment: the champion has all traffic again, and the ledger has the result.

    Exit status as for `experiment status`.

    Args:
        folder: The project's folder.
        reason: Why it ends before anything is decided.
        promote: Make a challenger that wins champion at once.
        kpi: Numbers of yours by unit, as for `experiment status`.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.experimenting.verbs import stop_experiment

        return stop_experiment(project, reason, kpi, promote=promote)

    return answer(folder, verb, json=json)


@experiment.command(name="import")
def import_log(file: Path, folder: Path = Path(), *, json: bool = False) -> int:
    """Take in a log of another gateway: OpenAI completions as JSONL, or traces as OTLP JSON.

    Args:
        file: The log; may be taken in again, only what is new counts.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.experimenting.verbs import import_experiment_log

        return import_experiment_log(project, file)

    return answer(folder, verb, json=json)
