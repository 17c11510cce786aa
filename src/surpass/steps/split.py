"""surpass split: train, valid and a sealed test, with groups and near-duplicates kept together."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.errors import LeakError
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Sides
from surpass.core.records.results import SplitData
from surpass.core.settings import Classify, Extract, Split, Task
from surpass.core.wording import counted
from surpass.data.leaks import leaks
from surpass.data.split import Parts, split
from surpass.steps.dataset import Dataset, current_dataset, keep_version, stored_dataset
from surpass.steps.project import Project
from surpass.store.objects import read_record, write_record
from surpass.text.near_duplicates import NEAR_DUPLICATE

REVISION = 2  # 2: leaks are looked for side by side until none is left
_CLUSTERS = ("cluster of near-duplicates was", "clusters of near-duplicates were")
_REMOVED = ("training row was", "training rows were")


class SplitRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows, dealt out how."""

    version: str
    split: Split
    kind: str
    closed_set: tuple[str, ...]  # declared labels or fields
    threshold: float


class SplitResult(NamedTuple):
    """The open sides; the test is behind its door under `sides.block`."""

    digest: str
    sides: Sides
    train: pl.DataFrame
    valid: pl.DataFrame


def current_split(project: Project) -> SplitResult:
    """Make the split of the examples in force, or find it stored.

    Raises:
        LeakError: the verification found test rows in the training data.
    """
    dataset = current_dataset(project)
    recipe = _recipe(project, dataset)
    stored = project.objects.find(recipe)
    if stored is None or not project.sealed.holds(read_record(stored, "sides", Sides).block):
        sides, parts = _deal(project, dataset, recipe)
        keep_version(project, dataset.version)
        if stored is not None:  # only the sealed rows were gone; they are down again
            return SplitResult(recipe.digest, sides, parts.train, parts.valid)
        with project.objects.write(recipe) as folder:
            parts.train.write_parquet(folder / "train.parquet")
            parts.valid.write_parquet(folder / "valid.parquet")
            write_record(folder, "sides", sides)
        return SplitResult(recipe.digest, sides, parts.train, parts.valid)
    return _read(recipe, stored)


def is_split(project: Project) -> bool:
    """Whether the examples in force are split already; reads and writes no rows."""
    dataset = stored_dataset(project)
    return dataset is not None and project.objects.find(_recipe(project, dataset)) is not None


def _recipe(project: Project, dataset: Dataset) -> SplitRecipe:
    return SplitRecipe(
        stage="split",
        revision=REVISION,
        version=dataset.version.digest,
        split=project.settings.split,
        kind=project.settings.kind,
        closed_set=_declared(project.settings.task),
        threshold=NEAR_DUPLICATE,
    )


def _read(recipe: SplitRecipe, stored: Path) -> SplitResult:
    return SplitResult(
        recipe.digest,
        read_record(stored, "sides", Sides),
        pl.read_parquet(stored / "train.parquet"),
        pl.read_parquet(stored / "valid.parquet"),
    )


def split_account(project: Project) -> Account:
    """What `surpass split` says."""
    sides = current_split(project).sides
    table = Table(
        title="",
        columns=("side", "rows", "groups"),
        rows=(
            ("train", str(sides.train_rows), str(sides.train_groups)),
            ("valid", str(sides.valid_rows), str(sides.valid_groups)),
            ("test, sealed", str(sides.test_rows), str(sides.test_groups)),
        ),
        numeric=("rows", "groups"),
    )
    return Account(
        title="Split",
        headline=f"Sealed as test: {counted(sides.test_rows, 'row')} of "
        f"{counted(sides.test_groups, 'group')}.",
        text=(
            f"{counted(sides.joined_clusters, *_CLUSTERS)} kept on one side; "
            f"{counted(sides.removed_rows, *_REMOVED)} removed, because valid or test shows them.",
            "Verified: no test row shares a group or its text with training.",
        ),
        facts=(Fact(label="test block", value=sides.block[:12]),),
        chapters=(Chapter(title="Sides", tables=(table,)),),
        next_command="surpass seal",
        data=_data(sides),
    )


def _data(sides: Sides) -> SplitData:
    return SplitData(
        version=sides.version,
        block=sides.block,
        rows={"train": sides.train_rows, "valid": sides.valid_rows, "test": sides.test_rows},
        groups={
            "train": sides.train_groups,
            "valid": sides.valid_groups,
            "test": sides.test_groups,
        },
        joined_clusters=sides.joined_clusters,
        removed_rows=sides.removed_rows,
        labels=sides.labels,
    )


def _deal(project: Project, dataset: Dataset, recipe: SplitRecipe) -> tuple[Sides, Parts]:
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
    return Sides(
        version=dataset.version.digest,
        block=project.sealed.put(parts.test),
        train_rows=parts.train.height,
        valid_rows=parts.valid.height,
        test_rows=parts.test.height,
        train_groups=parts.train[columns.GROUP].n_unique(),
        valid_groups=parts.valid[columns.GROUP].n_unique(),
        test_groups=parts.test[columns.GROUP].n_unique(),
        joined_clusters=parts.joined_clusters,
        removed_rows=parts.removed.height,
        labels=_closed_set(project, parts.train),
    ), parts


def _closed_set(project: Project, train: pl.DataFrame) -> tuple[str, ...]:
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
