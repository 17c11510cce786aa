"""Find the base model by the one name that the settings give it: name, folder on disk, digest."""

import re
from pathlib import Path

import msgspec

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.model.file_digest import digest_large_file
from surpass.model.smollm2 import NAME as SMOLLM2
from surpass.model.smollm2 import find_smollm2, smollm2_here

KNOWN = (SMOLLM2,)

WEIGHTS = "*.safetensors"
DEFINING = ("*.safetensors", "*.json", "*.jinja", "*.model", "vocab.*", "merges.txt")
"""Files that decide what a model answers: weights, configuration, tokenizer, template."""

_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w.-]+")


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """A base model on this disk."""

    name: str
    folder: Path  # config.json, *.safetensors and the tokenizer
    digest: str  # 64 hexadecimal digits; the same name may not change what it means unnoticed


def find_base(name: str, project: Path) -> Base:
    """Find the base model called `name`.

    Args:
        name: A name in KNOWN, a folder relative to the project, or a hub id "org/name". Only a hub
            id calls the network, and only for what is not in the hub's cache yet.
        project: The project's folder.

    Raises:
        BadInput: no such name, folder or repository, or it holds no safetensors.
        BadMachine: a missing wheel, no network, or no permission.
    """
    if name == SMOLLM2:
        folder, digest = find_smollm2()
        return Base(name=name, folder=folder, digest=digest)
    folder = (project / name).expanduser()
    if folder.is_dir():
        _check_folder(folder, name)
        return Base(name=name, folder=folder.resolve(), digest=_digest_folder(folder))
    if _HUB_ID.fullmatch(name):
        from surpass.model.hub import fetch_snapshot  # pulls in the hub's library

        folder, commit = fetch_snapshot(name, DEFINING)
        _check_folder(folder, name)
        return Base(name=name, folder=folder, digest=digest_record(["hub", name, commit]))
    raise BadInput(
        f"There is no base model {name!r}: {folder} is not a folder.",
        fix=f"Name {', '.join(KNOWN)}, a folder with config.json and safetensors, or a hub id.",
    )


def base_here(name: str, project: Path) -> Base | None:
    """The base model called `name` if it is on this disk and whole: nothing is fetched or made."""
    if name == SMOLLM2:
        found = smollm2_here()
        return None if found is None else Base(name=name, folder=found[0], digest=found[1])
    try:
        if (project / name).expanduser().is_dir():
            return find_base(name, project)
        if not _HUB_ID.fullmatch(name):
            return None
        from surpass.model.hub import snapshot_here  # pulls in the hub's library

        snapshot = snapshot_here(name, DEFINING)
        if snapshot is None:
            return None
        _check_folder(snapshot[0], name)
    except BadInput:
        return None
    return Base(name=name, folder=snapshot[0], digest=digest_record(["hub", name, snapshot[1]]))


def _check_folder(folder: Path, name: str) -> None:
    """Check that the folder holds a configuration and safetensors."""
    if not (folder / "config.json").is_file():
        raise BadInput(
            f"The base {name!r} has no config.json in {folder}.",
            fix="Name the folder that `save_pretrained` of transformers wrote.",
        )
    if not any(folder.glob(WEIGHTS)):
        raise BadInput(
            f"The base {name!r} has no *.safetensors in {folder}; other weights are not read.",
            fix="Convert it: `AutoModelForCausalLM.from_pretrained(…).save_pretrained(…)`.",
        )


def _digest_folder(folder: Path) -> str:
    """Digest of the names and contents of all defining files; a hidden file is none."""
    paths = {path for pattern in DEFINING for path in folder.glob(pattern) if path.is_file()}
    return digest_record(
        [(path.name, digest_large_file(path)) for path in sorted(paths) if path.name[0] != "."]
    )
