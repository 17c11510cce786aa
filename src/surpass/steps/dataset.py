"""The examples in force: rows of the files named in [data], with every decision applied."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_file, digest_record, digest_text
from surpass.core.errors import BadInput
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Decision, SourceFile, Version
from surpass.core.settings import Data, Task
from surpass.data.examples import read_examples
from surpass.data.fix import apply
from surpass.steps.project import Project
from surpass.store.durable import write_file
from surpass.store.objects import read_record, write_record

REVISION = 1


class DatasetRecipe(Recipe, frozen=True, kw_only=True):
    """Which files, read how, with which decisions."""

    files: dict[str, str]  # name -> digest
    data: Data
    task: Task
    decisions: str  # digest of all decisions in force


class Dataset(NamedTuple):
    """One version: its examples, and those of the user's own validation and test files."""

    version: Version
    train: pl.DataFrame
    valid: pl.DataFrame | None
    test: pl.DataFrame | None


def current_dataset(project: Project) -> Dataset:
    """Read the files, or the stored result of reading the same files with the same decisions."""
    decisions = project.answers.decisions()
    recipe = _recipe(project, decisions)
    if project.objects.find(recipe) is None:
        _read(project, recipe, decisions)
    stored = stored_dataset(project)
    if stored is None:
        raise RuntimeError("the dataset was written but is not there")
    return stored


def stored_dataset(project: Project) -> Dataset | None:
    """The examples in force if they were read already; reads no file of rows and writes nothing."""
    data = project.settings.data
    stored = project.objects.find(_recipe(project, project.answers.decisions()))
    if stored is None:
        return None
    return Dataset(
        version=read_record(stored, "version", Version),
        train=pl.read_parquet(stored / "train.parquet"),
        valid=pl.read_parquet(stored / "valid.parquet") if data.valid else None,
        test=pl.read_parquet(stored / "test.parquet") if data.test else None,
    )


def _recipe(project: Project, decisions: list[Decision]) -> DatasetRecipe:
    data = project.settings.data
    names = (*data.train, *data.valid, *data.test)
    return DatasetRecipe(
        stage="dataset",
        revision=REVISION,
        files={name: _digest(project, name) for name in names},
        data=data,
        task=project.settings.task,
        decisions=digest_record(decisions),
    )


def keep_version(project: Project, version: Version) -> None:
    """Write the manifest that is committed with the project."""
    path = project.folder / "versions" / f"{version.digest[:16]}.json"
    if not path.exists():
        write_file(path, msgspec.json.format(msgspec.json.encode(version)))


def _read(project: Project, recipe: DatasetRecipe, decisions: list[Decision]) -> None:
    data, task = project.settings.data, project.settings.task
    frames: dict[str, pl.DataFrame] = {}
    files: list[SourceFile] = []
    warnings: list[str] = []
    for side, names in (("train", data.train), ("valid", data.valid), ("test", data.test)):
        if names:
            frames[side], sources, said = read_examples(project.folder, names, data, task)
            files.extend(sources)
            warnings.extend(said)
    _refuse_shared_ids(frames)
    known = pl.concat([f.select(columns.ROW) for f in frames.values()])[columns.ROW]
    _refuse_unknown(decisions, known)
    with project.objects.write(recipe) as folder:
        digests = []
        for side, frame in frames.items():
            rows = set(frame[columns.ROW])
            decided = apply(frame, [d for d in decisions if d.row in rows])
            decided.write_parquet(folder / f"{side}.parquet")
            digests.append(digest_text(decided.write_json()))
            frames[side] = decided
        version = Version(
            digest=digest_record(digests),
            parent=None,
            files=tuple(files),
            rows=sum(frame.height for frame in frames.values()),
            decisions=len(decisions),
            warnings=tuple(warnings),
        )
        write_record(folder, "version", version)


def _refuse_shared_ids(frames: dict[str, pl.DataFrame]) -> None:
    every = pl.concat([frame.select(columns.ROW, columns.SOURCE) for frame in frames.values()])
    twice = every.filter(pl.col(columns.ROW).is_duplicated())
    if twice.height:
        row, first, second = twice[columns.ROW][0], *twice[columns.SOURCE].head(2).to_list()
        raise BadInput(f"Row {row!r} occurs in {first} and in {second}.", fix="Make ids unique.")


def _refuse_unknown(decisions: list[Decision], known: pl.Series) -> None:
    rows = set(known)
    missing = [d.row for d in decisions if d.row not in rows]
    if missing:
        raise BadInput(
            f"answers/decisions.jsonl decides on {len(missing)} rows that the files no longer "
            f"have (first: {missing[0]!r}).",
            fix="Restore the files, or remove those decisions.",
        )


def _digest(project: Project, name: str) -> str:
    path = project.folder / name
    try:
        return digest_file(path)
    except FileNotFoundError:
        raise BadInput(
            f"[data] names {name}, which is not in {project.folder.resolve()}.",
            fix="Put the file there, or correct the name.",
        ) from None
    except IsADirectoryError:
        raise BadInput(f"[data] names {name}, which is a folder.", fix="Name a file.") from None
