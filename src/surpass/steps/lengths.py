"""How many tokens the rows have in the base model's words, counted where the base is at hand."""

from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.core.recipe import Recipe
from surpass.model.find import Base, base_here
from surpass.steps.project import Project, instruction
from surpass.steps.split import closed_set
from surpass.text.shingles import text_hashes

REVISION = 1
_MOST_ROWS = 1_000
_FILE, _HASH = "lengths.parquet", "hash"
_LONGEST = "longest"


class LengthsRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows are counted in whose tokens."""

    rows: str
    base: str
    instruction: str
    most: int | None


class RowLengths(NamedTuple):
    """Tokens of rows, and how many are kept."""

    rows: pl.DataFrame  # ROW, IN_TOKENS, OUT_TOKENS
    longest: int


def row_lengths(project: Project, examples: pl.DataFrame) -> RowLengths | None:
    """Tokens of at most 1,000 rows; none where the base is not here or cannot be read.

    Counted once for the same rows, base and instruction, and kept.
    """
    base = base_here(project.settings.model.base, project.folder)
    if base is None or examples.is_empty():
        return None
    turns = [name for name in examples.columns if name == columns.TURNS]
    drawn = examples.select(columns.ROW, columns.INPUT, columns.TARGET, *turns).with_columns(
        text_hashes(examples[columns.ROW]).alias(_HASH)
    )
    sample = drawn.sort(_HASH, columns.ROW).head(_MOST_ROWS).drop(_HASH)
    most = project.settings.training.max_tokens
    known, kind = closed_set(project, examples), project.settings.kind
    labels, fields = (known if kind == name else () for name in ("classify", "extract"))
    try:
        words = instruction(project, labels, fields)
    except BadInput:  # the check warns of a missing instruction by itself
        return None
    recipe = LengthsRecipe(
        stage="lengths",
        revision=REVISION,
        rows=digest_text(sample.write_json()),
        base=base.digest,
        instruction=digest_text(words),
        most=None if most == "auto" else most,
    )
    stored = project.objects.find(recipe)
    if stored is not None:
        found = pl.read_parquet(stored / _FILE)
        return RowLengths(found.drop(_LONGEST), found[_LONGEST][0])
    counted = _counted(base, words, sample, recipe.most)
    if counted is not None:
        with project.objects.write(recipe) as folder:
            kept = counted.rows.with_columns(pl.lit(counted.longest).alias(_LONGEST))
            kept.write_parquet(folder / _FILE)
    return counted


def _counted(base: Base, words: str, rows: pl.DataFrame, most: int | None) -> RowLengths | None:
    """Count; of a base that cannot be read `plan` and `train` complain, not a check."""
    try:
        from surpass.train.encode import count_lengths  # pulls in torch, which may be missing

        found = count_lengths(base, words, rows, most)
    except (BadInput, ImportError):
        return None
    frame = rows.select(
        columns.ROW,
        pl.Series(columns.IN_TOKENS, found.prompts, dtype=pl.Int64),
        pl.Series(columns.OUT_TOKENS, found.answers, dtype=pl.Int64),
    )
    return RowLengths(frame, found.longest)
