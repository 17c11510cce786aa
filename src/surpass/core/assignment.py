"""Which model a unit gets: decided by a hash, the same everywhere and for ever."""

import hashlib

BUCKETS = 10_000
CHAMPION, CHALLENGER = "champion", "challenger"
ARMS = (CHAMPION, CHALLENGER)
SALT_DIGITS = 32  # of a salt, all of one length: no salt and unit read as another pair


def bucket(salt: str, unit: str) -> int:
    """A number from 0 to 9,999 that looks random and never changes for this unit and salt."""
    content = salt.encode() + unit.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) % BUCKETS


def arm_of(salt: str, unit: str, share: float) -> str:
    """The arm of a unit while the challenger has this share.

    The challenger has the lowest buckets. A larger share adds buckets and takes none away, so a
    unit that once had the challenger keeps it.
    """
    return CHALLENGER if bucket(salt, unit) < round(share * BUCKETS) else CHAMPION
