"""Progress on the terminal: a bar with the time left, or now and then a line where it is logged."""

import sys
import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from surpass.show.escape import visible

_LINE_EVERY_SECONDS = 10.0


class TerminalProgress:
    """Draws on stderr, so that a piped answer stays clean; use it with `with`.

    On a terminal: one bar at a time, gone when it is done. Elsewhere: a plain line for a piece of
    work that goes on for ten seconds, and every ten seconds after.
    """

    def __init__(
        self, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console or Console(file=sys.stderr, highlight=False)
        self._clock = clock
        self._what = ""
        self._total = 0
        self._started = self._last_line = clock()
        self._said = False
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def start(self, what: str, total: int) -> None:
        """Begin a piece of work of `total` equal parts; the one before is over."""
        self._close()
        self._what, self._total = visible(what), total
        self._started = self._last_line = self._clock()
        self._said = False
        if self._console.is_terminal:
            self._bar = _bar(self._console)
            self._task = self._bar.add_task(self._what, total=total or None, note="")
            self._bar.start()

    def advance(self, done: int, note: str = "") -> None:
        """`done` parts of the current piece are finished."""
        if self._bar:
            self._bar.update(self._task, completed=done, note=visible(note))
            return
        now = self._clock()
        if now - self._last_line >= _LINE_EVERY_SECONDS:
            self._last_line, self._said = now, True
            left = time_left(now - self._started, done, self._total)
            parts = (f"{self._what}: {done} of {self._total}", left, visible(note))
            self._say(", ".join(part for part in parts if part))

    def finish(self) -> None:
        """The current piece is done; a line says so where lines were printed for it."""
        if self._said:
            self._say(f"{self._what}: done in {duration(self._clock() - self._started)}")
        self._close()

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def _close(self) -> None:
        if self._bar:
            self._bar.stop()
        self._bar, self._said = None, False


def time_left(passed_seconds: float, done: int, total: int) -> str:
    """`about 3 min left`, taking the parts to be equally long; nothing before the first part."""
    if not 0 < done < total:
        return ""
    return f"about {duration(passed_seconds / done * (total - done))} left"


def duration(seconds: float) -> str:
    """`40 s`, `3 min`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[note]}", markup=False, style="dim"),
        console=console,
        transient=True,
        expand=True,
    )
