"""Load the model that an evaluation needs and put the rows to it."""

import time
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.environment import threads
from surpass.core.progress import Named, Progress
from surpass.core.records.brought import ADOPTED
from surpass.core.settings import Full
from surpass.evaluate.ask import Question, answer_cap, ask_labels, ask_texts
from surpass.evaluate.labels import choose_reading, read_labels
from surpass.evaluate.predictions import Asked, with_prompts
from surpass.evaluate.readings import Reading
from surpass.evaluate.shots import nearest_shots
from surpass.measure.metrics import metric
from surpass.model.find import Base, find_base
from surpass.model.load import Loaded, load
from surpass.steps.answer_recipe import EvaluateRecipe, tuned_run
from surpass.steps.bring import brought_folder, find_brought
from surpass.steps.closed_sets import wording
from surpass.steps.code_runs import with_runs
from surpass.steps.ladder import RETRIEVED, is_tuned, shots_of
from surpass.steps.machine import number_type
from surpass.steps.project import Project
from surpass.steps.split import SplitResult
from surpass.steps.train import RunResult


class Put(NamedTuple):
    """Which rows are put to a model, told what."""

    split: SplitResult  # its training rows give the solved examples and the cap on answers
    recipe: EvaluateRecipe
    rows: pl.DataFrame


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
    loaded = loaded_model(project, recipe.model)
    answered = ask_loaded(loaded, project, Put(split, recipe, rows), reading, progress)
    seconds = round(time.monotonic() - started, 2)  # loading included
    return answered._replace(asked=answered.asked._replace(seconds=seconds))


def ask_loaded(
    loaded: Loaded, project: Project, put: Put, reading: Reading | None, progress: Progress
) -> Answered:
    """The same of a model that is loaded."""
    started = time.monotonic()
    split, recipe, rows = put
    words = wording(project, split.sides)
    near = None
    if recipe.model == RETRIEVED:
        near = nearest_shots(split.train, rows[columns.INPUT], project.settings.ladder.shots)
    shots = shots_of(project, split, words, recipe.model)
    question = Question(words.instruction, shots, near)
    told = Named(progress, f"{recipe.model} on {recipe.side}")
    if recipe.labels:
        at_once = recipe.generation.batch_rows
        scores, tokens = ask_labels(loaded, rows, question, recipe.labels, told, at_once)
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
        predictions = with_runs(project.settings.task, predictions, told)
    seconds = round(time.monotonic() - started, 2)
    asked = Asked(scoring, seconds, sum(tokens), loaded.environment)
    return Answered(with_prompts(predictions, tokens), asked, reading)


def loaded_model(project: Project, name: str) -> Loaded:
    """The tuned model, an adopted one, or for any other name the base."""
    if is_tuned(name):
        return loaded_run(project, tuned_run(project, name))
    base, adapter = find_base(project.settings.model.base, project.folder), None
    if name.startswith(ADOPTED):
        entry = find_brought(project, name)
        folder = brought_folder(project, entry)
        adapter = folder if entry.kind == "adapter" else None
        base = base if adapter else find_base(str(folder), project.folder)
    return load(base, number_type=number_type(project), adapter=adapter, threads=threads())


def loaded_run(project: Project, run: RunResult) -> Loaded:
    """The model that a training run left."""
    base, adapter = find_base(project.settings.model.base, project.folder), run.adapter
    if isinstance(project.settings.tuning, Full):  # its weights need no base
        base = Base(name="tuned", folder=run.adapter, digest=run.digest)
        return load(base, number_type=number_type(project), adapter=None, threads=threads())
    return load(base, number_type=number_type(project), adapter=adapter, threads=threads())
