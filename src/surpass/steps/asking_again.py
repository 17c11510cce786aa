"""Ask a model of the project once more, exactly as it was asked on valid: other rows or batches."""

import msgspec
import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.progress import Progress
from surpass.evaluate.predictions import label_predictions
from surpass.evaluate.readings import Reading
from surpass.steps.answer_recipe import EvaluateRecipe, answers_recipe
from surpass.steps.evaluate import Evaluated
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.store.objects import read_record


def ask_again(
    project: Project,
    valid: Evaluated,
    rows: pl.DataFrame,
    progress: Progress,
    *,
    batch_rows: int | None = None,
) -> pl.DataFrame:
    """Predictions of a model on these rows; nothing is stored and the test stays sealed.

    Args:
        project: The project.
        valid: The model's evaluation on valid; label scores are read as it reads them.
        rows: Examples, as the sides of a split have them.
        progress: Told of finished rows.
        batch_rows: Answered at once; none: as set under [generation].

    Raises:
        CannotTell: the model cannot be asked here: answers from a file, or an endpoint, which no
            command but `evaluate` calls.
    """
    split, name = current_split(project), valid.record.model
    recipe = answers_recipe(project, split, name, "valid", None)
    if not isinstance(recipe, EvaluateRecipe):
        raise CannotTell(
            f"`{name}` answered elsewhere, so it cannot be asked again here.",
            fix="Compare models that run here.",
        )
    if name == "linear":
        from surpass.evaluate.linear import linear_probabilities  # pulls in scikit-learn

        seed = project.settings.split.seed
        sure = linear_probabilities(split.train, rows, recipe.labels, seed)
        return label_predictions(rows, recipe.labels, sure)
    from surpass.steps.asking import ask_model  # pulls in torch

    if batch_rows is not None:
        generation = msgspec.structs.replace(recipe.generation, batch_rows=batch_rows)
        recipe = msgspec.structs.replace(recipe, generation=generation)
    reading = read_record(valid.folder, "reading", Reading) if recipe.labels else None
    return ask_model(project, split, recipe, rows, reading, progress).predictions
