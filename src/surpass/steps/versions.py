"""Versions of the examples that were kept, and their rows as far as they can be had again."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core.digest import digest_file
from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision, Version
from surpass.data.examples import read_examples
from surpass.steps.dataset import current_dataset, dataset_after
from surpass.steps.project import Project

NOW, FILES = "now", "files"


class Rows(NamedTuple):
    """One side of a comparison."""

    name: str  # the version's digest, or the file
    examples: pl.DataFrame
    decisions: tuple[Decision, ...]  # that made it of the files
    files: frozenset[str]  # digests of what it was read from


def kept_versions(project: Project) -> list[Version]:
    """Every manifest in versions/, in no order."""
    paths = (project.folder / "versions").glob("*.json")
    return [
        msgspec.json.decode(path.read_bytes(), type=Version)
        for path in sorted(paths)
        if not path.name.startswith("block-")
    ]


def rows_of(project: Project, name: str) -> Rows:
    """The examples that a name stands for.

    Args:
        project: The project.
        name: "now", "files" (before any decision), the beginning of a version's digest, or a file
            of rows relative to the project.

    Raises:
        BadInput: no such version or file, several, or its rows cannot be had any more.
    """
    decisions = project.answers.decisions()
    if name == NOW:
        return _after(project, decisions)
    if name == FILES:
        return _after(project, [])
    if (project.folder / name).is_file():
        data, task = project.settings.data, project.settings.task
        examples = read_examples(project.folder, (name,), data, task)[0]
        return Rows(name, examples, (), frozenset({digest_file(project.folder / name)}))
    version = _version(project, name)
    found = _after(project, decisions[: version.decisions])
    if found.name != version.digest:
        raise BadInput(
            f"The rows of version {version.digest[:12]} cannot be had any more: "
            f"{_changed(project, version)} changed since.",
            fix="Restore the files as they were (git, DVC or a copy), or name two files of rows.",
        )
    return found


def _after(project: Project, decisions: list[Decision]) -> Rows:
    """All rows of the project's files after some of the decisions."""
    dataset = dataset_after(project, decisions)
    files = frozenset(file.digest for file in dataset.version.files)
    sides = dataset.sides if dataset.added is None else [*dataset.sides, dataset.added]
    examples: pl.DataFrame = pl.concat(sides, how="diagonal")
    return Rows(dataset.version.digest, examples, tuple(decisions), files)


def _version(project: Project, name: str) -> Version:
    kept = kept_versions(project)
    found = [version for version in kept if version.digest.startswith(name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(version.digest[:12] for version in kept) or "none yet"
    if found:
        raise BadInput(f"{len(found)} versions begin with {name!r}.", fix="Name more of one.")
    raise BadInput(
        f"{name!r} is neither a version nor a file of rows in {project.folder.resolve()}.",
        fix=f"Versions are: {known}; or say `now`, `files`, or a file's name.",
    )


def _changed(project: Project, version: Version) -> str:
    """Which of the version's files are not as they were."""
    present = {file.path: file.digest for file in current_dataset(project).version.files}
    changed = [file.path for file in version.files if present.get(file.path) != file.digest]
    return ", ".join(changed) or str(Path("answers") / "decisions.jsonl")
