"""How much memory this process has needed at most."""

import resource
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, else kilobytes


def peak_memory_bytes() -> int:
    """Largest resident size of the process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
