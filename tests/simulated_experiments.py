"""A week of traffic for an experiment, seeded, written to a real journal as a server would."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from surpass.core.assignment import CHALLENGER, CHAMPION, arm_of
from surpass.core.digest import canonical_json
from surpass.core.records.decisions import Entry
from surpass.core.records.experiment import ExperimentStart
from surpass.core.records.journal import Entry as Journaled
from surpass.core.records.journal import Exposure, Feedback, Finished, Started
from surpass.steps.experimenting.running import last_experiment, moment_of
from surpass.steps.experimenting.start import Wanted, ramp, start
from surpass.steps.project import Project, open_project
from surpass.store.journal import Journal
from surpass.store.ledger import FILE_NAME

TOML = """
[task]
name = "tickets"
kind = "classify"
input = "text"
output = "label"
[data]
train = ["rows.csv"]
"""
NOW = datetime.now(UTC).replace(microsecond=0)
MODELS = {CHAMPION: "tickets@aaaaaaaaaaaa", CHALLENGER: "tickets@bbbbbbbbbbbb"}
SALT = "7" * 32
Split = Callable[[ExperimentStart, str, float], str | None]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """How one model does in production."""

    solved: float = 0.6  # share of units that say so
    fails: float = 0.02  # share of its requests
    answers: float = 1.0  # share of units that give the feedback `stars`
    stars: float = 0.6  # mean, 0 to 1


class Visit(msgspec.Struct, frozen=True):
    """A unit meets an experiment."""

    started: ExperimentStart
    unit: str
    arm: str
    share: float  # the challenger's
    at: datetime


def fair(started: ExperimentStart, unit: str, share: float) -> str:
    return arm_of(started.salt, unit, share)


def loses_some(started: ExperimentStart, unit: str, share: float) -> str | None:
    """A split that loses a fifth of the challenger's units before they are counted."""
    arm = arm_of(started.salt, unit, share)
    return None if arm == CHALLENGER and unit.endswith(("3", "7")) else arm


def project_with(folder: Path, settings: str = "") -> Project:
    (folder / "surpass.toml").write_text(TOML + settings, encoding="utf-8")
    return open_project(folder)


def begun(project: Project, *, primary: str = "solved", share: float = 0.5, days: float = 7):
    """Start an experiment as if it were so many days ago, with a salt that is always the same."""
    start(project, Wanted(MODELS[CHALLENGER], primary, share, champion=MODELS[CHAMPION]))
    rewritten(project.folder, NOW - timedelta(days=days), salt=SALT)
    return last_experiment(project)


def ramped(project: Project, share: float, *, days: float):
    """The same for a ramp."""
    ramp(project, share)
    rewritten(project.folder, NOW - timedelta(days=days))
    return last_experiment(project)


def rewritten(folder: Path, at: datetime, *, salt: str | None = None) -> None:
    """Give the ledger's last entry another moment, and salt; nothing follows it yet."""
    path = folder / FILE_NAME
    *before, last = path.read_bytes().splitlines()
    entry = msgspec.json.decode(last, type=Entry)
    body = entry.body if salt is None else msgspec.structs.replace(entry.body, salt=salt)
    moved = msgspec.structs.replace(entry, at=at.isoformat(), body=body)
    path.write_bytes(b"".join(line + b"\n" for line in [*before, canonical_json(moved)]))


def traffic(
    project: Project,
    models: dict[str, Model],
    *,
    units: int = 1_500,
    days: float = 7,
    split: Split = fair,
    seed: int = 0,
) -> None:
    """Write what a week brought: each unit asks once or twice, and says what it thinks."""
    rng, one = np.random.default_rng(seed), last_experiment(project)
    shares = [(moment_of(period.start), period.share) for period in one.periods]
    entries: list[Journaled] = []
    for number, day in enumerate(np.sort(rng.random(units)) * days):
        at, unit = NOW - timedelta(days=days - float(day)), f"user-{number}"
        share = [share for since, share in shares if since <= at][-1]
        arm = split(one.started, unit, share)
        if arm is not None:
            entries += visited(rng, Visit(one.started, unit, arm, share, at), models[arm])
    written(project, entries)


def written(project: Project, entries: list[Journaled]) -> None:
    with Journal.open(project.folder, writer=True) as journal:
        for place in range(0, len(entries), 1_000):
            journal.write(*entries[place : place + 1_000])


def visited(rng: np.random.Generator, visit: Visit, model: Model) -> Iterator[Journaled]:
    """What one unit leaves."""
    yield met(visit)
    for turn in range(int(rng.integers(1, 3))):
        yield from asked(visit, turn, "failed" if rng.random() < model.fails else "finished", rng)
    last = visit.at + timedelta(hours=12)
    if rng.random() < model.solved:
        yield vote(visit.unit, "solved", 1.0, last)
    if rng.random() < model.answers:
        yield vote(visit.unit, "stars", float(rng.binomial(4, model.stars)) / 4, last)


def met(visit: Visit) -> Exposure:
    return Exposure(
        experiment=visit.started.experiment,
        unit=visit.unit,
        arm=visit.arm,
        share=visit.share if visit.arm == CHALLENGER else 1 - visit.share,
        at=visit.at,
        request=f"{visit.unit}-0",
    )


def asked(visit: Visit, turn: int, status: str, rng: np.random.Generator) -> Iterator[Journaled]:
    request = f"{visit.unit}-{turn}"
    yield Started(
        request=request,
        task="tickets",
        at=visit.at + timedelta(hours=3 * turn),
        unit=visit.unit,
        model="champion",
        release=MODELS[visit.arm],
        experiment=visit.started.experiment,
        arm=visit.arm,
        key="app" if int(visit.unit[5:]) % 3 else "web",
    )
    yield Finished(
        request=request,
        status=status,
        finish_reason="stop",
        latency_ms=float(rng.gamma(4, 100)),
        output_tokens=12,
        output="outage",
        cost=0.001,
    )


def vote(unit: str, name: str, value: float, at: datetime) -> Feedback:
    return Feedback(feedback=f"{unit}-{name}", name=name, unit=unit, at=at, value=value)
