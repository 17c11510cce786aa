"""Load the model that an evaluation needs and put the rows to it."""

import time
from typing import NamedTuple

import polars as pl

from surpass.core.environment import threads
from surpass.core.progress import Named, Progress
from surpass.evaluate.ask import Question, answer_cap, ask_labels, ask_texts
from surpass.evaluate.labels import choose_reading, read_labels
from surpass.evaluate.predictions import Asked
from surpass.evaluate.readings import Reading
from surpass.measure.metrics import metric
from surpass.model.find import find_base
from surpass.model.load import Loaded, load
from surpass.steps.closed_sets import wording
from surpass.steps.ladder import EvaluateRecipe, shots_of
from surpass.steps.machine import number_type
from surpass.steps.project import Project
from surpass.steps.split import SplitResult
from surpass.steps.train import finished_run


class Answered(NamedTuple):
    """Predictions, how they came about, and how label scores were read."""

    predictions: pl.DataFrame
    asked: Asked
    reading: Reading | None


def ask_model(
    project: Project,
    split: SplitResult,
    recipe: EvaluateRecipe,
    rows: pl.DataFrame,
    reading: Reading | None,
    progress: Progress,
) -> Answered:
    """Predictions of a language model on these rows.

    Args:
        project: The project.
        split: Its split; training rows give the solved examples and the cap on answers.
        recipe: What is evaluated.
        rows: The opened side.
        reading: How label scores are read; none: chosen on these rows, which are then valid.
        progress: Told of finished rows.
    """
    started = time.monotonic()
    loaded = _loaded(project, recipe)
    words = wording(project, split.sides)
    question = Question(words.instruction, shots_of(project, split, words, recipe.model))
    told = Named(progress, f"{recipe.model} on {recipe.side}")
    if recipe.labels:
        scores, tokens = ask_labels(loaded, rows, question, recipe.labels, told)
        if reading is None:
            predictions, reading = choose_reading(
                scores, rows, recipe.labels, metric(recipe.metric)
            )
        else:
            predictions = read_labels(scores, rows, recipe.labels, reading)
        scoring = reading.scoring
    else:
        cap = answer_cap(loaded, split.train, recipe.generation)
        predictions, tokens = ask_texts(loaded, rows, question, cap, recipe.generation, told)
        scoring = f"greedy, at most {cap} tokens"
    seconds = round(time.monotonic() - started, 2)
    return Answered(predictions, Asked(scoring, seconds, tokens, loaded.environment), reading)


def _loaded(project: Project, recipe: EvaluateRecipe) -> Loaded:
    base = find_base(project.settings.model.base, project.folder)
    run = finished_run(project) if recipe.run else None
    adapter = run.adapter if run else None
    return load(base, number_type=number_type(project), adapter=adapter, threads=threads())
