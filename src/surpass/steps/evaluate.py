"""surpass evaluate: answers and scores of every rung and of the tuned model on one side."""

import time
from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.errors import Refused
from surpass.core.progress import Progress
from surpass.core.records.run import Evaluation
from surpass.data.answer_files import answers_for
from surpass.evaluate.predictions import Asked, given_predictions, label_predictions
from surpass.evaluate.readings import Reading
from surpass.measure.metrics import Metric, metric, usual_metrics
from surpass.measure.scores import scores_of
from surpass.steps.answer_recipe import (
    AnswersRecipe,
    EndpointRecipe,
    EvaluateRecipe,
    Side,
    answers_recipe,
    candidate_name,
)
from surpass.steps.bring import brought_answers, find_brought
from surpass.steps.code_runs import require_jail_for, with_runs
from surpass.steps.project import Project
from surpass.steps.seal_in_force import require_seal
from surpass.steps.split import SplitResult, current_split
from surpass.store.objects import read_record, write_record


class Evaluated(NamedTuple):
    """One model on one side: name of the result, scores, and its predictions."""

    digest: str
    record: Evaluation
    predictions: pl.DataFrame
    folder: Path
    labels: tuple[str, ...]
    candidate: str  # as the ledger calls it: a rung's name, or run and adapter


def evaluate(project: Project, name: str, side: Side, progress: Progress) -> Evaluated:
    """Score one model on one side, or find the stored result; the test is opened by its door.

    Raises:
        Refused: the test without a seal in force, or the tuned model before it is trained.
    """
    require_jail_for(project.settings.task)
    split = current_split(project)
    if side == "test":
        require_seal(project)
    earlier = evaluate(project, name, "valid", progress).digest if side == "test" else None
    recipe = answers_recipe(project, split, name, side, earlier)
    if project.objects.find(recipe) is None:
        _answer(project, split, recipe, progress)
    stored = project.objects.find(recipe)
    if stored is None:
        raise RuntimeError("the evaluation was written but is not there")
    return _read(project, recipe, stored)


def stored_evaluation(project: Project, name: str, side: Side) -> Evaluated | None:
    """The result if it is there already; never runs a model, never opens the test."""
    try:
        split = current_split(project)
        earlier = None
        if side == "test":
            valid = stored_evaluation(project, name, "valid")
            if valid is None:
                return None
            earlier = valid.digest
        recipe = answers_recipe(project, split, name, side, earlier)
    except Refused:
        return None
    stored = project.objects.find(recipe)
    return _read(project, recipe, stored) if stored else None


def _read(project: Project, recipe: AnswersRecipe, folder: Path) -> Evaluated:
    return Evaluated(
        digest=recipe.digest,
        record=read_record(folder, "evaluation", Evaluation),
        predictions=pl.read_parquet(folder / "predictions.parquet"),
        folder=folder,
        labels=recipe.labels,
        candidate=candidate_name(project, recipe),
    )


def _answer(
    project: Project, split: SplitResult, recipe: AnswersRecipe, progress: Progress
) -> None:
    """Open the side, let the model answer, score, store."""
    metrics = _metrics(project)  # first: a name that is none is said before a model is asked
    rows = split.valid
    if recipe.side == "test":
        rows = project.sealed.open(
            split.sides.block, candidate=candidate_name(project, recipe), purpose="score"
        )
    with project.objects.write(recipe) as folder:
        if isinstance(recipe, EndpointRecipe):
            from surpass.steps.endpoint_asking import ask_over_network  # pulls in aiohttp

            predictions, asked = ask_over_network(project, split, recipe, rows, progress)
            predictions = with_runs(project.settings.task, predictions, progress)
        elif not isinstance(recipe, EvaluateRecipe):
            predictions, asked = _given(project, recipe, rows, progress)
        elif recipe.model == "linear":
            predictions, asked = linear_answers(project, split, recipe, rows)
        else:
            from surpass.steps.asking import ask_model  # pulls in torch

            reading = _reading_from_valid(project, recipe)
            predictions, asked, reading = ask_model(project, split, recipe, rows, reading, progress)
            write_record(folder, "reading", reading)
        predictions.write_parquet(folder / "predictions.parquet")
        write_record(folder, "evaluation", _scored(metrics, recipe, predictions, asked))
    project.objects.drop_scratch(recipe)


def _given(
    project: Project, recipe: AnswersRecipe, rows: pl.DataFrame, progress: Progress
) -> tuple[pl.DataFrame, Asked]:
    """The answers that were brought for these rows."""
    answers = brought_answers(project, find_brought(project, recipe.model))
    given = answers_for(rows, answers)
    predictions = given_predictions(rows, given, project.settings.kind, recipe.labels)
    predictions = with_runs(project.settings.task, predictions, progress)
    return predictions, Asked("another engine", 0.0, 0, None)


def linear_answers(
    project: Project, split: SplitResult, recipe: EvaluateRecipe, rows: pl.DataFrame
) -> tuple[pl.DataFrame, Asked]:
    """Train the linear model on words on the split's training rows, and answer these rows."""
    from surpass.evaluate.linear import linear_probabilities  # pulls in scikit-learn

    seed = project.settings.split.seed
    started = time.monotonic()
    probabilities = linear_probabilities(split.train, rows, recipe.labels, seed)
    seconds = round(time.monotonic() - started, 2)
    predictions = label_predictions(rows, recipe.labels, probabilities)
    return predictions, Asked("linear", seconds, 0, None)


def _reading_from_valid(project: Project, recipe: EvaluateRecipe) -> Reading | None:
    """How this model's label scores were read on valid; none where that is still to be chosen."""
    if recipe.side == "valid" or not recipe.labels:
        return None
    valid = stored_evaluation(project, recipe.model, "valid")
    if valid is None:
        raise RuntimeError("a test evaluation follows a stored valid one")
    return read_record(valid.folder, "reading", Reading)


def _metrics(project: Project) -> list[Metric]:
    """The usual ones of the kind, and those of the criteria with their options."""
    criteria = project.settings.criteria_in_force
    found = {one.name: one for one in usual_metrics(project.settings.kind)}
    asked = {gate.metric: criteria.metrics.get(gate.metric) for gate in criteria.gates}
    found |= {name: metric(name, options) for name, options in asked.items()}
    return list(found.values())


def _scored(
    metrics: list[Metric], recipe: AnswersRecipe, predictions: pl.DataFrame, asked: Asked
) -> Evaluation:
    """What is reported of the task's kind; one that cannot be computed is named, not zero."""
    found, left_out = scores_of(metrics, predictions, recipe.labels)
    count = predictions[columns.STATUS].value_counts().rows_by_key(columns.STATUS, unique=True)
    return Evaluation(
        model=recipe.model,
        side=recipe.side,
        rows=predictions.height,
        scores=found,
        unreadable=count.get("unreadable", (0,))[0],
        truncated=count.get("truncated", (0,))[0],
        scoring=asked.scoring,
        seconds=asked.seconds,
        prompt_tokens=asked.prompt_tokens,
        environment=asked.environment,
        left_out_scores=left_out,
    )
