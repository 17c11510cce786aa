"""surpass experiment start, ramp and stop: what moves traffic, each an entry of the ledger."""

import secrets
from typing import NamedTuple

from surpass.core.assignment import SALT_DIGITS
from surpass.core.environment import user_name
from surpass.core.errors import BadInput, Refused
from surpass.core.records.experiment import (
    ExperimentEnd,
    ExperimentRamp,
    ExperimentStart,
    RunningExperiment,
)
from surpass.prove.experiment import REVISION
from surpass.steps.experimenting.metrics import resolved
from surpass.steps.experimenting.running import require_running, running_experiment
from surpass.steps.experimenting.standing import Standing
from surpass.steps.project import Project
from surpass.steps.releasing.read import champion, releases

BASE = "base"


class Wanted(NamedTuple):
    """What `surpass experiment start` was asked for."""

    challenger: str
    primary: str
    share: float = 0.5
    champion: str | None = None  # none: the project's; named: both models are served elsewhere


def start(project: Project, wanted: Wanted) -> ExperimentStart:
    """Seal metric, guards, margin and rule in the ledger; from then on units are assigned.

    Raises:
        Refused: an experiment runs, or nothing is released.
        BadInput: no such release, share or metric.
    """
    _require_none_runs(project)
    first, second = _models(project, wanted)
    plan, metrics = resolved(project.settings.experiment, wanted.primary)
    body = ExperimentStart(
        experiment=f"e-{secrets.token_hex(6)}",
        champion=first,
        challenger=second,
        share=_share(wanted.share),
        salt=secrets.token_hex(SALT_DIGITS // 2),
        primary=wanted.primary,
        metrics=metrics,
        plan=plan,
        rule=REVISION,
        by=user_name(),
    )
    project.ledger.append(body)
    return body


def ramp(project: Project, share: float) -> RunningExperiment:
    """Give the challenger a larger share; whoever had it keeps it.

    Raises:
        Refused: no experiment runs, or the share would shrink.
    """
    running = require_running(project)
    present = running.periods[-1].share
    if _share(share) <= present:
        raise Refused(
            f"The challenger has {present:g} of the units; {share:g} would take it away from "
            "some that have it.",
            fix="Name a larger share, or end the experiment: `surpass experiment stop`.",
        )
    body = ExperimentRamp(experiment=running.started.experiment, share=share, by=user_name())
    project.ledger.append(body)
    return require_running(project)


def stop(project: Project, reason: str | None, standing: Standing) -> ExperimentEnd:
    """End the experiment as it stands; the champion has all traffic from now on.

    Args:
        project: The project.
        reason: Why, where the rule says to keep going.
        standing: Of the running experiment, just now.

    Raises:
        Refused: nothing is decided yet, and no reason was given.
    """
    decided = standing.decided
    if decided.decision == "keep going" and not (reason and reason.strip()):
        raise Refused(
            "The rule says to keep going: " + decided.why,
            fix='Wait, or say why you stop: `surpass experiment stop --reason "…"`.',
        )
    band = standing.primary.band
    body = ExperimentEnd(
        experiment=standing.experiment.started.experiment,
        decision=decided.decision,
        headline=decided.why,
        champion_units=band.champion_units,
        challenger_units=band.challenger_units,
        gain=band.gain,
        low=band.low,
        high=band.high,
        reason=reason,
        by=user_name(),
    )
    project.ledger.append(body)
    return body


def _require_none_runs(project: Project) -> None:
    found = running_experiment(project)
    if found is not None:
        raise Refused(
            f"{found.started.experiment} runs since {found.periods[0].start}.",
            fix="One at a time: end it with `surpass experiment stop`.",
        )


def _models(project: Project, wanted: Wanted) -> tuple[str, str]:
    """Names of champion and challenger.

    Raises:
        Refused: nothing is released and no champion was named.
        BadInput: no such release, or both are one.
    """
    if wanted.champion is not None:
        first, second = wanted.champion, wanted.challenger
    else:
        present = champion(project)
        if present is None:
            raise Refused(
                "Nothing is released, so there is no champion.",
                fix="Run `surpass release`; behind a gateway of your own name it with --champion.",
            )
        first, second = present.name, _known(project, wanted.challenger)
    if first == second:
        raise BadInput(f"{first} is the champion already.", fix="Name another model.")
    return first, second


def _known(project: Project, name: str) -> str:
    known = dict.fromkeys([*(one.name for one in releases(project)), BASE])
    if name not in known:
        raise BadInput(f"There is no release {name!r}.", fix=f"Name one of {', '.join(known)}.")
    return name


def _share(share: float) -> float:
    if not 0.0001 <= share <= 0.9999:
        raise BadInput(f"A share of {share:g} is none.", fix="Name one between 0 and 1.")
    return share
