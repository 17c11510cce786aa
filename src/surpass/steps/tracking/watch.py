"""The curves of training on their way to the trackers, in pieces of some seconds."""

import time
from collections.abc import Mapping

from surpass.core.progress import Progress
from surpass.core.records.tracking import Point, Points
from surpass.steps.project import Project
from surpass.steps.tracking.events import outboxes

_PIECE_SECONDS = 5.0
_PIECE_POINTS = 100


def watched(project: Project, run: str, progress: Progress) -> Progress:
    """The same progress, which also keeps every n-th step's measurements for the trackers.

    Args:
        project: The project; where its [track] names no tracker, the progress itself comes back.
        run: Digest of the run's recipe.
        progress: Told as before.
    """
    return Watched(project, run, progress) if project.settings.track.to else progress


class Watched:
    """Passes progress on and keeps what is measured; a run that goes on repeats no step."""

    def __init__(self, project: Project, run: str, progress: Progress) -> None:
        self._progress, self._run = progress, run
        self._outboxes = tuple(outboxes(project).values())
        self._every = project.settings.track.every
        keys = [key for box in self._outboxes for key in box.told("points", run)]
        self._last = max((int(key) for key in keys if key.isdecimal()), default=0)
        self._points: list[Point] = []
        self._kept = time.monotonic()

    def start(self, what: str, total: int) -> None:
        """Pass it on."""
        self._progress.start(what, total)

    def advance(self, done: int, note: str = "") -> None:
        """Pass it on."""
        self._progress.advance(done, note)

    def finish(self) -> None:
        """Pass it on, and keep the last piece."""
        self._progress.finish()
        self._keep()

    def measure(self, step: int, values: Mapping[str, float]) -> None:
        """Take every n-th step, and whatever comes seldom: the loss on valid."""
        seldom = "valid_loss" in values
        if step <= self._last or (step % self._every and step != 1 and not seldom):
            return
        at = time.time_ns() // 1_000_000
        named: dict[str, float | None] = {f"train/{name}": value for name, value in values.items()}
        self._points.append(Point(step=step, at=at, values=named))
        late = time.monotonic() - self._kept > _PIECE_SECONDS
        if late or len(self._points) >= _PIECE_POINTS:
            self._keep()

    def _keep(self) -> None:
        """A piece is named by its last step: what is up to there is told."""
        if self._points:
            last = self._points[-1]
            piece = Points(
                run=self._run, key=str(last.step), at=last.at, points=tuple(self._points)
            )
            for outbox in self._outboxes:
                outbox.add(piece)
        self._points, self._kept = [], time.monotonic()
