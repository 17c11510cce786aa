"""Keep a run's state in one file that is replaced whole: a kill at any moment is harmless."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

_FILE = "checkpoint.safetensors"
_TALLY = "tally"  # key of the numbers in the file's header
COST_FACTOR = 20  # saving may take a twentieth of the time


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run so far; with the tensors beside it, all that resuming needs.

    There is no state of random numbers: the order of rows and the dropout of a step are functions
    of the seed and the step.
    """

    plan: str  # digest of everything that decides the run; another plan's file is not used
    step: int = 0  # steps done
    losses: tuple[float, ...] = ()  # nats per answer token, of each step
    valid_losses: tuple[float, ...] = ()  # after each epoch
    best_step: int = 0  # 0: nothing was validated yet
    seconds: float = 0.0
    peak_memory_bytes: int = 0


def save_checkpoint(folder: Path, tally: Tally, tensors: Mapping[str, Tensor]) -> None:
    """Write the file beside its place, sync it, and put it there in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{_FILE}.half"
    save_file(dict(tensors), half, metadata={_TALLY: msgspec.json.encode(tally).decode("utf-8")})
    _sync(half)
    half.replace(folder / _FILE)
    _sync(folder)


def read_checkpoint(folder: Path, plan: str) -> tuple[Tally, dict[str, Tensor]] | None:
    """State of the run with this plan; None where there is none, or only another plan's."""
    path = folder / _FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as stored:
            tally = msgspec.json.decode((stored.metadata() or {}).get(_TALLY, ""), type=Tally)
            if tally.plan != plan:
                return None
            return tally, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 (safe_open is no mapping)
    except (SafetensorError, msgspec.DecodeError):
        return None  # not ours, or of an older layout: train from the start


def _sync(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Saver:
    """Saves after a step whenever that is cheap: at most a twentieth of the time goes into it."""

    def __init__(self, folder: Path, *, every_step: bool) -> None:
        self._folder = folder
        self._every_step = every_step
        self._due = time.monotonic()

    def save(
        self, tally: Tally, tensors: Callable[[], Mapping[str, Tensor]], *, force: bool
    ) -> None:
        """Save if it is time to; `force` saves in any case."""
        began = time.monotonic()
        if not (force or self._every_step or began >= self._due):
            return
        save_checkpoint(self._folder, tally, tensors())
        ended = time.monotonic()
        self._due = ended + COST_FACTOR * (ended - began)
