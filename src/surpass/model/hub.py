"""Fetch a model from the Hugging Face hub: safetensors and texts only, one sentence on failure."""

from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from surpass.core.errors import BadInput, BadMachine, SurpassError


def fetch_snapshot(name: str, patterns: Sequence[str]) -> tuple[Path, str]:
    """Fetch the files of a repository's newest commit that match, or find them in the hub's cache.

    Returns:
        The folder, and the commit that names its content.

    Raises:
        BadInput: no such repository.
        BadMachine: no network, or no permission.
    """
    try:
        folder = Path(snapshot_download(name, allow_patterns=list(patterns)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise explained(error, name) from None
    return folder, folder.name  # …/snapshots/<commit>


def snapshot_here(name: str, patterns: Sequence[str]) -> tuple[Path, str] | None:
    """The same if the hub's cache on this disk has them; nothing is asked of the network."""
    try:
        folder = Path(snapshot_download(name, allow_patterns=list(patterns), local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError):
        return None
    return folder, folder.name


def explained(error: Exception, name: str) -> SurpassError:
    """What went wrong, as one sentence and a fix."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, GatedRepoError) or status == 403:
        return BadMachine(
            f"The hub does not give {name} to you without permission (it is gated).",
            fix=f"Accept its terms at https://huggingface.co/{name}, then run `hf auth login`.",
        )
    if isinstance(error, (RepositoryNotFoundError, HFValidationError)):
        # the hub answers 401 both for what does not exist and for what is private
        return BadInput(
            f"The hub knows no public model {name}.",
            fix="Mend the id under [model] base, or run `hf auth login` if it is private.",
        )
    if status is not None:
        return BadMachine(f"The hub answered {status} for {name}.", fix="Try again later.")
    return BadMachine(
        f"{name} is not in the hub's cache and the hub cannot be reached.",
        fix="Connect to the network once, or use the base smollm2-135m-q4, which needs no hub.",
    )
