"""surpass.Project: the commands' nouns for notebooks and scripts, one line a verb."""

from surpass.api.project import Project

__all__ = ["Project"]
