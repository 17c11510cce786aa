"""Digest of a large file, computed once a process for as long as the file is not touched."""

from functools import lru_cache
from pathlib import Path

from surpass.core.digest import digest_file


def digest_large_file(path: Path) -> str:
    """SHA-256 of the file; asked again, it is computed again only if size or time have changed."""
    found = path.stat()
    return _digest(path.resolve(), found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _changed: int) -> str:
    return digest_file(path)
