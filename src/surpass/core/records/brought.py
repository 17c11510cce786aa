"""A model that was not made here: an adapter or weights of another trainer, or only its answers."""

from typing import Literal

import msgspec

FILE = "file:"  # prefix of the name of a model of which only answers are known
ADOPTED = "adopted:"  # prefix of the name of a model that another trainer made
ENDPOINT = "endpoint:"  # prefix of the name of a model that is asked over the network


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """One line of answers/models.jsonl; a later line of the same name replaces an earlier one."""

    name: str  # with its prefix
    kind: Literal["answers", "adapter", "weights"]
    digest: str  # of the file of answers, of the adapter's files, or of the weights' folder
    path: str  # where it was, as the user wrote it
    at: str  # ISO 8601, UTC
    base: str | None = None  # of an adapter: the base that its configuration names


def is_brought(name: str) -> bool:
    """Whether a model's name says that it was not made here."""
    return name.startswith((FILE, ADOPTED, ENDPOINT))
