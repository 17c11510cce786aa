"""Which model a unit gets, for the gateway and for code behind a gateway of one's own."""

from pathlib import Path

from surpass.core.assignment import CHALLENGER, arm_of
from surpass.core.errors import SurpassError
from surpass.core.records.experiment import RunningExperiment
from surpass.serve.models import Assignment
from surpass.steps.experimenting.running import experiments
from surpass.store.ledger import FILE_NAME, Ledger


class Assigner:
    """Answers from memory, and reads the ledger again as soon as it changed.

    A start, a ramp or a stop by another process so holds from the next request on. A ledger that
    cannot be read just now changes nothing: what was in force stays so.
    """

    def __init__(self, folder: Path, task: str) -> None:
        self._ledger, self._file, self._task = Ledger(folder), folder / FILE_NAME, task
        self._stamp: tuple[int, int] | None = None
        self._running: RunningExperiment | None = None

    def __call__(self, unit: str, task: str) -> Assignment | None:
        """The unit's arm; none: no experiment runs, or the task is another."""
        one = self.running()
        if one is None or task != self._task:
            return None
        started, share = one.started, one.periods[-1].share
        arm = arm_of(started.salt, unit, share)
        challenged = arm == CHALLENGER
        return Assignment(
            experiment=started.experiment,
            arm=arm,
            share=share if challenged else 1 - share,
            release=started.challenger if challenged else started.champion,
        )

    def running(self) -> RunningExperiment | None:
        """The experiment in force; none: none runs."""
        stamp = self._present_stamp()
        if stamp != self._stamp:
            try:
                found = experiments(self._ledger.entries())
            except SurpassError:
                return self._running
            going = [one for one in found if one.ended is None]
            self._running, self._stamp = (going[-1] if going else None), stamp
        return self._running

    def _present_stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size
