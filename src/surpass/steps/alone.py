"""The project's lock, for the edges."""

from surpass.store.lock import only_command

__all__ = ["only_command"]
