"""How much memory this process has needed at most."""

import ctypes
import resource
import sys
from contextlib import suppress
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, else kilobytes


def forget_peak() -> None:
    """Count the peak from now on, so that what ran before in this process is not training's.

    Linux only (proc_pid_clear_refs(5)); elsewhere, and where it is not allowed, nothing happens.
    """
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_bytes() -> int:
    """Largest resident size of the process since `forget_peak`, or since it began."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def give_back_memory() -> None:
    """Return freed memory to the system; where the C library is not glibc, nothing happens.

    Steps of ever-changing sizes leave holes that glibc keeps: over a demo's 160 steps they grew to
    three gigabytes beside one in use. Takes about 0.06 s.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
