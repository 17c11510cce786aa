"""The score that rows are counted for: as said, or as the criteria have it."""

from typing import NamedTuple

from surpass.core.errors import BadInput, CannotTell
from surpass.measure.metrics import Metric, metric
from surpass.model.find import base_here
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.opponent import best_of
from surpass.steps.project import Project
from surpass.steps.seal import power_of_test
from surpass.steps.tell.numbers import percent, points


class Goal(NamedTuple):
    """A score of a metric, and where it comes from; without one the curve alone is told."""

    metric: Metric
    score: float | None
    origin: str  # in words: whose score it is, or why there is none


def goal_of(project: Project, said: float | None) -> Goal:
    """As said; else the first floor in [criteria]; else what the first primary takes to pass.

    Raises:
        BadInput: the score is no share.
        CannotTell: the metric has no bounds, so its curve has no floor.
    """
    criteria = project.settings.criteria_in_force
    floors = [floor for floor in criteria.floor if floor.by is None]
    named = criteria.primary[0].metric if said is not None or not floors else floors[0].metric
    chosen = metric(named, criteria.metrics.get(named))
    if not chosen.bounded:
        raise CannotTell(
            f"{chosen.title} has no bounds, so no power law fits it.",
            fix="Name a metric between 0 and 1 in the first criterion.",
        )
    if said is not None:
        if not 0 < said < 1:
            raise BadInput(f"--target {said:g} is no share.", fix="Say a number such as 0.8.")
        return Goal(chosen, said, "as said")
    if floors:
        return Goal(chosen, floors[0].at_least, "the floor in [criteria]")
    return _to_beat(project, chosen)


def _to_beat(project: Project, chosen: Metric) -> Goal:
    """The best rung's score on valid and the smallest gain that the test can prove of it.

    Nothing is run for it: without scored rungs, or for a metric where less is better, there is
    no goal.
    """
    how = "say --target, or run `surpass evaluate` first"
    here = base_here(project.settings.model.base, project.folder) is not None
    names = [name for name in rungs_of(project) if here or name == "linear"]
    stored = {name: stored_evaluation(project, name, "valid") for name in names}
    found = {name: one for name, one in stored.items() if one is not None}
    if not found or not chosen.higher_is_better:
        return Goal(chosen, None, f"no rung is scored on valid: {how}")
    best = best_of(project.settings.criteria_in_force, found)
    score = found[best].record.scores.get(chosen.name)
    gain = power_of_test(project, with_pilot=here).smallest_gain
    if score is None or gain is None or score + gain >= 1:
        return Goal(chosen, None, "no score passes the first criterion on this test: say --target")
    words = f"the best rung, {best}, has {percent(score)}, and this test proves {points(gain)}"
    return Goal(chosen, score + gain, words)
