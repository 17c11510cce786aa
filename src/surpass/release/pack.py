"""A project as one zip file, checked entry by entry before anything of it is believed.

The manifest is the first entry. A pack is data: what is no plain file inside the project's own
places is refused, and so is every byte that the manifest does not announce.
"""

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.packed import Packed
from surpass.store.durable import sync_folder

MANIFEST = "surpass-pack.json"
FORMAT = "surpass-pack/1"
_LARGEST_MANIFEST = 64 << 20  # bytes
_CHUNK = 1 << 20
_COMPRESSED = {".safetensors", ".parquet", ".zip", ".gz", ".zst"}  # packing again saves nothing
_TIME = (1980, 1, 1, 0, 0, 0)  # the same content is the same file
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
_ENCRYPTED = 0x1
AGAIN = "Ask for the pack anew, or make it again with `surpass pack`."


def write_pack(file: Path, folder: Path, packed: Packed) -> None:
    """Write the pack beside its place and rename it: there is a whole one, or none.

    Raises:
        BadInput: a file changed while it was packed.
    """
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        with zipfile.ZipFile(temporary, "w", allowZip64=True) as archive:
            _write(archive, MANIFEST, msgspec.json.format(msgspec.json.encode(packed)))
            for name, one in packed.files.items():
                info = _info(name)
                info.file_size = one.size
                with (folder / name).open("rb") as source, archive.open(info, "w") as target:
                    if _copied(source, target, one.size) != one.digest:
                        raise BadInput(
                            f"{folder / name} changed while it was packed.", fix="Pack again."
                        )
        temporary.replace(file)
        sync_folder(file.parent)
    finally:
        temporary.unlink(missing_ok=True)


class Pack:
    """A pack that is open for reading; its manifest has been checked against its entries."""

    def __init__(self, archive: zipfile.ZipFile, packed: Packed, file: Path) -> None:
        self.packed = packed
        self._archive, self._file = archive, file

    def extract(self, folder: Path) -> None:
        """Write every file into a folder of ours that is empty.

        Raises:
            BadInput: an entry is longer, shorter or other than its manifest says.
        """
        for name, one in self.packed.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with self._archive.open(name) as source, path.open("xb") as target:
                    found = _copied(source, target, one.size)
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
                raise BadInput(
                    f"{name} in {self._file} cannot be read ({error}).", fix=AGAIN
                ) from None
            if found != one.digest:
                raise BadInput(f"{name} in {self._file} is not what was packed.", fix=AGAIN)


@contextmanager
def open_pack(file: Path) -> Iterator[Pack]:
    """The pack in a file.

    Raises:
        BadInput: there is no such file, it is no pack of ours, or an entry is none that a project
            may have: a link, a folder, a path that leads out, or a file that is not announced.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (FileNotFoundError, IsADirectoryError):
        raise BadInput(f"There is no file {file}.", fix="Name what `surpass pack` wrote.") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadInput(f"{file} is no pack ({error}).", fix=AGAIN) from None
    with archive:
        packed = _manifest(archive, file)
        announced = [MANIFEST, *packed.files]
        names = [info.filename for info in archive.infolist()]
        if sorted(names) != sorted(announced):
            odd = sorted(set(names) ^ set(announced)) or sorted(names)
            raise BadInput(
                f"{file} does not hold what its manifest announces (first: {odd[0]!r}).", fix=AGAIN
            )
        for info in archive.infolist():
            if reason := _refused(info):
                raise BadInput(f"{file} holds {info.filename!r}, {reason}.", fix=AGAIN)
        yield Pack(archive, packed, file)


def place_refused(name: str) -> str:
    """Why no file of a project may have this path; empty: it may."""
    parts = name.split("/")
    if not name or _STRANGE.search(name) or len(name) > 1000:
        return "a name that a project cannot have"
    if any(part in {"", ".", ".."} or part.endswith((" ", ".")) for part in parts):
        return "a path that leads elsewhere"
    if parts[0] == ".surpass" and (len(parts) < 3 or parts[1] not in {"cache", "releases"}):
        return "a file that no pack carries"
    if parts[0].startswith(".") and parts[0] != ".surpass":
        return "a hidden file"
    return ""


def _refused(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.is_dir() or (stat.S_IFMT(mode) not in {0, stat.S_IFREG}):
        return "which is no plain file"
    if info.flag_bits & _ENCRYPTED:
        return "which is encrypted"
    return "" if info.filename == MANIFEST else place_refused(info.filename)


def _manifest(archive: zipfile.ZipFile, file: Path) -> Packed:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _LARGEST_MANIFEST:
            raise BadInput(f"{file} has a manifest of {info.file_size} bytes.", fix=AGAIN)
        with archive.open(info) as stream:
            packed = msgspec.json.decode(stream.read(_LARGEST_MANIFEST), type=Packed)
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        raise BadInput(f"{file} is no pack: it has no {MANIFEST}.", fix=AGAIN) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is no pack of ours ({error}).", fix=AGAIN) from None
    if packed.format != FORMAT:
        raise BadInput(
            f"{file} has the format {packed.format!r}, not {FORMAT!r}.",
            fix="Unpack it with the version of surpass that packed it.",
        )
    return packed


def _copied(source: IO[bytes], target: IO[bytes], size: int) -> str:
    """Copy at most a byte more than announced, so that a bomb fills no disk; SHA-256 of it."""
    state, left = sha256(), size + 1
    while left and (chunk := source.read(min(_CHUNK, left))):
        state.update(chunk)
        target.write(chunk)
        left -= len(chunk)
    return state.hexdigest()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with archive.open(_info(name), "w") as target:
        target.write(content)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    again = Path(name).suffix in _COMPRESSED
    info.compress_type = zipfile.ZIP_STORED if again else zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info
