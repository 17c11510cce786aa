"""What a project knows that a plan for another machine needs: rows, tokens, ladder and power."""

from pathlib import Path

import msgspec
import polars as pl

from surpass.core import columns
from surpass.model.find import base_here
from surpass.steps.planning.ladder import NOTHING_RUN, ladder_facts
from surpass.steps.planning.machine import Asked, MachinePlan, predicted
from surpass.steps.planning.plan import work_of
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
    ladder = ladder_facts(project) if here else NOTHING_RUN
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
