"""One point of a learning curve: train on a part of the training rows, answer valid, keep both."""

from typing import Literal, NamedTuple

import msgspec
import numpy as np
import polars as pl

from surpass.core.digest import digest_record
from surpass.core.progress import Progress
from surpass.measure.one_more import grouped
from surpass.measure.subsets import nested_order
from surpass.model.find import find_base
from surpass.steps.answer_recipe import EvaluateRecipe
from surpass.steps.closed_sets import wording
from surpass.steps.evaluate import linear_answers
from surpass.steps.project import Project
from surpass.steps.split import SplitResult
from surpass.steps.train import REVISION as TRAIN_REVISION
from surpass.steps.train import TrainRecipe, stored_run, train_once

REVISION = 1
Tier = Literal["proxy", "real"]
_PROXY = "linear"
_FILE = "predictions.parquet"


class Point(NamedTuple):
    """One training: so many rows, in the order of this seed."""

    rows: int
    seed: int


def stored_answers(
    project: Project, split: SplitResult, tier: Tier, point: Point
) -> pl.DataFrame | None:
    """Its predictions on valid, if they are there; trains nothing."""
    stored = project.objects.find(_recipe(project, split, tier, point))
    return None if stored is None else pl.read_parquet(stored / _FILE)


def answers_of(
    project: Project, split: SplitResult, tier: Tier, point: Point, progress: Progress
) -> pl.DataFrame:
    """Train by this point and answer valid, or find either stored; the test stays sealed."""
    recipe = _recipe(project, split, tier, point)
    if project.objects.find(recipe) is None:
        part = _part(split, point)
        if tier == "proxy":
            predictions = linear_answers(project, part, recipe, split.valid)[0]
        else:
            predictions = _answers_of_tuned(project, part, recipe, point, progress)
        with project.objects.write(recipe) as folder:
            predictions.write_parquet(folder / _FILE)
    stored = stored_answers(project, split, tier, point)
    if stored is None:
        raise RuntimeError("the point was written but is not there")
    return stored


def _part(split: SplitResult, point: Point) -> SplitResult:
    """The split with the first rows of the seed's order as its training rows, as the file has them.

    Labels, and with them the instruction, stay those of all rows: they are declared, not learned.
    """
    order = nested_order(grouped(split.train).member, point.seed)[: point.rows]
    return split._replace(
        digest=digest_record([split.digest, "part", *point]),
        train=split.train[np.sort(order).tolist()],
    )


def _answers_of_tuned(
    project: Project, part: SplitResult, recipe: EvaluateRecipe, point: Point, progress: Progress
) -> pl.DataFrame:
    from surpass.steps.asking import Put, ask_loaded, loaded_run  # pulls in torch

    training = _train_recipe(project, part, point)
    if stored_run(project, training) is None:
        train_once(project, part, training, progress)
    run = stored_run(project, training)
    if run is None:
        raise RuntimeError("the run was written but is not there")
    put = Put(part, recipe, part.valid)
    return ask_loaded(loaded_run(project, run), project, put, None, progress).predictions


def _train_recipe(project: Project, part: SplitResult, point: Point) -> TrainRecipe:
    """As `surpass train` has it, but under a name of its own: no verdict is ever given on it."""
    settings = project.settings
    seed = settings.training.seed + point.seed
    return TrainRecipe(
        stage="curve-run",
        revision=TRAIN_REVISION,
        split=part.digest,
        base=find_base(settings.model.base, project.folder).digest,
        instruction=wording(project, part.sides).digest,
        tuning=settings.tuning,
        training=msgspec.structs.replace(settings.training, seed=seed),
    )


def _recipe(project: Project, split: SplitResult, tier: Tier, point: Point) -> EvaluateRecipe:
    """Everything that a point's answers depend on; what is scored of them comes later."""
    part, words = _part(split, point), wording(project, split.sides)
    run = None if tier == "proxy" else _train_recipe(project, part, point)
    name = _PROXY if run is None else f"{point.rows} rows, seed {point.seed}"
    return EvaluateRecipe(
        stage="curve",
        revision=REVISION,
        model=name,
        run=None if run is None else run.digest,
        adapter=None,
        base=None if run is None else run.base,
        instruction="" if run is None else words.digest,
        shots=digest_record([]),
        labels=words.labels,
        split=part.digest,
        side="valid",
        block=None,
        generation=project.settings.generation,
        metric=project.settings.criteria_in_force.primary[0].metric,
        reading=None,
    )
