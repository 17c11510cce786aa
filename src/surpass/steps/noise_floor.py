"""The noise floor: one model asked the same rows twice, in other batches."""

import numpy as np

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.run import NoiseFloor
from surpass.measure.metrics import metric
from surpass.measure.scores import score
from surpass.steps.asking_again import ask_again
from surpass.steps.evaluate import Evaluated
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.store.objects import read_record, write_record

REVISION = 1
_MOST_ROWS = 100
_FEWEST_ROWS = 10
_SECONDS = 15.0  # by the pace of the first time, loading included
_UNASKED = "linear"  # one matrix product: it has no batches


class NoiseRecipe(Recipe, frozen=True, kw_only=True):
    """Whose answers are asked for again, to how many rows, how many at once."""

    evaluation: str  # on valid
    rows: int
    batch_rows: int
    metric: str
    seed: int


def noise_floor(
    project: Project, models: tuple[Evaluated, ...], progress: Progress
) -> NoiseFloor | None:
    """What other batches change in the answers of the first of these models that runs here.

    At most 100 rows of valid, drawn at random, and fewer where they would take long. What differs
    in the batches alone is noise: a gain of that size is none.

    Args:
        project: The project.
        models: Evaluations on valid, the opponent first.
        progress: Told of finished rows.

    Returns:
        The noise; none where no model of these runs here, or so slowly that 10 rows take minutes.
    """
    for valid in models:
        if valid.record.environment is None or valid.record.model == _UNASKED:
            continue
        try:
            return _noise(project, valid, progress)
        except CannotTell:  # behind an endpoint, or too slow
            continue
    return None


def _noise(project: Project, valid: Evaluated, progress: Progress) -> NoiseFloor:
    primary = project.settings.criteria_in_force.primary[0]
    count = _rows(valid)
    recipe = NoiseRecipe(
        stage="noise",
        revision=REVISION,
        evaluation=valid.digest,
        rows=count,
        batch_rows=max(1, min(project.settings.generation.batch_rows, count) // 2),
        metric=primary.metric,
        seed=project.settings.split.seed,
    )
    stored = project.objects.find(recipe)
    if stored is not None:
        return read_record(stored, "noise", NoiseFloor)
    drawn = np.random.default_rng(recipe.seed).permutation(valid.predictions.height)[:count]
    first = valid.predictions[np.sort(drawn).tolist()]
    rows = current_split(project).valid.join(
        first.select(columns.ROW), on=columns.ROW, how="semi", maintain_order="left"
    )
    again = ask_again(project, valid, rows, progress, batch_rows=recipe.batch_rows)
    again = first.select(columns.ROW).join(again, on=columns.ROW, how="left", maintain_order="left")
    options = project.settings.criteria_in_force.metrics.get(primary.metric)
    chosen = metric(primary.metric, options)
    found = NoiseFloor(
        model=valid.record.model,
        rows=count,
        changed=int((first[columns.ANSWER] != again[columns.ANSWER]).sum()),
        metric=chosen.title,
        first=score(chosen, first, valid.labels),
        second=score(chosen, again, valid.labels),
    )
    with project.objects.write(recipe) as folder:
        write_record(folder, "noise", found)
    return found


def _rows(valid: Evaluated) -> int:
    """As many as are answered in time, by the pace of the first time."""
    rows = valid.record.rows
    pace = valid.record.seconds / rows if rows else 0.0
    in_time = int(_SECONDS / pace) if pace > 0 else _MOST_ROWS
    if in_time < _FEWEST_ROWS:
        raise CannotTell(f"{_FEWEST_ROWS} rows take more than {_SECONDS:.0f} seconds.")
    return min(rows, _MOST_ROWS, in_time)
