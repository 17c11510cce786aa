"""Fine-tune a language model on your data and prove that it surpasses its base."""

from typing import TYPE_CHECKING

from surpass.core.version import __version__

if TYPE_CHECKING:
    from surpass.api import Project as Project

__all__ = ["Project", "__version__"]


def __getattr__(name: str) -> object:
    """Load `surpass.Project` when it is first asked for (PEP 562), so that the import is light."""
    if name == "Project":
        from surpass.api import Project

        return Project
    raise AttributeError(f"module 'surpass' has no attribute {name!r}")
