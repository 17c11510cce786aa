"""surpass split: train, valid and a sealed test, with groups and near-duplicates kept together."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_record, digest_text
from surpass.core.errors import LeakError
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Sides
from surpass.core.settings import Classify, Extract, Split, Task
from surpass.data.leaks import leaks, leaks_against
from surpass.data.split import Parts, split
from surpass.steps.added_rows import Dealt, added_to_train, is_added
from surpass.steps.data_versions import data_versions
from surpass.steps.dataset import (
    Dataset,
    current_dataset,
    current_version,
    keep_version,
    stored_version,
)
from surpass.steps.extension import (
    extended,
    extensions,
    is_laid_down,
    lay_down,
)
from surpass.steps.project import Project
from surpass.steps.tell.split import sides_account
from surpass.steps.tested import gating_rows, held_blocks, kept_out, tested_blocks
from surpass.store.objects import read_record, write_record
from surpass.text.near_duplicates import NEAR_DUPLICATE

REVISION = 2  # 2: leaks are looked for side by side until none is left


class SplitRecipe(Recipe, frozen=True, kw_only=True, omit_defaults=True):
    """Which rows, dealt out how."""

    version: str
    split: Split
    kind: str
    closed_set: tuple[str, ...]  # declared labels or fields
    threshold: float
    held: tuple[str, ...] = ()  # blocks whose rows stay out of train and valid: they were tests


class SplitResult(NamedTuple):
    """The open sides; the test is behind its door under `sides.block`."""

    digest: str
    sides: Sides
    train: pl.DataFrame
    valid: pl.DataFrame
    added: pl.DataFrame | None = None  # copies and twins of rows of train, with MADE_FROM

    @property
    def taught(self) -> pl.DataFrame:
        """What a model is trained on: the rows of train, and what mitigation adds to them.

        Everything else, such as baselines and checks, reads `train`.
        """
        if self.added is None:
            return self.train
        of_these = self.added.filter(
            pl.col(columns.MADE_FROM).is_in(self.train[columns.ROW].implode())
        )
        return pl.concat([self.train, of_these.select(self.train.columns)])

    @property
    def taught_digest(self) -> str:
        """Names what a model is trained on."""
        if self.added is None:
            return self.digest
        return digest_record([self.digest, digest_text(self.added.write_json())])


def current_split(project: Project) -> SplitResult:
    """Make the split of the examples in force, or find it stored.

    An extension of the test (`extend_test`) leaves train and valid as they are, and what was made
    from them. What is dealt anew after a seal, be it for other rows, another seed or other files,
    keeps the rows of every test so far out of train and valid, and the sealed test as it is.

    Raises:
        LeakError: the verification found test rows in the training data.
    """
    made = extensions(project)
    version = current_version(project)
    recipe = _recipe(project, version.examples or version.digest)
    stored = project.objects.find(recipe)
    if stored is None or not project.sealed.holds(read_record(stored, "sides", Sides).block):
        result = _laid_down(project, recipe)
    else:
        result = _read(recipe, stored)
    if version.examples is not None:
        # what is added changes nothing of how the rows were dealt out
        sides = msgspec.structs.replace(result.sides, version=version.digest)
        dealt = Dealt(recipe.digest, result.train, result.valid, _tests(project, result.sides))
        added = added_to_train(project, version, dealt)
        result = result._replace(sides=sides, added=added)
    if made:
        return result._replace(sides=extended(project, result.sides, made[-1]))
    return result


def _tests(project: Project, sides: Sides) -> tuple[str, ...]:
    """Every block that is or was the test."""
    return tuple(dict.fromkeys((*tested_blocks(project), sides.block)))


def is_split(project: Project) -> bool:
    """Whether `current_split` would find all of it stored; reads and writes no rows."""
    version, made = stored_version(project), extensions(project)
    if version is None:
        return False
    recipe = _recipe(project, version.examples or version.digest)
    stored = project.objects.find(recipe)
    if stored is None or not project.sealed.holds(read_record(stored, "sides", Sides).block):
        return False
    tests = _tests(project, read_record(stored, "sides", Sides))
    if not is_added(project, version, recipe.digest, tests):
        return False
    return not made or is_laid_down(project, made[-1])


def split_unasked(project: Project) -> tuple[str, ...]:
    """Deal the rows out if nobody has, and say so: what follows depends on it."""
    if is_split(project):
        return ()
    sides = current_split(project).sides
    return (
        f"These rows were not split yet and are now: {sides.train_rows:,} train, "
        f"{sides.valid_rows:,} valid, {sides.test_rows:,} test. What `surpass check` and "
        "`surpass fix` change deals them anew.",
    )


def shown_test_rows(project: Project, split: SplitResult, rows: pl.DataFrame) -> pl.DataFrame:
    """Test rows that other rows show, told from hashes alone: columns ROW, PARTNER, REASON."""
    prints = project.sealed.fingerprints(split.sides.block)
    return leaks_against(rows, prints, NEAR_DUPLICATE)


def _recipe(project: Project, version: str) -> SplitRecipe:
    """The recipe, with the blocks whose rows it keeps out of train and valid."""
    plain = SplitRecipe(
        stage="split",
        revision=REVISION,
        version=version,
        split=project.settings.split,
        kind=project.settings.kind,
        closed_set=_declared(project.settings.task),
        threshold=NEAR_DUPLICATE,
    )
    held = held_blocks(project, lambda blocks: msgspec.structs.replace(plain, held=blocks).digest)
    return msgspec.structs.replace(plain, held=held)


def _laid_down(project: Project, recipe: SplitRecipe) -> SplitResult:
    """Deal the rows out, the test behind its door; what is stored already stays."""
    dataset = current_dataset(project)
    sides, parts = _deal(project, dataset, recipe)
    keep_version(project, dataset.version)
    if project.objects.find(recipe) is None:
        with project.objects.write(recipe) as folder:
            parts.train.write_parquet(folder / "train.parquet")
            parts.valid.write_parquet(folder / "valid.parquet")
            write_record(folder, "sides", sides)
    return SplitResult(recipe.digest, sides, parts.train, parts.valid)


def _read(recipe: SplitRecipe, stored: Path) -> SplitResult:
    return SplitResult(
        recipe.digest,
        read_record(stored, "sides", Sides),
        pl.read_parquet(stored / "train.parquet"),
        pl.read_parquet(stored / "valid.parquet"),
    )


def split_account(project: Project) -> Account:
    """What `surpass split` says; the version is kept, also where its rows were dealt out before."""
    made = current_split(project)
    keep_version(project, current_version(project))
    added = 0 if made.added is None else made.added.height
    return sides_account(made.sides, added, data_versions(project))


def _deal(project: Project, dataset: Dataset, recipe: SplitRecipe) -> tuple[Sides, Parts]:
    """Deal out what is free to be dealt: rows of an earlier test stay behind the door.

    Raises:
        LeakError: a row of train shows one of the test.
    """
    gating = gating_rows(project, dataset, recipe.held)
    if recipe.held:
        dataset = kept_out(project, dataset, recipe.held, gating)
    parts = split(
        dataset.train,
        project.settings.split,
        stratify=recipe.kind == "classify",
        valid=dataset.valid,
        test=dataset.test,
        threshold=recipe.threshold,
    )
    leaked = leaks(parts.train, parts.test)
    if leaked.height:
        first = leaked[columns.ROW][0]
        raise LeakError(leaked[columns.ROW].n_unique(), parts.test.height, str(first))
    test = lay_down(project, parts.test if gating is None else gating)
    return Sides(
        version=dataset.version.examples or dataset.version.digest,
        block=test.block,
        train_rows=parts.train.height,
        valid_rows=parts.valid.height,
        test_rows=test.rows,
        train_groups=parts.train[columns.GROUP].n_unique(),
        valid_groups=parts.valid[columns.GROUP].n_unique(),
        test_groups=test.groups,
        joined_clusters=parts.joined_clusters,
        removed_rows=parts.removed.height,
        labels=closed_set(project, parts.train),
    ), parts


def closed_set(project: Project, train: pl.DataFrame) -> tuple[str, ...]:
    """Labels of a classifier or keys of a record: declared, or those of the training rows."""
    task = project.settings.task
    if isinstance(task, Classify):
        return task.labels or tuple(sorted(set(train[columns.TARGET])))
    return _declared(task) or (_keys(train) if isinstance(task, Extract) else ())


def _declared(task: Task) -> tuple[str, ...]:
    """Labels or fields that the user wrote down."""
    if isinstance(task, Classify):
        return task.labels
    return task.fields if isinstance(task, Extract) else ()


def _keys(train: pl.DataFrame) -> tuple[str, ...]:
    """Keys of the records, the commonest first."""
    seen: Counter[str] = Counter()
    for text in train[columns.TARGET]:
        try:
            record = json.loads(text)
        except ValueError:
            continue
        seen.update(list(record) if isinstance(record, dict) else [])
    return tuple(key for key, _ in seen.most_common())
