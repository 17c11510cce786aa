"""The task as the models see it: instruction, labels and record keys, from training rows alone."""

from typing import NamedTuple

from surpass.core.digest import digest_text
from surpass.core.records.dataset import Sides
from surpass.steps.project import Project, instruction


class Wording(NamedTuple):
    """What every model is told, base and tuned alike."""

    instruction: str
    labels: tuple[str, ...]  # of a classifier, else empty

    @property
    def digest(self) -> str:
        """Name of this wording."""
        return digest_text(self.instruction)


def wording(project: Project, sides: Sides) -> Wording:
    """Fill the closed sets of the split into the instruction."""
    kind = project.settings.kind
    labels = sides.labels if kind == "classify" else ()
    fields = sides.labels if kind == "extract" else ()
    return Wording(instruction(project, labels, fields), labels)
