"""The command that watches production: `surpass watch`, and `surpass watch silence`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from surpass.cli.edge import guarded
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.steps.watching.verb import Wish

watch = App(
    name="watch",
    help="Watch a model in production: accuracy, drift in words, alerts that are right.",
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)


@watch.default
def run(  # noqa: PLR0913 (each is an option of the command)
    folder: Path = Path(),
    *,
    log: Path | None = None,
    reference: Path | None = None,
    every: float | None = None,
    passes: int | None = None,
    page: Path | None = None,
    metrics: Path | None = None,
    json: bool = False,
) -> int:
    """Say what changed in production, since when, how sure that is, and what it costs.

    Reads the journal of `surpass serve`, or a log of your own; the folder then need not be a
    project. Exit status: 0 nothing needs a person, 1 a page goes on, 2 cannot tell.

    Args:
        folder: The project's folder; alerts are kept under its .surpass/alerts.
        log: A log of requests, one JSON object a line with a time and an input.
        reference: A log that the traffic is compared with; the release's first requests if absent.
        every: Do a pass every so many seconds, until Ctrl-C.
        passes: Stop after so many passes.
        page: Write the account to this HTML file too.
        metrics: Write the numbers for Prometheus to this file.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from surpass.steps.watching.verb import watch_account

        return watch_account(_wish(folder, log, reference, page, metrics))

    status = guarded(work, json=json, folder=folder)
    done = 1
    while every is not None and status < 3 and done != passes:
        time.sleep(max(1.0, every))
        status = guarded(work, json=json, folder=folder)
        done += 1
    return status


@watch.command
def silence(
    name: str, folder: Path = Path(), *, reason: str, hours: float = 24.0, json: bool = False
) -> int:
    """Tell nobody of some alerts for a while; who wanted it and why is written down.

    Args:
        name: An alert's name, a trouble (`drift`, `floor`, `labels`, `confidence` or `estimate`),
            or `all`.
        folder: The project's folder.
        reason: Why.
        hours: For how long.
        json: Print the account as JSON.
    """

    def work() -> Account:
        from surpass.steps.watching.verb import silenced_account

        return silenced_account(folder, name, hours, reason)

    return guarded(work, json=json, folder=folder)


def _wish(
    folder: Path, log: Path | None, reference: Path | None, page: Path | None, metrics: Path | None
) -> "Wish":
    from surpass.steps.watching.verb import Wish

    return Wish(folder, log, reference, page, metrics)
