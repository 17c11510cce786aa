"""Results, each in a folder named by the digest of the recipe that made it.

Layout: `.surpass/cache/STAGE/DIGEST/` with the stage's files and, written last, `manifest.json`.
The whole cache may be deleted at any time; it is made again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from surpass.core.environment import now
from surpass.core.recipe import Recipe
from surpass.store.durable import publish_folder, write_file

MANIFEST = "manifest.json"
T = TypeVar("T")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a result: the recipe as it was, and when it was done."""

    recipe: msgspec.Raw
    digest: str
    at: str


class Objects:
    """The results of one project."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def find(self, recipe: Recipe) -> Path | None:
        """The folder of a finished result, or None."""
        return self.named(recipe.stage, recipe.digest)

    def named(self, stage: str, digest: str) -> Path | None:
        """The same for a result of which only the name is known, as from the ledger."""
        folder = self._cache / stage / digest
        return folder if (folder / MANIFEST).is_file() else None

    def newest(self, stage: str) -> list[Path]:
        """Folders of a stage's finished results, the last one first."""
        finished = (self._cache / stage).glob(f"*/{MANIFEST}")
        return [path.parent for path in sorted(finished, key=_when, reverse=True)]

    @contextmanager
    def write(self, recipe: Recipe) -> Iterator[Path]:
        """A temporary folder that becomes the result when the block ends without an error."""
        stage = self._cache / recipe.stage
        stage.mkdir(parents=True, exist_ok=True)
        temporary = stage / f".{recipe.digest}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)  # what a kill left
        temporary.mkdir()
        try:
            yield temporary
            manifest = Manifest(
                recipe=msgspec.Raw(msgspec.json.encode(recipe)), digest=recipe.digest, at=now()
            )
            write_file(temporary / MANIFEST, msgspec.json.encode(manifest))
            publish_folder(temporary, stage / recipe.digest)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def scratch(self, recipe: Recipe) -> Path:
        """A folder that survives a kill, for what a long stage resumes from."""
        folder = self._cache / "scratch" / recipe.digest
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop_scratch(self, recipe: Recipe) -> None:
        """The stage is done: nothing is left to resume."""
        shutil.rmtree(self._cache / "scratch" / recipe.digest, ignore_errors=True)

    def revisions(self, stage: str) -> list[tuple[str, int]]:
        """Digest and revision of every finished result of a stage."""
        found = []
        for path in sorted((self._cache / stage).glob(f"*/{MANIFEST}")):
            manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
            recipe = msgspec.json.decode(manifest.recipe, type=Recipe)
            found.append((manifest.digest, recipe.revision))
        return found


def _when(manifest: Path) -> tuple[str, int]:
    """The moment of a result; within one second the file's own time decides."""
    at = msgspec.json.decode(manifest.read_bytes(), type=Manifest).at
    return at, manifest.stat().st_mtime_ns


def write_record(folder: Path, name: str, record: object) -> None:
    """Keep one record as NAME.json inside a result's folder."""
    write_file(folder / f"{name}.json", msgspec.json.format(msgspec.json.encode(record)))


def read_record(folder: Path, name: str, kind: type[T]) -> T:
    """Read a record that `write_record` wrote."""
    return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=kind)
