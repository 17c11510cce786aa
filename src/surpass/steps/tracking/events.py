"""What is told of a run, its scores and its verdict; kept in the outbox, sent later."""

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from surpass.core.digest import digest_record
from surpass.core.records.run import Evaluation, Run
from surpass.core.records.tracking import (
    AnyEvent,
    Ended,
    Judged,
    Scored,
    Started,
)
from surpass.core.records.verdict import Gate, Verdict
from surpass.core.settings import Training, Tuning
from surpass.release.outbox import Outbox
from surpass.steps.project import Project


def outboxes(project: Project) -> dict[str, Outbox]:
    """One for each tracker of [track] to; none where tracking is off."""
    home = project.folder / ".surpass" / "outbox"
    return {name: Outbox(home / name) for name in project.settings.track.to}


def tell(project: Project, event: AnyEvent) -> None:
    """Keep an event for every tracker; nothing is sent here, so nothing waits for a network."""
    for outbox in outboxes(project).values():
        outbox.add(event)


def tell_started(project: Project, run: str, tuning: Tuning, training: Training) -> None:
    """A run begins or goes on.

    Args:
        project: The project.
        run: Digest of its recipe.
        tuning: The method.
        training: With the seed of this run.
    """
    if not project.settings.track.to:
        return
    settings = _flat({"tuning": tuning, "training": training}) | {
        "base": project.settings.model.base,
        "kind": project.settings.kind,
    }
    name = f"{project.settings.task.name} {run[:12]}"
    dataset = _newest_dataset(project)
    event = Started(run=run, key="run", at=_now(), name=name, settings=settings, dataset=dataset)
    tell(project, event)


def tell_ended(project: Project, run: str, found: Run, folder: Path) -> None:
    """A run ended well.

    Args:
        project: The project.
        run: Digest of its recipe.
        found: What is known of it.
        folder: Of the adapter or of the weights.
    """
    track = project.settings.track
    if not track.to:
        return
    values: dict[str, float | None] = {
        "run/first_loss": found.first_loss,
        "run/last_loss": found.last_loss,
        "run/seconds": found.seconds,
        "run/tokens": float(found.tokens),
        "run/steps": float(found.steps),
        "run/peak_memory_bytes": float(found.peak_memory_bytes),
        "run/trained_parameters": float(found.trained_parameters),
    }
    uploaded = str(folder.resolve()) if track.files else None
    event = Ended(run=run, key="run", at=_now(), values=values, folder=uploaded)
    tell(project, event)


def tell_scores(project: Project, candidate: str, models: Mapping[str, Evaluation]) -> None:
    """Models answered the validation rows.

    Args:
        project: The project.
        candidate: The model that is trained, as the ledger calls it.
        models: Every model's scores, by name.
    """
    if project.settings.track.to:
        values = score_values("valid", models)
        key = digest_record(values)  # other scores are another event
        event = Scored(run=run_of(candidate), key=key, at=_now(), values=values)
        tell(project, event)


def tell_verdict(
    project: Project,
    digest: str,
    candidate: str,
    verdict: Verdict,
    models: Mapping[str, Evaluation],
) -> None:
    """A verdict was given.

    Args:
        project: The project.
        digest: Of the verdict.
        candidate: The model that was judged, as the ledger calls it.
        verdict: With its gates.
        models: Every model's scores on the test, by name.
    """
    if not project.settings.track.to:
        return
    event = Judged(
        run=run_of(candidate),
        key=digest,
        at=_now(),
        outcome=verdict.outcome.value,
        headline=verdict.headline,
        verdict=digest,
        values=score_values("test", models) | _gate_values(verdict.gates),
    )
    tell(project, event)


def run_of(candidate: str) -> str:
    """The run in the ledger's name of a model, which ends with the content."""
    return candidate.rpartition(":")[0] or candidate


def score_values(side: str, models: Mapping[str, Evaluation]) -> dict[str, float | None]:
    """Scores by the name of a curve: side, model and metric."""
    return {
        f"{side}/{name.replace(':', '-')}/{metric}": value
        for name, record in models.items()
        for metric, value in record.scores.items()
    }


def _gate_values(gates: tuple[Gate, ...]) -> dict[str, float | None]:
    """Estimate and bounds of every gate."""
    found: dict[str, float | None] = {}
    for gate in gates:
        place = f"gate/{gate.role}/{gate.metric}" + (f"/{gate.slice}" if gate.slice else "")
        name = "".join(c if c.isascii() and (c.isalnum() or c in "_-./ ") else "-" for c in place)
        bounds = {
            "estimate": gate.bounds.estimate,
            "low": gate.bounds.low,
            "high": gate.bounds.high,
        }
        found |= {f"{name}/{what}": one for what, one in bounds.items() if one is not None}
    return found


def _flat(tree: object, place: str = "") -> dict[str, str]:
    """Settings by their dotted names."""
    built = msgspec.to_builtins(tree)
    if not isinstance(built, dict):
        return {place: str(built)}
    found: dict[str, str] = {}
    for name, value in built.items():
        found |= _flat(value, f"{place}.{name}" if place else name)
    return found


def _newest_dataset(project: Project) -> str:
    folders = project.objects.newest("dataset")
    return folders[0].name if folders else "none"


def _now() -> int:
    return time.time_ns() // 1_000_000
