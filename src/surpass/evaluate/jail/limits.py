"""What one jail may use: all of its processes together."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Caps on a whole jail; the kernel holds most of them, the watch outside the rest.

    The kernel holds `memory_bytes` for each process, `processes` and `disk_bytes` for the jail.
    The sums over all processes of memory and processor time are watched from outside; a jail that
    exceeds one is killed.
    """

    memory_bytes: int = 1 << 30
    processes: int = 64
    disk_bytes: int = 64 << 20  # of /box, the one place that can be written
    output_bytes: int = 1 << 20  # of one message out of the jail
    cpu_seconds: int = 120  # of processor time
    jobs: int = 500  # then the jail ends: its server's own processor time counts too


OPEN_FILES = 128


MIN_SECONDS = 4.0  # evalplus: DEFAULT_MIN_TIME_LIMIT
TIMES_CANONICAL = 4.0  # evalplus: DEFAULT_GT_TIME_LIMIT_FACTOR


def time_limit(canonical_seconds: float) -> float:
    """Wall-clock seconds that an answer gets, from what the canonical solution needed here.

    Source:
        evalplus 0.3. A limit of 50 ms made pass@1 fall from .40 to .23 on a slower machine
        (evalplus #5), so the limit follows the machine.
    """
    return max(MIN_SECONDS, TIMES_CANONICAL * canonical_seconds)
