"""How a stage tells that it moves; `show` draws it, tests and scripts stay silent."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


class Progress(Protocol):
    """Told by a stage: what it does, of how many parts, and how many are done."""

    def start(self, what: str, total: int) -> None:
        """A new piece of work of `total` equal parts begins."""

    def advance(self, done: int, note: str = "") -> None:
        """`done` parts of the current piece are finished."""

    def finish(self) -> None:
        """The current piece of work is done."""


@runtime_checkable
class Measuring(Protocol):
    """Progress that also wants the numbers of a step, for curves."""

    def measure(self, step: int, values: Mapping[str, float]) -> None:
        """What step number `step`, counted from 1, measured."""


def measure(progress: Progress, step: int, values: Mapping[str, float]) -> None:
    """Tell the numbers of a step to progress that wants them."""
    if isinstance(progress, Measuring):
        progress.measure(step, values)


class Named:
    """Passes progress on, but calls every piece of work by one name."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress, self._what = progress, what

    def start(self, what: str, total: int) -> None:  # noqa: ARG002 (the protocol's)
        """A new piece of work begins; `what` gives way to our name."""
        self._progress.start(self._what, total)

    def advance(self, done: int, note: str = "") -> None:
        """Pass it on."""
        self._progress.advance(done, note)

    def finish(self) -> None:
        """Pass it on."""
        self._progress.finish()

    def measure(self, step: int, values: Mapping[str, float]) -> None:
        """Pass it on."""
        measure(self._progress, step, values)


class Silent:
    """Says nothing."""

    def start(self, what: str, total: int) -> None:
        """Ignore it."""

    def advance(self, done: int, note: str = "") -> None:
        """Ignore it."""

    def finish(self) -> None:
        """Ignore it."""
