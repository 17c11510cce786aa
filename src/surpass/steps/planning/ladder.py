"""What a project's stored evaluations say of tuning at all: a prompt that does, or no room."""

from typing import NamedTuple

from surpass.core.settings import Ceiling, Floor
from surpass.measure.metrics import metric
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.project import Project


class Ladder(NamedTuple):
    """Rungs that speak against tuning; none: there is no such rung, or none was run."""

    prompt_that_meets: str | None = None  # it clears every floor and ceiling
    no_room: str | None = None  # no model could clear the margin over it


NOTHING_RUN = Ladder()


def ladder_facts(project: Project) -> Ladder:
    """What the stored evaluations on valid say against tuning; nothing is run."""
    found = {name: stored_evaluation(project, name, "valid") for name in rungs_of(project)}
    rungs = {name: one for name, one in found.items() if one is not None}
    prompted = {name: one for name, one in rungs.items() if name != "linear"}
    meets = next((name for name, one in prompted.items() if _clears_all(project, one)), None)
    return Ladder(meets, next((n for n, one in rungs.items() if _no_room(project, one)), None))


def _no_room(project: Project, evaluated: Evaluated) -> bool:
    """Whether not even a perfect model could clear the first margin over this rung."""
    criteria = project.settings.criteria_in_force
    primary = criteria.primary[0]
    measured = metric(primary.metric, criteria.metrics.get(primary.metric))
    score = evaluated.record.scores.get(measured.name)
    usual = measured.bounded and measured.higher_is_better
    return usual and score is not None and score + primary.margin >= 1


def _clears_all(project: Project, evaluated: Evaluated) -> bool:
    """Whether every declared floor and ceiling is met; False where there is none.

    A gate by slices is none of these: what holds over all rows need not hold in each.
    """
    criteria = project.settings.criteria_in_force
    scores = evaluated.record.scores
    floors = [_at_least(scores.get(one.metric), one) for one in criteria.floor]
    ceilings = [_at_most(scores.get(one.metric), one) for one in criteria.ceiling]
    return bool(floors or ceilings) and all(floors) and all(ceilings)


def _at_least(score: float | None, floor: Floor) -> bool:
    return floor.by is None and score is not None and score >= floor.at_least


def _at_most(score: float | None, ceiling: Ceiling) -> bool:
    return ceiling.by is None and score is not None and score <= ceiling.at_most
