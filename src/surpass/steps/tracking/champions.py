"""Releases and rollbacks for the trackers, read from the ledger: none of them can be lost."""

from datetime import datetime
from pathlib import Path

from surpass.core.records.decisions import Judgement, Promotion, Rollback
from surpass.core.records.tracking import MovedBack, Released
from surpass.steps.project import Project
from surpass.steps.releasing.read import RELEASES
from surpass.steps.tracking.events import run_of, tell


def tell_champions(project: Project) -> None:
    """Keep an event for every release and rollback in the ledger that trackers were not told of."""
    if not project.settings.track.to:
        return
    runs: dict[str, str] = {}
    known: dict[str, Promotion] = {}
    for digest, entry in project.ledger.entries():
        body, at = entry.body, round(1000 * datetime.fromisoformat(entry.at).timestamp())
        if isinstance(body, Judgement):
            runs[body.verdict] = run_of(body.run)
        elif isinstance(body, Promotion):
            known[digest] = body
            run = runs.get(body.verdict or "", body.model.digest)
            tell(project, _released(project, digest, at, body, run))
        elif isinstance(body, Rollback) and body.release in known:
            tell(project, _moved_back(project, digest, at, body, known[body.release]))


def _released(project: Project, entry: str, at: int, body: Promotion, run: str) -> Released:
    tags = {
        "verdict": body.verdict or "none",
        "outcome": body.outcome or "none",
        "approved by": body.by,
        "base": body.model.base,
        **({} if body.forced is None else {"forced": body.forced}),
    }
    return Released(
        run=run,
        key=entry,
        at=at,
        task=body.model.task,
        model=body.model.digest,
        name=body.model.name,
        folder=str(_folder(project, body)),
        files=body.files,
        upload=project.settings.track.files,
        tags=tags,
    )


def _moved_back(
    project: Project, entry: str, at: int, body: Rollback, target: Promotion
) -> MovedBack:
    return MovedBack(
        run=target.model.digest,
        key=entry,
        at=at,
        task=target.model.task,
        model=target.model.digest,
        files=target.files,
        folder=str(_folder(project, target)),
        reason=body.reason,
    )


def _folder(project: Project, body: Promotion) -> Path:
    return (project.folder / ".surpass" / RELEASES / body.files).resolve()
