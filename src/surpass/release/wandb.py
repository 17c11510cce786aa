"""Weights & Biases as a tracker, by default offline: files that `wandb sync` sends later."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Before the import, which reads them: no reports home, nothing on the terminal.
os.environ.setdefault("WANDB_SILENT", "true")
os.environ.setdefault("WANDB_ERROR_REPORTING", "false")

import wandb

from surpass.core.digest import digest_text, short
from surpass.core.records.tracking import (
    ALIAS,
    AnyEvent,
    Ended,
    Judged,
    MovedBack,
    Points,
    Released,
    Scored,
    Started,
    known,
)
from surpass.release.outbox import name_of
from surpass.release.tracker import Undelivered


class Account(NamedTuple):
    """Where and how it is told."""

    project: str
    online: bool
    files: Path  # folder for what it writes


class WandbTracker:
    """Runs, curves and artifacts with the alias `champion`."""

    def __init__(self, account: Account) -> None:
        self._account = account
        if account.online and not os.environ.get("WANDB_API_KEY"):
            raise Undelivered(
                "There is no WANDB_API_KEY in the environment.",
                fix="Set it, or say [track] online = false and send with `wandb sync`.",
            )

    def deliver(self, events: Sequence[AnyEvent]) -> None:
        """See `Tracker`. What a batch leaves is complete when its run is closed."""
        if not events:
            return
        with _reported():
            with self._opened(events) as run:
                for event in events:
                    _tell(run, event)
            wandb.teardown()  # waits until its service has written: closing a run does not

    @contextlib.contextmanager
    def _opened(self, events: Sequence[AnyEvent]) -> Iterator["wandb.Run"]:
        # A folder for each batch: two runs that begin in one second would share their file.
        folder = self._account.files / short(digest_text(name_of(events[0])))
        folder.mkdir(parents=True, exist_ok=True)
        run = wandb.init(
            project=_plain(self._account.project),
            id=short(digest_text(events[0].run)),
            name=next((one.name for one in events if isinstance(one, Started)), None),
            dir=folder,
            mode="online" if self._account.online else "offline",
            resume="allow",
            settings=wandb.Settings(
                console="off",
                silent=True,
                disable_git=True,
                disable_code=True,
                disable_job_creation=True,
                x_disable_stats=True,
                x_disable_meta=True,
                x_save_requirements=False,
                init_timeout=30,
            ),
        )
        try:
            run.define_metric("train/*", step_metric="step")
            yield run
        except BaseException:
            run.finish(exit_code=1)
            raise
        run.finish()


def _tell(run: "wandb.Run", event: AnyEvent) -> None:
    match event:
        case Started():
            told = {**event.settings, "dataset": event.dataset}
            run.config.update(told, allow_val_change=True)  # type: ignore[no-untyped-call] # theirs
        case Points(points=points):
            for point in points:
                run.log({"step": point.step, **known(point.values)})
        case Ended() | Scored() | Judged():
            run.summary.update(known(event.values))
            _told(run, event)
        case Released():
            folder = Path(event.folder) if event.upload else None
            _artifact(run, event.task, event.files, folder, {"name": event.name, **event.tags})
        case MovedBack():
            folder = Path(event.folder)
            _artifact(run, event.task, event.files, folder, {"moved back": event.reason})


def _told(run: "wandb.Run", event: Ended | Scored | Judged) -> None:
    """What is no number."""
    if isinstance(event, Judged):
        told = {"outcome": event.outcome, "headline": event.headline, "verdict": event.verdict}
        run.summary.update(told)
    elif isinstance(event, Ended) and event.folder is not None and Path(event.folder).is_dir():
        artifact = wandb.Artifact(f"adapter-{short(event.run)}", "model")
        artifact.add_dir(event.folder)
        run.log_artifact(artifact)


def _artifact(
    run: "wandb.Run", task: str, files: str, folder: Path | None, told: dict[str, str]
) -> None:
    """A version of the released model; the same files again only move the alias."""
    artifact = wandb.Artifact(_plain(task), "model", metadata={"files": files, **told})
    if folder is not None and folder.is_dir():
        artifact.add_dir(str(folder))
    else:
        with artifact.new_file("files.txt", encoding="utf-8") as stream:
            stream.write(files)
    run.log_artifact(artifact, aliases=[ALIAS])


def _plain(name: str) -> str:
    """A name as wandb takes it."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    return kept[:100] or "surpass"


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    """Whatever wandb and its service raise, as one sentence."""
    try:
        yield
    except Undelivered:
        raise
    except Exception as error:  # noqa: BLE001 (its service and the network raise anything)
        said = " ".join(str(error).split())[:300]
        raise Undelivered(
            f"wandb did not take what happened: {said}",
            fix="Nothing is lost: `surpass track` tells it again.",
        ) from None
