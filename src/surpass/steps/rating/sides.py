"""Two models' answers to the same rows, for people to compare; to test rows only by their door."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput, Refused, SurpassError
from surpass.data.answer_files import Named, answers_for, answers_of
from surpass.data.read import read_rows
from surpass.prove.bench import BEST_RUNG
from surpass.steps.answer_recipe import Side
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.ladder import TUNED, rungs_of
from surpass.steps.opponent import best_of
from surpass.steps.project import Project
from surpass.steps.split import current_split

_EXPECTED = ("expected", "target", "reference", "gold", "ideal", "record")
_ROWS = {"valid": "validation rows", "test": "test rows"}
_LONGEST_NAME = 80  # characters; a longer row's name, such as its whole input, becomes a digest


class Sides(NamedTuple):
    """Names of two models, and their predictions."""

    names: tuple[str, str]
    first: pl.DataFrame
    second: pl.DataFrame
    side: str = "files"  # valid, test or files
    candidate: str = ""  # the second model, as the ledger calls it


def sides(project: Project, files: tuple[Path, Path] | None) -> Sides:
    """The answers of two files; without files those of the base's best rung and the tuned model.

    Raises:
        BadInput: a file cannot be read, or does not say what was asked.
        Refused: a model has no answers to validation rows yet.
    """
    if files is not None:
        first, second = files
        names = (
            (first.name, second.name) if first.name != second.name else (str(first), str(second))
        )
        return Sides(names, _from_file(project, first), _from_file(project, second))
    return _of_models(project, "valid")


def sides_on_test(project: Project) -> Sides:
    """The answers to the test rows of the base's best rung and the tuned model.

    Opens nothing: who shows them to people says so at the door first.

    Raises:
        Refused: a model has no answers to test rows yet.
    """
    return _of_models(project, "test")


def _of_models(project: Project, side: Side) -> Sides:
    tuned = stored_evaluation(project, TUNED, side)
    base = _best_stored_rung(project, side) if tuned is not None else None
    if tuned is None or base is None:
        lacking = "the tuned model" if tuned is None else "any base rung"
        raise Refused(
            f"There are no answers of {lacking} to {_ROWS[side]}.",
            fix="Run `surpass train` and `surpass evaluate` first, or name two files of answers."
            if side == "valid"
            else "Run `surpass verdict` first: a preference is INCONCLUSIVE until people have "
            "rated, then the same command answers it.",
        )
    names = (base.record.model, tuned.record.model)
    return Sides(names, base.predictions, tuned.predictions, side, tuned.candidate)


def _best_stored_rung(project: Project, side: Side) -> Evaluated | None:
    """The answers of the rung that scores best on valid, among those that have answered."""
    criteria = project.settings.criteria_in_force
    named = [one.against for one in criteria.primary]
    names = rungs_of(project) if BEST_RUNG in named else (named[0],)
    found = {name: stored_evaluation(project, name, "valid") for name in names}
    scored = {name: one for name, one in found.items() if one is not None}
    return stored_evaluation(project, best_of(criteria, scored), side) if scored else None


def _from_file(project: Project, path: Path) -> pl.DataFrame:
    """Answers of a file with what was asked: from the file itself, else from the valid rows."""
    rows = read_rows(path)
    answers = answers_of(rows, Named())
    if answers[columns.INPUT].null_count():
        return _with_valid_rows(project, path, answers)
    expected = [name for name in rows.frame.columns if name.casefold() in _EXPECTED]
    target = (
        rows.frame[expected[0]] if expected else pl.Series([None] * answers.height, dtype=pl.String)
    )
    strata = [
        rows.frame[name].cast(pl.String).alias(columns.attribute(name))
        for name in project.settings.rating.strata or project.settings.data.slices
        if name in rows.frame.columns
    ]
    named = pl.coalesce(columns.ROW, columns.INPUT)
    complete = answers.with_columns(
        pl.when(named.str.len_chars() > _LONGEST_NAME)
        .then(named.map_elements(lambda text: digest_text(text)[:16], return_dtype=pl.String))
        .otherwise(named)
        .alias(columns.ROW),
        target.cast(pl.String).alias(columns.TARGET),
        pl.col(columns.ANSWER).fill_null(""),
        *strata,
    )
    twice = complete.filter(pl.col(columns.ROW).is_duplicated())
    if not twice.is_empty():
        raise BadInput(
            f"{path} answers {twice[columns.ROW][0]!r} more than once.",
            fix="Keep one answer a row.",
        )
    return complete


def _with_valid_rows(project: Project, path: Path, answers: pl.DataFrame) -> pl.DataFrame:
    try:
        valid = current_split(project).valid
    except SurpassError as error:
        raise BadInput(
            f"{path} has no column with the inputs, and there are no valid rows ({error.args[0]}).",
            fix="Add a column `input`, or run `surpass split`.",
        ) from None
    given = answers_for(valid, answers)[columns.ANSWER]
    return valid.with_columns(given.alias(columns.ANSWER)).filter(given.is_not_null())
