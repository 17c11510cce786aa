"""surpass explain: where a model fails on valid, what would mend it, and whether it was mended."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter
from surpass.core.errors import BadInput, CannotTell
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.explanation import Explanation
from surpass.evaluate.blame import blame
from surpass.evaluate.slices.find import find_gaps
from surpass.evaluate.slices.follow import follow, known_gaps
from surpass.evaluate.slices.samples import Pair, pair
from surpass.measure.row_scores import row_scores
from surpass.steps.data_requests import Queue, candidates_in, write_queue
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.ladder import TUNED
from surpass.steps.opponent import best_rung
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.steps.tell.explain import (
    blame_account,
    explain_account,
    failure_chapter,
    unknown_chapter,
)
from surpass.store.objects import read_record, write_record

REVISION = 3  # 3: slices of languages


class ExplainRecipe(Recipe, frozen=True, kw_only=True):
    """Whose answers are explained, against whose, and which gaps were known."""

    tuned: str  # evaluation on valid
    base: str
    split: str
    kind: str
    seed: int
    before: str | None  # digest of the explanation of the model before


class Explained(NamedTuple):
    """An explanation with what it was made from."""

    record: Explanation
    tuned: Evaluated
    base: Evaluated
    opponent: str
    train: pl.DataFrame


def explain(project: Project, progress: Progress, of: str = TUNED) -> Explained:
    """Explain a model's failures on valid, or find the stored result; the test stays sealed.

    Args:
        project: The project.
        progress: Told of finished rows where an evaluation is missing.
        of: "tuned", or the name of a model that was brought.

    Raises:
        CannotTell: too few validation rows.
        Refused: the model is not trained.
    """
    split, opponent = current_split(project), best_rung(project, progress)
    tuned, base = (
        _dated(evaluate(project, name, "valid", progress), split.valid) for name in (of, opponent)
    )
    before = _before(project, of, tuned.digest)
    recipe = ExplainRecipe(
        stage="explanation",
        revision=REVISION,
        tuned=tuned.digest,
        base=base.digest,
        split=split.digest,
        kind=project.settings.kind,
        seed=project.settings.split.seed,
        before=None if before is None else before.name,
    )
    stored = project.objects.find(recipe)
    if stored is not None:
        record = read_record(stored, "explanation", Explanation)
        return Explained(record, tuned, base, opponent, split.train)
    both = pair(recipe.kind, tuned.predictions, base.predictions, tuned.labels)
    record = _explained(recipe, both, split.train, before, names=(of, opponent))
    with project.objects.write(recipe) as folder:
        write_record(folder, "explanation", record)
    return Explained(record, tuned, base, opponent, split.train)


def said_explanation(
    project: Project,
    progress: Progress,
    of: str = TUNED,
    *,
    pool: Path | None = None,
    queue: int | None = None,
) -> Account:
    """What `surpass explain` says; with a pool also which of its rows to label.

    Raises:
        BadInput: a queue without a pool, or a pool that cannot be read.
        CannotTell: too few rows, or a queue where no gap asks for rows.
    """
    if queue is not None and pool is None:
        raise BadInput("--queue takes rows from a pool.", fix="Name it with --pool FILE.")
    if queue is not None and queue < 1:
        raise BadInput(f"--queue {queue} asks for no rows.", fix="Give a number of 1 or more.")
    made = explain(project, progress, of)
    found: Queue | None = None
    written: Path | None = None
    if pool is not None:
        shown = pl.concat([made.train[columns.INPUT], made.tuned.predictions[columns.INPUT]])
        found = candidates_in(project, pool, made.record, made.tuned.predictions, shown)
        written = write_queue(project, found, queue) if queue is not None else None
    kind = project.settings.kind
    answers = _side_by_side(kind, made.tuned, made.base)
    return explain_account(made.record, kind, answers, found=found, written=written, pool=pool)


def require_alone(pool: Path | None, queue: int | None) -> None:
    """Refuse options that `--row` would not look at.

    Raises:
        BadInput: a pool or a queue is named too.
    """
    named = [name for name, value in (("--pool", pool), ("--queue", queue)) if value is not None]
    if named:
        raise BadInput(
            f"--row is about one validation row, {' and '.join(named)} about rows to collect.",
            fix="Ask the one, then the other.",
        )


def explain_chapters(project: Project, progress: Progress, of: str = TUNED) -> tuple[Chapter, ...]:
    """The report's chapter about where the model fails; says so where that is unknown."""
    try:
        made = explain(project, progress, of)
    except CannotTell as error:
        return (unknown_chapter(str(error)),)
    return (failure_chapter(made.record, project.settings.kind),)


def explained_row(project: Project, progress: Progress, row: str, of: str = TUNED) -> Account:
    """What `surpass explain --row` says: the training rows most like one validation row.

    Raises:
        BadInput: no validation row has this name.
    """
    opponent = best_rung(project, progress)
    tuned, base = (evaluate(project, name, "valid", progress) for name in (of, opponent))
    kind = project.settings.kind
    both = _side_by_side(kind, tuned, base).filter(pl.col(columns.ROW) == row)
    if both.is_empty():
        first = tuned.predictions[columns.ROW][0]
        raise BadInput(
            f"No validation row is called {row!r}; test rows are not shown.",
            fix=f"Name one of {tuned.predictions.height} rows of valid, such as {first!r}.",
        )
    near = blame(both.row(0, named=True), current_split(project).train, kind)
    return blame_account(both, near, of, opponent)


def _explained(
    recipe: ExplainRecipe,
    both: Pair,
    train: pl.DataFrame,
    before: Path | None,
    *,
    names: tuple[str, str],
) -> Explanation:
    found = find_gaps(both, train, recipe.kind, recipe.seed)
    known = () if before is None else known_gaps(read_record(before, "explanation", Explanation))
    scored = both.wrong[~np.isnan(both.wrong)]
    return Explanation(
        model=names[0],
        evaluation=recipe.tuned,
        base=names[1],
        rows=both.groups.size,
        groups=int(both.groups.max()) + 1,
        wrong=float(scored.mean()) if scored.size else None,
        candidates=found.candidates,
        discovered=found.discovered,
        confirmed=found.confirmed,
        gaps=found.gaps,
        followed=tuple(follow(gap, both) for gap in known),
    )


def _dated(model: Evaluated, valid: pl.DataFrame) -> Evaluated:
    """The evaluation with the declared time of each row, where one is declared."""
    times = valid.select(columns.ROW, columns.TIME)
    if times[columns.TIME].null_count() == times.height:
        return model
    both = model.predictions.join(times, on=columns.ROW, how="left", maintain_order="left")
    return model._replace(predictions=both)


def _before(project: Project, of: str, evaluation: str) -> Path | None:
    """The last explanation of other answers under this model's name."""
    for folder in project.objects.newest("explanation"):
        record = read_record(folder, "explanation", Explanation)
        if record.model == of and record.evaluation != evaluation:
            return folder
    return None


def _side_by_side(kind: str, tuned: Evaluated, base: Evaluated) -> pl.DataFrame:
    """The tuned model's predictions with the base's answers as `base`, and its `gain` on each."""
    scored = [
        one.predictions.with_columns(row_scores(kind, one.predictions, one.labels).alias("score"))
        for one in (tuned, base)
    ]
    answers = scored[1].select(columns.ROW, pl.col(columns.ANSWER, "score").name.prefix("base "))
    both = scored[0].join(answers, on=columns.ROW, how="left", maintain_order="left")
    return both.with_columns(
        pl.col(f"base {columns.ANSWER}").alias("base"),
        (pl.col("score") - pl.col("base score")).alias("gain"),
    )
