"""What a model still knows beside its task: its loss on texts of other kinds, measured once."""

import time
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import Refused
from surpass.core.progress import Named, Progress
from surpass.core.recipe import Recipe
from surpass.core.records.run import MeasuredLoss
from surpass.core.settings import Forgetting
from surpass.data.passages import passages_digest
from surpass.steps.answer_recipe import weights_of
from surpass.steps.closed_sets import wording
from surpass.steps.passages import passages
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.store.objects import read_record, write_record

REVISION = 1
BASE = "base"


class LossRecipe(Recipe, frozen=True, kw_only=True):
    """Which model reads which texts."""

    run: str | None  # of a tuned model; of an adopted one the digest of its files
    adapter: str | None
    base: str | None
    texts: str  # digest of the file
    columns: tuple[str | None, ...]  # of question, answer and group, where named
    task_columns: tuple[str, str]  # looked for where none is named
    instruction: str  # digest of what is told before each question


class Losses(NamedTuple):
    """One model's loss on each text of a criterion."""

    digest: str
    record: MeasuredLoss
    frame: pl.DataFrame  # ROW, GROUP, "tokens" and "loss", nats per token


class Compared(NamedTuple):
    """Both models on the same texts."""

    base: Losses
    tuned: Losses

    @property
    def frame(self) -> pl.DataFrame:
        """One row a text: ROW, GROUP, BASE_LOSS and TUNED_LOSS."""
        return self.base.frame.select(
            columns.ROW,
            columns.GROUP,
            pl.col("loss").alias(columns.BASE_LOSS),
            self.tuned.frame["loss"].alias(columns.TUNED_LOSS),
        )


def compare_losses(project: Project, wanted: Forgetting, of: str, progress: Progress) -> Compared:
    """Losses of the base and of a model that was trained here or adopted; stored ones are kept.

    Raises:
        BadInput: the file cannot be read, or a text of it cannot be scored.
        Refused: the model is not trained, or the two were measured in two environments.
    """
    base, tuned = (measured_loss(project, wanted, name, progress) for name in (BASE, of))
    if base.record.environment != tuned.record.environment:
        raise Refused(
            f"The losses of the base and of `{of}` on {wanted.on} were measured in 2 environments "
            "(number type, libraries or machine differ): a rise may not be the tuning's.",
            fix="Delete .surpass/cache/loss and run `surpass verdict` again on one machine.",
        )
    return Compared(base, tuned)


def measured_loss(project: Project, wanted: Forgetting, of: str, progress: Progress) -> Losses:
    """One model's loss on each text of a criterion, measured or found.

    Raises:
        BadInput: the file cannot be read, or a text of it cannot be scored.
        Refused: the model is not trained.
    """
    told = _instruction(project, wanted)
    recipe = _recipe(project, wanted, of, told)
    if project.objects.find(recipe) is None:
        _measure(project, wanted, of, recipe, progress)
    stored = project.objects.find(recipe)
    if stored is None:
        raise RuntimeError("the losses were written but are not there")
    record = read_record(stored, "loss", MeasuredLoss)
    return Losses(recipe.digest, record, pl.read_parquet(stored / "losses.parquet"))


def _instruction(project: Project, wanted: Forgetting) -> str:
    """What is told before each question."""
    if wanted.instruction == "none":
        return ""
    return wording(project, current_split(project).sides).instruction


def _recipe(project: Project, wanted: Forgetting, of: str, told: str) -> LossRecipe:
    weights, task = weights_of(project, of), project.settings.task
    return LossRecipe(
        stage="loss",
        revision=REVISION,
        run=weights.run,
        adapter=weights.adapter,
        base=weights.base,
        texts=passages_digest(project.folder, wanted),
        columns=(wanted.input, wanted.output, wanted.group),
        task_columns=(task.input, task.output),
        instruction=digest_text(told),
    )


def _measure(
    project: Project, wanted: Forgetting, of: str, recipe: LossRecipe, progress: Progress
) -> None:
    from surpass.model.losses import as_document, document_losses  # pulls in torch
    from surpass.steps.asking import loaded_model

    texts, told = passages(project, wanted), _instruction(project, wanted)
    started = time.monotonic()
    loaded = loaded_model(project, of)
    pairs = zip(texts[columns.INPUT], texts[columns.TARGET], strict=True)
    documents = [as_document(loaded, told, asked, text) for asked, text in pairs]
    named = Named(progress, f"loss of {of} on {wanted.on}")
    found = document_losses(loaded, documents, progress=named)
    loss = found.nats / found.tokens
    frame = texts.select(columns.ROW, columns.GROUP).with_columns(
        pl.Series("tokens", found.tokens), pl.Series("loss", loss)
    )
    with project.objects.write(recipe) as folder:
        frame.write_parquet(folder / "losses.parquet")
        record = MeasuredLoss(
            model=of,
            texts=texts.height,
            tokens=int(found.tokens.sum()),
            loss=float(loss.mean()) if np.isfinite(loss).all() else None,
            seconds=round(time.monotonic() - started, 2),
            environment=loaded.environment,
        )
        write_record(folder, "loss", record)
