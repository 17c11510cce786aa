"""What a project knows of its models' worth: quality, cost of an answer, hours of training."""

from pathlib import Path

import polars as pl

from surpass.core import columns
from surpass.core.records.brought import ENDPOINT, FILE
from surpass.measure.row_scores import row_scores
from surpass.model.find import base_here
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.ladder import TUNED, rungs_of
from surpass.steps.planning.worth import Known, Serving
from surpass.steps.project import Project, open_project
from surpass.steps.train import finished_run

_RIGHT = 1 - 1e-9  # the score of a row from which on its answer is accepted


def known_to_project(folder: Path) -> Known:
    """From what is stored of valid; nothing is run, and the best rung stands for the base."""
    project = open_project(folder)
    price = project.settings.budget.price_per_hour
    if base_here(project.settings.model.base, folder) is None:
        return Known(training_price=price)  # nothing is fetched, and nothing can be stored
    rungs = {name: _serving(project, name) for name in rungs_of(project)}
    scored = {name: one for name, one in rungs.items() if one.quality is not None}
    best = max(scored, key=lambda name: scored[name].quality or 0.0, default=None)
    run = finished_run(project)
    runs = () if run is None else (run, *run.further)
    return Known(
        base=Serving() if best is None else scored[best],
        tuned=_serving(project, TUNED),
        training_hours=sum(one.run.seconds for one in runs) / 3600 if runs else None,
        training_price=price,
        base_name=best or "base",
    )


def _serving(project: Project, name: str) -> Serving:
    """Quality and cost of a model on valid, as far as they are stored."""
    stored = stored_evaluation(project, name, "valid")
    if stored is None or stored.predictions.is_empty():
        return Serving()
    scores = row_scores(project.settings.kind, stored.predictions, stored.labels)
    right = float((scores.fill_null(0.0) >= _RIGHT).sum())
    return Serving(
        quality=right / stored.predictions.height,
        cost=_cost(stored, project.settings.budget.price_per_hour),
    )


def _cost(stored: Evaluated, price_per_hour: float | None) -> float | None:
    """Of one answer: what was paid for it, else this machine's seconds at their price."""
    rows = stored.predictions.height
    if columns.COST in stored.predictions.columns:
        costs = stored.predictions[columns.COST]
        return None if costs.null_count() else float(costs.cast(pl.Float64).sum()) / rows
    elsewhere = stored.record.model.startswith((ENDPOINT, FILE))
    if price_per_hour is None or elsewhere:
        return None
    return stored.record.seconds / 3600 * price_per_hour / rows
