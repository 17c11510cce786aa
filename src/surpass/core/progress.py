"""How a stage tells that it moves; `show` draws it, tests and scripts stay silent."""

from typing import Protocol


class Progress(Protocol):
    """Told by a stage: what it does, of how many parts, and how many are done."""

    def start(self, what: str, total: int) -> None:
        """A new piece of work of `total` equal parts begins."""

    def advance(self, done: int, note: str = "") -> None:
        """`done` parts of the current piece are finished."""

    def finish(self) -> None:
        """The current piece of work is done."""


class Silent:
    """Says nothing."""

    def start(self, what: str, total: int) -> None:
        """Ignore it."""

    def advance(self, done: int, note: str = "") -> None:
        """Ignore it."""

    def finish(self) -> None:
        """Ignore it."""
