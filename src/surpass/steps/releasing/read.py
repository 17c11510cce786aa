"""Which model is champion, and which ever was: read from the ledger, nothing is run or loaded."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

import msgspec

from surpass.core.records.decisions import Promotion, Rollback
from surpass.core.records.release import Moved, Release, Tenure
from surpass.steps.project import Project

RELEASES = "releases"  # folder in .surpass; one folder a release, named by its manifest's digest


class Move(NamedTuple):
    """One entry that made a model champion."""

    entry: str  # its digest
    release: Release  # with `since` as this entry says
    replaced: str | None  # name of the champion before it


def releases(project: Project) -> list[Release]:
    """Every release, the oldest first; rollbacks are none of them.

    Raises:
        BadInput: the ledger cannot be read.
    """
    return [
        _released(project, digest, entry.at, entry.body)
        for digest, entry in project.ledger.entries()
        if isinstance(entry.body, Promotion)
    ]


def champion(project: Project) -> Release | None:
    """The model that is live now, its `since` telling why; none: nothing was released.

    Raises:
        BadInput: the ledger cannot be read.
    """
    made = moves(project)
    return made[-1].release if made else None


def moves(project: Project) -> list[Move]:
    """Every time the champion changed, the oldest first.

    A rollback that names a release which is not there (its branch was not merged) changes nothing.
    """
    known: dict[str, Release] = {}
    made: list[Move] = []
    for digest, entry in project.ledger.entries():
        body, now = entry.body, None
        if isinstance(body, Promotion):
            now = known[digest] = _released(project, digest, entry.at, body)
        elif isinstance(body, Rollback) and body.release in known:
            now = _brought_back(known[body.release], entry.at, body)
        if now is not None:
            made.append(Move(digest, now, made[-1].release.name if made else None))
    return made


def standing(made: list[Move]) -> list[Release]:
    """The champions that a rollback can go back to, the present one last.

    Like a stack: a release is laid on top; going back to one takes off what lies above it. So two
    rollbacks in a row go back by two. One that was taken off and is named again is laid on top.
    """
    stack: list[Release] = []
    for move in made:
        release = move.release
        lying = [place for place, one in enumerate(stack) if one.entry == release.entry]
        if release.since.back is not None and lying:
            stack = [*stack[: lying[-1]], release]
        else:
            stack.append(release)
    return stack


def tenures(project: Project) -> tuple[Tenure, ...]:
    """Who was champion from when to when, the oldest first."""
    made = moves(project)
    ends = [move.release.since.at for move in made[1:]]
    return tuple(
        Tenure(
            name=move.release.name,
            model=move.release.model,
            since=move.release.since.at,
            until=until,
            by=move.release.since.by,
            because=because(move.release.since),
            verdict=move.release.since.verdict,
            forced=move.release.since.forced is not None,
            entry=move.entry,
        )
        for move, until in zip_longest(made, ends)
    )


def because(moved: Moved) -> str:
    """Why a model is champion, as one sentence."""
    judged = "no verdict" if moved.verdict is None else f"{moved.outcome} ({moved.verdict[:12]})"
    forced = f"Forced on {judged}: {moved.forced}" if moved.forced is not None else ""
    if moved.back is not None:
        return f"Rolled back: {moved.back}" + (f" It was forced: {moved.forced}" if forced else "")
    return forced or f"Verdict {judged}."


def forced_releases(project: Project) -> tuple[str, ...]:
    """What must be said for ever of models that were released without a PASS; nothing if none."""
    return tuple(_forced_sentences(releases(project)))


def _forced_sentences(made: list[Release]) -> Iterator[str]:
    for one in made:
        if one.since.forced is not None:
            judged = f"on {one.since.outcome}" if one.since.outcome else "without a verdict"
            yield (
                f"{one.name} was released {judged} by {one.since.by} at {one.since.at}: "
                f"{one.since.forced}"
            )


def _released(project: Project, digest: str, at: str, body: Promotion) -> Release:
    model = body.model
    return Release(
        model=model.digest,
        name=model.name,
        base=model.base,
        base_digest=model.base_digest,
        folder=project.folder / ".surpass" / RELEASES / body.files,
        form=model.form,
        kind=model.kind,
        labels=model.labels,
        prompt=model.prompt,
        floor=body.floor,
        since=Moved(
            at=at, by=body.by, verdict=body.verdict, outcome=body.outcome, forced=body.forced
        ),
        entry=digest,
    )


def _brought_back(release: Release, at: str, body: Rollback) -> Release:
    moved = msgspec.structs.replace(release.since, at=at, by=body.by, back=body.reason)
    return msgspec.structs.replace(release, since=moved)
