"""What mitigation adds to the training rows of a split: never what valid or a test would show."""

from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Version
from surpass.data.leaks import fingerprints, leaks_against
from surpass.steps.dataset import current_dataset, keep_version
from surpass.steps.extension import parted
from surpass.steps.project import Project
from surpass.text.near_duplicates import NEAR_DUPLICATE

REVISION = 1
_FILE = "added.parquet"


class AddedRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows, dealt out how."""

    version: str  # with what was added
    deal: str  # digest of the split, which knows nothing of it
    tests: tuple[str, ...]  # blocks that nothing added may show


class Dealt(NamedTuple):
    """A split, as far as it decides what may be added to it."""

    digest: str
    train: pl.DataFrame
    valid: pl.DataFrame
    tests: tuple[str, ...]  # every block that is or was the test


def added_to_train(project: Project, version: Version, dealt: Dealt) -> pl.DataFrame | None:
    """Copies and twins of rows of train, with MADE_FROM; none where nothing is left of them.

    What is made of a row of another side is left out, and so is a twin that would show a row of
    valid or of any test.
    """
    recipe = _recipe(version, dealt.digest, dealt.tests)
    stored = project.objects.find(recipe)
    if stored is not None:
        kept = pl.read_parquet(stored / _FILE)
        return kept if kept.height else None
    dataset = current_dataset(project)
    keep_version(project, dataset.version)
    added = dealt.train.clear() if dataset.added is None else _safe(project, dataset.added, dealt)
    with project.objects.write(recipe) as folder:
        added.write_parquet(folder / _FILE)
    return added if added.height else None


def is_added(project: Project, version: Version, deal: str, tests: tuple[str, ...]) -> bool:
    """Whether `added_to_train` would find it stored, or nothing is to be added."""
    recipe = _recipe(version, deal, tests)
    return version.examples is None or project.objects.find(recipe) is not None


def _recipe(version: Version, deal: str, tests: tuple[str, ...]) -> AddedRecipe:
    return AddedRecipe(
        stage="added", revision=REVISION, version=version.digest, deal=deal, tests=tests
    )


def _safe(project: Project, added: pl.DataFrame, dealt: Dealt) -> pl.DataFrame:
    of_train = pl.col(columns.MADE_FROM).is_in(dealt.train[columns.ROW].implode())
    ours = added.filter(of_train)
    for block in dealt.tests:
        ours = parted(ours, project.sealed.digests(block)).others
    held = [project.sealed.fingerprints(b) for b in dealt.tests if project.sealed.holds(b)]
    for one in (fingerprints(dealt.valid), *held):
        shown = leaks_against(ours, one, NEAR_DUPLICATE)
        ours = ours.filter(~pl.col(columns.ROW).is_in(shown[columns.PARTNER].implode()))
    return ours
