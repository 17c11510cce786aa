"""What every tracker must do: take in events, and take the same one twice without harm."""

from collections.abc import Sequence
from typing import Protocol

from surpass.core.errors import BadMachine
from surpass.core.records.tracking import AnyEvent


class Undelivered(BadMachine):
    """A tracker did not take the events; they wait and are told again."""


class Tracker(Protocol):
    """A place outside the project that is told of runs, verdicts and releases."""

    def deliver(self, events: Sequence[AnyEvent]) -> None:
        """Take in events of one run, in their order; on return they are safe there.

        Taken twice, they leave what they left the first time.

        Raises:
            Undelivered: the tracker is down, refuses, or is not installed; some may be there.
        """
