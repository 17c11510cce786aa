"""What is kept of a request: decided, and cleaned of personal data, before anything is written."""

import hashlib
from typing import Literal, NamedTuple

import polars as pl

from surpass.store.journal import Journal
from surpass.text.personal_data import find_personal_data, masked, may_hold_personal_data

Level = Literal["none", "metadata", "redacted", "full"]


class Kept(NamedTuple):
    """Input and output as they may be written; None: not at all."""

    input: str | None
    output: str | None


def kept_texts(level: Level, asked: str, answered: str | None = None) -> Kept:
    """The texts of one request under a capture level.

    What is masked has the same number in both, so that the answer still fits its question.
    """
    if level == "full":
        return Kept(asked, answered)
    if level != "redacted":
        return Kept(None, None)
    if not (may_hold_personal_data(asked) or may_hold_personal_data(answered or "")):
        return Kept(asked, answered)
    if answered is None:
        return Kept(masked(asked)[0], None)
    return Kept(*masked(asked, answered))


def kept_text(level: Level, text: str | None) -> str | None:
    """A text that stands alone, such as a comment."""
    return None if text is None else kept_texts(level, text).input


def kept_name(level: Level, name: str) -> str:
    """A unit or a session: itself, or where it is personal data such as an address, its digest.

    A digest keeps one person's requests together, so that they can be counted and forgotten.
    """
    if level == "full" or not may_hold_personal_data(name):
        return name
    return name if find_personal_data(pl.Series([name])).is_empty() else digest_name(name)


def digest_name(name: str) -> str:
    """What stands for a name that is personal data."""
    return "hidden-" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:24]


def forget_unit(journal: Journal, unit: str) -> dict[str, int]:
    """Delete what a unit left, under its name and under its digest; rows by table."""
    found = journal.forget_unit(unit)
    hidden = journal.forget_unit(digest_name(unit))
    return {table: found[table] + hidden[table] for table in found}
