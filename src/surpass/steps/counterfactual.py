"""Rows of valid asked again with terms swapped that should not matter."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.fairness import Counterfactual, Flips, Swapped
from surpass.measure.bias import share_of_flips
from surpass.steps.asking_again import ask_again
from surpass.steps.evaluate import Evaluated
from surpass.steps.project import Project
from surpass.steps.split import current_split
from surpass.text.swaps import Terms, same_answer, swapper

REVISION = 1
_MOST_ROWS = 400  # asked again; more are drawn from
_EXAMPLES = 5


class CounterfactualRecipe(Recipe, frozen=True, kw_only=True):
    """Whose answers to swapped rows."""

    evaluation: str  # on valid: the answers before the swap
    swaps: Terms
    rows: int  # at most so many
    seed: int


class _Asked(NamedTuple):
    """One model's answers before and after, in the order of the rows."""

    flips: Flips | None
    changed: pl.DataFrame  # ROW, INPUT, "swapped", "before", "after" of the answers that changed
    why_not: str


def counterfactual(
    project: Project, swaps: Terms, tuned: Evaluated, base: Evaluated, progress: Progress
) -> Counterfactual:
    """How often both models' answers change when terms are swapped, both ways at once.

    Args:
        project: The project.
        swaps: Terms that stand for each other.
        tuned: The judged model on valid.
        base: The opponent on valid.
        progress: Told of finished rows.
    """
    swap, valid = swapper(swaps), current_split(project).valid
    swapped = valid.with_columns(
        pl.Series("swapped", [swap(text) for text in valid[columns.INPUT]], dtype=pl.String)
    ).filter(pl.col("swapped") != pl.col(columns.INPUT))
    seed = project.settings.split.seed
    drawn = np.sort(np.random.default_rng(seed).permutation(swapped.height)[:_MOST_ROWS])
    rows = swapped[drawn.tolist()]
    recipes = [
        CounterfactualRecipe(
            stage="counterfactual",
            revision=REVISION,
            evaluation=model.digest,
            swaps=swaps,
            rows=_MOST_ROWS,
            seed=seed,
        )
        for model in (tuned, base)
    ]
    ours = _ask(project, recipes[0], tuned, rows, progress)
    theirs = _ask(project, recipes[1], base, rows, progress)
    return Counterfactual(
        rows=swapped.height,
        asked=rows.height,
        base=theirs.flips,
        tuned=ours.flips,
        why_not=ours.why_not or theirs.why_not,
        examples=tuple(
            Swapped(
                row=one[columns.ROW],
                input=one[columns.INPUT],
                swapped=one["swapped"],
                before=one["before"],
                after=one["after"],
            )
            for one in ours.changed.head(_EXAMPLES).iter_rows(named=True)
        ),
    )


def _ask(
    project: Project,
    recipe: CounterfactualRecipe,
    model: Evaluated,
    rows: pl.DataFrame,
    progress: Progress,
) -> _Asked:
    none = rows.clear().select(columns.ROW, columns.INPUT, "swapped")
    if rows.is_empty():
        return _Asked(None, none, "no row of valid has any of the terms")
    try:
        after = _answers(project, recipe, model, rows, progress)
        both = _beside(model.predictions, after, rows)
        differ = _differ(both, swapper(recipe.swaps))
        flips = share_of_flips(differ.to_numpy(), both[columns.GROUP].to_numpy())
    except CannotTell as error:
        return _Asked(None, none, str(error.args[0]))
    return _Asked(flips, both.filter(differ), "")


def _answers(
    project: Project,
    recipe: CounterfactualRecipe,
    model: Evaluated,
    rows: pl.DataFrame,
    progress: Progress,
) -> pl.DataFrame:
    """ROW, ANSWER and STATUS of the swapped rows, asked now or found stored."""
    stored = project.objects.find(recipe)
    if stored is not None:
        return pl.read_parquet(stored / "answers.parquet")
    put = rows.drop(columns.INPUT).rename({"swapped": columns.INPUT})
    answers = ask_again(project, model, put.select(rows.drop("swapped").columns), progress).select(
        columns.ROW, columns.ANSWER, columns.STATUS
    )
    with project.objects.write(recipe) as folder:
        answers.write_parquet(folder / "answers.parquet")
    return answers


def _beside(before: pl.DataFrame, after: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the answers before and after the swap, and whether each could be read."""
    found = rows.select(columns.ROW, columns.GROUP, columns.INPUT, "swapped")
    for name, frame in (("before", before), ("after", after)):
        answers = frame.select(
            columns.ROW,
            pl.col(columns.ANSWER).fill_null("").alias(name),
            pl.col(columns.STATUS).alias(f"{name} {columns.STATUS}"),
        )
        found = found.join(answers, on=columns.ROW, how="left", maintain_order="left")
    return found


def _differ(both: pl.DataFrame, swap: Callable[[str], str]) -> pl.Series:
    """Whether each answer changed; one that cannot be read is not known to be the same."""
    unread = pl.any_horizontal(
        pl.col(f"{name} {columns.STATUS}") == "unreadable" for name in ("before", "after")
    )
    texts = both.select("before", "after").iter_rows()
    other = pl.Series([not same_answer(a, b, swap) for a, b in texts], dtype=pl.Boolean)
    return both.select(unread.alias("differ"))["differ"] | other
