"""The file of access keys: read anew as soon as it changes, so that a withdrawn key is dead."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.access import Key
from surpass.store.durable import write_file
from surpass.store.lock import waiting_lock


class KeyFile:
    """.surpass/serving/keys.json of a project; holds digests, no secrets."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".surpass" / "serving" / "keys.json"
        self._seen: tuple[int, int] | None = None
        self._keys: dict[str, Key] = {}

    def keys(self) -> dict[str, Key]:
        """All keys by their id, withdrawn ones too.

        Raises:
            BadInput: the file is damaged; nobody is let in on a guess.
        """
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return {}
        seen = stat.st_mtime_ns, stat.st_ino
        if seen != self._seen:
            try:
                found = msgspec.json.decode(self._path.read_bytes(), type=tuple[Key, ...])
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    f"{self._path} is damaged: {error}.",
                    fix="Delete it and make new keys with `surpass key add`.",
                ) from None
            self._keys, self._seen = {key.id: key for key in found}, seen
        return self._keys

    @contextmanager
    def changing(self) -> Iterator[dict[str, Key]]:
        """All keys while nobody else changes them, so that no withdrawal is undone.

        Raises:
            BadMachine: another command has held them for ten seconds.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with waiting_lock(self._path.with_suffix(".lock"), seconds=10):
            yield dict(self.keys())

    def put(self, keys: dict[str, Key]) -> None:
        """Replace the file."""
        write_file(self._path, msgspec.json.encode(tuple(keys.values())))
        self._path.chmod(0o600)
