"""Predictions on valid that tell, before sealing, how much two models disagree on this task."""

import polars as pl

from surpass.steps.evaluate import stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.project import Project


def pilot_predictions(project: Project) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Two baselines' predictions on valid, the first two of the ladder, if they are stored."""
    stored = [stored_evaluation(project, name, "valid") for name in rungs_of(project)]
    found = [evaluated.predictions for evaluated in stored if evaluated is not None]
    return (found[0], found[1]) if len(found) >= 2 else None
