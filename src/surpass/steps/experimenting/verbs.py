"""What each part of `surpass experiment` does, told as an account."""

from pathlib import Path

import msgspec

from surpass.core.account import Account, Fact
from surpass.core.environment import moment
from surpass.core.errors import Refused
from surpass.core.records.experiment import Conclusion, ExperimentStart
from surpass.core.wording import counted
from surpass.steps.experimenting.import_log import import_log
from surpass.steps.experimenting.outbox import take_in
from surpass.steps.experimenting.running import last_experiment, require_running
from surpass.steps.experimenting.standing import standing_of
from surpass.steps.experimenting.start import Wanted, ramp, start, stop
from surpass.steps.experimenting.tell import (
    ended_account,
    none_account,
    started_account,
    status_account,
)
from surpass.steps.project import Project
from surpass.steps.releasing.read import releases
from surpass.steps.releasing.rollback import Back, rollback


def start_experiment(project: Project, wanted: Wanted) -> Account:
    """Seal an experiment, and let it run."""
    body = start(project, wanted)
    account = started_account(require_running(project), what=f"{body.experiment} runs.")
    return msgspec.structs.replace(account, warnings=_not_wise(body))


def ramp_experiment(project: Project, share: float) -> Account:
    """Give the challenger more."""
    return started_account(ramp(project, share), what="Ramped.")


def experiment_status(project: Project, kpi: Path | None) -> Account:
    """What the running experiment amounts to, or how the last one ended."""
    one = last_experiment(project)
    if one is None:
        return none_account()
    all_in = take_in(project)
    return status_account(standing_of(project, one, moment(), kpi), all_in=all_in)


def stop_experiment(
    project: Project, reason: str | None, kpi: Path | None, *, promote: bool
) -> Account:
    """End the running experiment; a challenger that won may become champion at once.

    Raises:
        Refused: nothing is decided and no reason was given, or what did not win shall be promoted.
    """
    one = require_running(project)
    take_in(project)
    now = standing_of(project, one, moment(), kpi)
    won = now.decided.decision is Conclusion.WINS
    if promote and not won:
        raise Refused(
            f"It says: {now.decided.decision}. Only a challenger that wins is promoted.",
            fix="Leave --promote out.",
        )
    ended = stop(project, reason, now)
    started, promoted, how = one.started, False, ""
    if won and any(found.name == started.challenger for found in releases(project)):
        how = f"surpass rollback --to {started.challenger}"
        if promote:
            why = f"{started.experiment}: {ended.headline}"
            rollback(project, Back(to=started.challenger, reason=why))
            promoted = True
    elif won and releases(project):
        how = "surpass release"
    return ended_account(now, ended, promoted=promoted, how=how)


def import_experiment_log(project: Project, file: Path) -> Account:
    """Take in a log of another gateway."""
    found = import_log(project, file)
    left_out = counted(found.left_out, "object was no request", "objects were no requests")
    return Account(
        title="Import",
        headline=f"{counted(found.requests, 'request')} and {counted(found.votes, 'vote')} are in "
        "the journal now.",
        facts=(
            Fact(label="of the experiment", value=f"{found.of_experiment:,}"),
            Fact(label="known before", value=f"{found.known:,}"),
        ),
        warnings=(f"{left_out}, and left out.",) if found.left_out else (),
        next_command="surpass experiment status",
    )


def _not_wise(body: ExperimentStart) -> tuple[str, ...]:
    """What cannot be changed any more, and might surprise."""
    said = []
    if body.primary not in body.plan.metrics and body.primary not in ("errors", "refusals"):
        said.append(
            f"`{body.primary}` is declared nowhere: it is the share of units that give a feedback "
            "of that name, true or above 0."
        )
    if body.plan.equal is None:
        said.append("No band is declared ([experiment] equal): it can never end as equal.")
    return tuple(said)
