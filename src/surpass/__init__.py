"""Fine-tune a language model on your data and prove that it surpasses its base."""

from typing import TYPE_CHECKING

from surpass.core.version import __version__

if TYPE_CHECKING:
    from surpass.api import Project as Project
    from surpass.api import assign as assign
    from surpass.api import compare as compare
    from surpass.api import feedback as feedback

__all__ = ["Project", "__version__", "assign", "compare", "feedback"]


def __getattr__(name: str) -> object:
    """Load what is asked for only then (PEP 562), so that the import is light."""
    if name in {"Project", "assign", "compare", "feedback"}:
        from surpass import api

        return getattr(api, name)
    raise AttributeError(f"module 'surpass' has no attribute {name!r}")
