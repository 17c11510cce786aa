"""What a project knows that a plan for another machine needs: rows, tokens, ladder and power."""

from pathlib import Path

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.settings import Ceiling, Floor
from surpass.measure.metrics import metric
from surpass.model.find import base_here
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.plan import work_of
from surpass.steps.plan_machine import NOTHING_RUN, Asked, Ladder, MachinePlan, predicted
from surpass.steps.project import Project, open_project
from surpass.steps.seal import power_of_test
from surpass.steps.split import SplitResult, current_split

_CHARACTERS_OF_TOKEN = 3.5  # of English under today's vocabularies; only where none is at hand


def plan_in_project(folder: Path, asked: Asked) -> MachinePlan:
    """The plan, its gaps filled from the project; said options come first."""
    project = open_project(folder)
    settings, split = project.settings, current_split(project)
    here = base_here(settings.model.base, folder) is not None  # nothing is fetched for a plan
    row_tokens, notes = _row_tokens(project, split, asked.tokens_per_row, here=here)
    complete = msgspec.structs.replace(
        asked,
        base=asked.base or settings.model.base,
        gpu=asked.gpu or settings.budget.machine,
        rows=asked.rows or split.train.height,
        tokens_per_row=row_tokens,
        epochs=asked.epochs or settings.training.epochs * settings.criteria_in_force.seeds,
        rank=asked.rank or getattr(settings.tuning, "rank", None),
    )
    chance = power_of_test(project, with_pilot=here).chance
    ladder = _ladder(project) if here else NOTHING_RUN
    made = predicted(folder, complete, settings.budget, ladder, chance)
    return made._replace(notes=notes)


def _row_tokens(
    project: Project, split: SplitResult, said: int | None, *, here: bool
) -> tuple[int, tuple[str, ...]]:
    """Tokens of a training row on average, and what was assumed for it."""
    if said is not None:
        return said, ()
    if here:
        work = work_of(project, split)
        return max(1, round(work.tokens / max(1, split.train.height))), ()
    texts = split.train.select(
        pl.col(columns.INPUT).str.len_chars() + pl.col(columns.TARGET).str.len_chars()
    ).to_series()
    mean = float(texts.fill_null(0).sum()) / max(1, texts.len())
    note = (
        "The base is not on this disk, so tokens are estimated from characters without the "
        "instruction; say --tokens-per-row to be sure."
    )
    return max(1, round(mean / _CHARACTERS_OF_TOKEN)), (note,)


def _ladder(project: Project) -> Ladder:
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
