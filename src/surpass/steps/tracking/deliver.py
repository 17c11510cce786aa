"""surpass track: send what waits for the trackers, now or for as long as a command runs."""

import os
import select
import sys
from pathlib import Path
from urllib.parse import urlsplit

from surpass.core.account import Account, Chapter, Standing, Table
from surpass.core.environment import allowed_tracker
from surpass.core.errors import BadInput
from surpass.core.records.results import TrackData, TrackedTo
from surpass.core.wording import counted
from surpass.release.outbox import Outbox
from surpass.release.tracker import Tracker, Undelivered
from surpass.steps.project import Project
from surpass.steps.tracking.champions import tell_champions
from surpass.steps.tracking.events import outboxes

_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}
_LOOK_SECONDS = 2.0  # between two looks into the outbox while a command runs
_LONGEST_PAUSE = 60.0  # after a tracker did not answer, again and again


def track_account(project: Project) -> Account:
    """Send what waits to every tracker; one that is down does not keep the others from it.

    Raises:
        BadInput: [track] names no tracker.
    """
    boxes = outboxes(project)
    if not boxes:
        raise BadInput(
            "[track] names no tracker, so nothing is told.",
            fix='Write [track] to = ["mlflow"] into surpass.toml.',
        )
    tell_champions(project)
    found = tuple(_sent(project, name, box) for name, box in boxes.items())
    waiting = sum(one.waiting for one in found)
    rows = tuple((one.tracker, str(one.sent), str(one.waiting), one.why_not) for one in found)
    columns = ("tracker", "sent now", "waiting", "why")
    headline = (
        "Nothing waits." if not waiting else f"{counted(waiting, 'event waits', 'events wait')}."
    )
    return Account(
        title="Track",
        headline=f"{counted(sum(one.sent for one in found), 'event')} sent. {headline}",
        standing=Standing.CANNOT_TELL if waiting else Standing.DONE,
        text=_where(project),
        chapters=(
            Chapter(
                title="Trackers",
                tables=(Table(title="", columns=columns, rows=rows, numeric=columns[1:3]),),
            ),
        ),
        next_command="surpass track" if waiting else "",
        data=TrackData(trackers=found),
    )


def follow(project: Project) -> None:
    """Send what comes, until standard input ends: the command that feeds it is over.

    A tracker that is down is asked again after 2, 4, 8 … 60 seconds, and once more at the end.
    """
    os.nice(10)
    boxes, pause, over = outboxes(project), _LOOK_SECONDS, False
    while not over:
        over = bool(select.select([sys.stdin], [], [], pause)[0])
        tell_champions(project)
        down = any(_sent(project, name, box).why_not for name, box in boxes.items())
        pause = min(2 * pause, _LONGEST_PAUSE) if down else _LOOK_SECONDS


def _sent(project: Project, name: str, outbox: Outbox) -> TrackedTo:
    sent, why_not = 0, ""
    try:
        if outbox.waiting():
            sent = outbox.deliver(_tracker(project, name))
    except Undelivered as error:
        why_not = str(error)
    return TrackedTo(tracker=name, sent=sent, waiting=len(outbox.waiting()), why_not=why_not)


def _tracker(project: Project, name: str) -> Tracker:
    """The tracker of that name; its library is loaded here and takes seconds.

    Raises:
        Undelivered: it is not installed, or down.
    """
    track, home = project.settings.track, (project.folder / ".surpass").resolve()
    named = track.project or project.settings.task.name
    try:
        if name == "mlflow":
            from surpass.release.mlflow import MlflowTracker, Place

            uri = mlflow_uri(project)
            require_allowed(uri)
            local = uri.startswith("sqlite:")
            return MlflowTracker(Place(uri, named, home / "mlflow-files" if local else None))
        from surpass.release.wandb import Account as At
        from surpass.release.wandb import WandbTracker

        return WandbTracker(At(named, track.online, home / "wandb"))
    except ImportError as error:
        extra = "track" if name == "mlflow" else "wandb"
        raise Undelivered(
            f"{name} is not installed ({error}).", fix=f"Run `pip install surpass[{extra}]`."
        ) from None


def require_allowed(uri: str) -> None:
    """A project's file alone makes nobody call a host: the user's environment names it too.

    Raises:
        Undelivered: it names another one, or none.
    """
    host = urlsplit(uri).hostname
    if uri.startswith("sqlite:") or host in _THIS_MACHINE or uri == allowed_tracker():
        return
    raise Undelivered(
        f"[track] uri names {host}, and a project's file alone may call no other machine.",
        fix=f"If you mean it, set MLFLOW_TRACKING_URI={uri} in the environment.",
    )


def mlflow_uri(project: Project) -> str:
    """Where MLflow is: as set, relative to the project, or a database file beside the ledger."""
    uri = project.settings.track.uri
    if uri is None:
        return f"sqlite:///{(project.folder / '.surpass' / 'mlflow.db').resolve()}"
    scheme, _, path = uri.partition("sqlite:///")
    if scheme or Path(path).is_absolute():
        return uri
    return f"sqlite:///{(project.folder / path).resolve()}"


def _where(project: Project) -> tuple[str, ...]:
    said = []
    if "mlflow" in project.settings.track.to:
        said.append(f"MLflow: {mlflow_uri(project)}")
    if "wandb" in project.settings.track.to and not project.settings.track.online:
        files = project.folder / ".surpass" / "wandb"
        said.append(
            f"wandb, offline: `wandb sync --append {files}/*/wandb/offline-run-*` sends it."
        )
    return tuple(said)
