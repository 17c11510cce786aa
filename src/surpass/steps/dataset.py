"""The examples in force: rows of the files named in [data], with every decision applied.

The store keeps what is known of a version, never its rows: whoever may see all rows reads the
user's own files again (a second for 50,000 rows). So nothing of the test lies in the cache outside
its door (store/sealed.py), neither before the split nor after it.
"""

from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_record, digest_text
from surpass.core.errors import BadInput, Refused
from surpass.core.recipe import Recipe
from surpass.core.records.dataset import Decision, SourceFile, Version
from surpass.core.settings import Data, Task
from surpass.data.added import added_rows
from surpass.data.examples import read_examples
from surpass.data.fix import apply
from surpass.data.folders import digest_rows
from surpass.steps.project import Project
from surpass.store.durable import write_file
from surpass.store.dvc import track
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
    added: pl.DataFrame | None = None  # what mitigation adds to training, with MADE_FROM

    @property
    def sides(self) -> list[pl.DataFrame]:
        """The frames that are there, train first."""
        return [side for side in (self.train, self.valid, self.test) if side is not None]


def current_dataset(project: Project) -> Dataset:
    """Read all rows from the user's files; time grows with them."""
    decisions = project.answers.decisions()
    recipe = _recipe(project, decisions)
    read = _read(project, decisions)
    if project.objects.find(recipe) is None:
        with project.objects.write(recipe) as folder:
            write_record(folder, "version", read.version)
    return read


def dataset_after(project: Project, decisions: list[Decision]) -> Dataset:
    """The files' rows after these decisions, whichever are in force; nothing is stored."""
    return _read(project, decisions)


def current_version(project: Project) -> Version:
    """What is known of the examples in force; reads rows only where that is not stored."""
    return stored_version(project) or current_dataset(project).version


def stored_version(project: Project) -> Version | None:
    """The same if the examples were read already; reads no rows and writes nothing."""
    stored = project.objects.find(_recipe(project, project.answers.decisions()))
    return None if stored is None else read_record(stored, "version", Version)


def _recipe(project: Project, decisions: list[Decision]) -> DatasetRecipe:
    return DatasetRecipe(
        stage="dataset",
        revision=REVISION,
        files={name: _digest(project, name) for name in data_files(project)},
        data=project.settings.data,
        task=project.settings.task,
        decisions=digest_record(decisions),
    )


def keep_version(project: Project, version: Version) -> None:
    """Write the manifest that is committed with the project; point DVC at the files where it is.

    A version is named by its rows: where only the files' bytes changed, its manifest says so.
    """
    path = _manifest(project, version.digest)
    if not path.exists() or _kept(path).files != version.files:
        write_file(path, msgspec.json.format(msgspec.json.encode(version)))
    track(project.folder, data_files(project))


def data_files(project: Project) -> tuple[str, ...]:
    """Every file that examples are read from, relative to the project."""
    data = project.settings.data
    return (*data.train, *data.valid, *data.test)


def require_kept_files(project: Project) -> None:
    """Refuse to work on files that are not those of the last kept version, byte by byte.

    Raises:
        Refused: a file is not as any manifest in versions/ says it is.
    """
    present = {name: _digest(project, name) for name in data_files(project)}
    kept = [_kept(path) for path in _manifests(project)]
    listed = [{file.path: file.digest for file in version.files} for version in kept]
    if present in listed:
        return
    closest = max(listed, key=lambda files: len(files.items() & present.items()), default={})
    changed = [name for name, digest in present.items() if closest.get(name) != digest]
    raise Refused(
        f"{', '.join(changed) or 'The list of files'} changed since the last version of the "
        "examples was kept: no manifest in versions/ has these files.",
        fix="Restore the files, or run `surpass split` to keep them as a version.",
    )


def _read(project: Project, decisions: list[Decision]) -> Dataset:
    data, task = project.settings.data, project.settings.task
    frames: dict[str, pl.DataFrame] = {}
    files: list[SourceFile] = []
    warnings: list[str] = []
    for side, names in (("train", data.train), ("valid", data.valid), ("test", data.test)):
        if names:
            frames[side], sources, said = read_examples(project.folder, names, data, task)
            files.extend(sources)
            warnings.extend(said)
    if any(columns.TURNS in frame.columns for frame in frames.values()):
        frames = {side: _with_turns(frame) for side, frame in frames.items()}
    _refuse_shared_ids(frames)
    known = pl.concat([f.select(columns.ROW) for f in frames.values()])[columns.ROW]
    _refuse_unknown(decisions, known)
    for side, frame in frames.items():
        rows = set(frame[columns.ROW])
        frames[side] = apply(frame, [d for d in decisions if d.row in rows])
    digests = [digest_text(frame.write_json()) for frame in frames.values()]
    plain = digest = digest_record(digests)
    added = added_rows(frames["train"], decisions)
    if added.height:
        digest = digest_record([*digests, digest_text(added.write_json())])
    version = Version(
        digest=digest,
        parent=_parent(project, digest),
        files=tuple(files),
        rows=sum(frame.height for frame in frames.values()),
        decisions=len(decisions),
        warnings=tuple(warnings),
        examples=plain if added.height else None,
    )
    return Dataset(
        version,
        frames["train"],
        frames.get("valid"),
        frames.get("test"),
        added if added.height else None,
    )


def _with_turns(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with TURNS, as those of the other sides have it."""
    if columns.TURNS in frame.columns:
        return frame
    return frame.with_columns(pl.lit(None, dtype=pl.List(pl.Boolean)).alias(columns.TURNS))


def _parent(project: Project, digest: str) -> str | None:
    """The version kept last before this one; none for the first.

    A version that no other follows is the last. Where there are several, as after a merge, the one
    that was written last is.
    """
    own = _manifest(project, digest)
    if own.exists():
        return _kept(own).parent
    kept = {path: _kept(path) for path in _manifests(project)}
    followed = {version.parent for version in kept.values()}
    last = [path for path, version in kept.items() if version.digest not in followed]
    newest = max(last, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
    return None if newest is None else kept[newest].digest


def _manifest(project: Project, digest: str) -> Path:
    return project.folder / "versions" / f"{digest[:16]}.json"


def _manifests(project: Project) -> list[Path]:
    paths = (project.folder / "versions").glob("*.json")
    return sorted(path for path in paths if not path.name.startswith("block-"))


def _kept(manifest: Path) -> Version:
    try:
        return msgspec.json.decode(manifest.read_bytes(), type=Version)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{manifest} is no manifest of a version ({error}).", fix="Restore versions/ from git."
        ) from None


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
    try:
        return digest_rows(project.folder / name)
    except FileNotFoundError:
        raise BadInput(
            f"[data] names {name}, which is not in {project.folder.resolve()}.",
            fix="Put the file there, or correct the name.",
        ) from None
