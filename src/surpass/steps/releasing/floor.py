"""What a released model must keep reaching: declared, or found on the test."""

import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.records.release import SealedFloor
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import Metric, metric
from surpass.prove.bounds import level_of
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.ladder import TUNED, tuned_names
from surpass.steps.project import Project
from surpass.steps.releasing.candidate import Candidate


def sealed_floor(project: Project, chosen: Candidate) -> SealedFloor:
    """The floor of a release, in the metric's unit.

    A declared floor on all rows, that of the first primary's metric before others; else the lower
    bound of the model's own score on the test, at the level of its verdict. Where lower is better,
    it is the upper bound, which must not be exceeded.
    """
    criteria = chosen.seal.criteria
    wanted = criteria.primary[0].metric
    declared = [one for one in criteria.floor if one.by is None]
    of_wanted = [one for one in declared if one.metric == wanted]
    if first := next(iter([*of_wanted, *declared]), None):
        return SealedFloor(metric=first.metric, value=first.at_least, origin="declared")
    found = metric(wanted, criteria.metrics.get(wanted))
    runs = _answers(project, chosen)
    if not runs:
        return SealedFloor(
            metric=wanted,
            value=None,
            origin="never put to the test",
            higher_is_better=found.higher_is_better,
        )
    level = chosen.judgement.alpha if chosen.judgement else criteria.alpha
    levels = Levels(low=level, high=level, draws=criteria.draws, seed=criteria.seed)
    return _found(found, runs, chosen.seal.labels, levels)


def _found(
    chosen: Metric, runs: tuple[pl.DataFrame, ...], labels: tuple[str, ...], levels: Levels
) -> SealedFloor:
    higher = chosen.higher_is_better
    try:
        bounds = level_of(chosen, runs, labels, levels)
        value, origin = bounds.low if higher else bounds.high, bounds.method
    except CannotTell as error:
        value, origin = None, str(error.args[0])
    return SealedFloor(
        metric=chosen.name,
        value=value,
        origin=origin if value is None else "bound on the test",
        level=levels.low,
        higher_is_better=higher,
    )


def _answers(project: Project, chosen: Candidate) -> tuple[pl.DataFrame, ...]:
    """Stored predictions on the test, of all sealed seeds; to score them again opens nothing."""
    if chosen.test is None:
        return ()
    names = tuned_names(project) if chosen.of == TUNED else (chosen.of,)
    stored = [stored_evaluation(project, name, "test") for name in names]
    return tuple(one.predictions for one in stored if one is not None)
