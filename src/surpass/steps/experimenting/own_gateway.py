"""surpass.assign and surpass.feedback: an experiment behind somebody else's gateway."""

import math
from pathlib import Path
from typing import NamedTuple

from surpass.core.assignment import CHAMPION
from surpass.core.digest import digest_record
from surpass.core.environment import moment
from surpass.core.errors import BadInput
from surpass.core.records.experiment import Assigned
from surpass.core.records.journal import Exposure, Feedback
from surpass.serve.capture import kept_name, kept_text
from surpass.steps.experimenting.assign import Assigner
from surpass.steps.experimenting.outbox import say
from surpass.steps.project import Project, open_project
from surpass.steps.releasing.read import champion

_REMEMBERED = 200_000  # units whose exposure this process has written; then it begins anew


class About(NamedTuple):
    """What a feedback is about; a unit is always named."""

    unit: str
    request: str | None = None
    session: str | None = None


class OwnGateway:
    """One project, as a process that answers people sees it; safe in several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._project: Project = open_project(folder)
        self._task = self._project.settings.task.name
        self._assigner = Assigner(folder, self._task)
        self._met: set[tuple[str, str]] = set()

    def assign(self, unit: str) -> Assigned:
        """The model that this unit gets; that it met the experiment is on disk afterwards.

        Raises:
            BadInput: the unit has no name.
        """
        unit = self._kept(unit)
        found = self._assigner(unit, self._task)
        if found is None:
            live = champion(self._project)
            return Assigned(experiment=None, arm=CHAMPION, release=live.name if live else None)
        if (found.experiment, unit) not in self._met:
            met = Exposure(
                experiment=found.experiment,
                unit=unit,
                arm=found.arm,
                share=found.share,
                at=moment(),
                request="",
            )
            say(self._project.folder, met)
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            self._met.add((found.experiment, unit))
        return Assigned(
            experiment=found.experiment, arm=found.arm, release=found.release, share=found.share
        )

    def feedback(self, name: str, said: bool | float | str, about: About) -> None:  # noqa: FBT001
        """Keep what a unit says; saying it again about the same replaces it.

        Raises:
            BadInput: no name, no unit, or a number that is none.
        """
        if not name.strip():
            raise BadInput("A feedback needs a name.", fix='Name it, such as "solved".')
        unit, number = self._kept(about.unit), None if isinstance(said, str) else float(said)
        if number is not None and not math.isfinite(number):
            raise BadInput(f"{said} is no number that can be counted.", fix="Leave it out.")
        level = self._project.settings.serving.capture
        vote = Feedback(
            feedback=digest_record([name, unit, about.request, about.session])[:32],
            name=name,
            unit=unit,
            at=moment(),
            request=about.request,
            session=about.session,
            value=number,
            label=kept_text("redacted" if level == "none" else level, said)
            if isinstance(said, str)
            else None,
        )
        say(self._project.folder, vote)

    def _kept(self, unit: str) -> str:
        if not unit.strip():
            raise BadInput("The unit has no name.", fix="Name who is counted, such as one user.")
        return kept_name(self._project.settings.serving.capture, unit)
