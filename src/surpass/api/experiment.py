"""surpass.assign and surpass.feedback: an experiment behind a gateway of one's own."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surpass.core.records.experiment import Assigned
    from surpass.steps.experimenting.own_gateway import OwnGateway


def assign(unit: str, folder: str | Path = ".") -> "Assigned":
    """The model that a unit gets: always the same while an experiment runs.

    That the unit met the experiment is written beside the journal; call it when you answer, not
    before, for every unit that was assigned counts.

    Args:
        unit: Who is counted, such as one user; never a name that changes.
        folder: The project's folder.

    Returns:
        `experiment` (None: none runs), `arm`, `release` (the model to ask) and `share`.
    """
    return _gateway(str(Path(folder).resolve())).assign(unit)


def feedback(
    name: str,
    said: bool | float | str,  # noqa: FBT001 (a vote is one of the three)
    *,
    unit: str,
    request: str | None = None,
    session: str | None = None,
    folder: str | Path = ".",
) -> None:
    """Keep what a unit says, or what became of it; the same again replaces it.

    Args:
        name: What it is about, such as "solved".
        said: True or False, a number, or a label.
        unit: Who is counted, as for `assign`.
        request: The request that it is about, if it is about one.
        session: The conversation that it is about.
        folder: The project's folder.
    """
    from surpass.steps.experimenting.own_gateway import About

    _gateway(str(Path(folder).resolve())).feedback(name, said, About(unit, request, session))


@cache
def _gateway(folder: str) -> "OwnGateway":
    """One for each project: it remembers what it read and wrote."""
    from surpass.steps.experimenting.own_gateway import OwnGateway

    return OwnGateway(Path(folder))
