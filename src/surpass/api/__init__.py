"""surpass.Project and surpass.compare: the commands' nouns for notebooks, one line a verb."""

from surpass.api.compare import compare
from surpass.api.experiment import assign, feedback
from surpass.api.project import Project

__all__ = ["Project", "assign", "compare", "feedback"]
