"""Read surpass.toml into Settings, or say what is wrong, where, and how to mend it."""

import difflib
import re
import tomllib
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import Criteria, Settings

FILE_NAME = "surpass.toml"
_TAGS = {"kind": "classify, extract, generate, code", "method": "lora"}


def read_settings(folder: Path) -> Settings:
    """Read the project's settings.

    Raises:
        BadInput: no file, not TOML, an unknown key, a wrong type or an impossible value.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(
            f"There is no {FILE_NAME} in {folder.resolve()}.",
            fix="Run `surpass init FILE` to make one, or name the project's folder.",
        ) from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder.", fix="It must be a file.") from None
    return parse_settings(content, str(path))


def read_criteria(path: Path) -> Criteria:
    """Read the [criteria] of a TOML file, a project's or one that holds nothing else.

    Raises:
        BadInput: no file, no such section, an unknown key or an impossible value.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}.", fix="Name a TOML file.") from None
    if "criteria" not in tree:
        raise BadInput(f"{path} has no section [criteria].", fix="Add it, or name another file.")
    return as_criteria(tree["criteria"], str(path))


def as_criteria(tree: object, where: str) -> Criteria:
    """Criteria from what a [criteria] section holds; `where` names it in errors.

    Raises:
        BadInput: an unknown key, a wrong type or an impossible value.
    """
    try:
        return msgspec.convert(tree, Criteria)
    except msgspec.ValidationError as error:
        message = str(error)
        message = message if "`$" in message else f"{message} - at `$`"
        raise _explained(message.replace("`$", "`$.criteria"), where) from None


def parse_settings(content: bytes, where: str) -> Settings:
    """The same for the bytes of a file; `where` names it in errors."""
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{where} is not UTF-8 text (byte {error.start}).", fix="Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where} is not TOML: {error}.", fix="Mend that line.") from None
    try:
        return msgspec.convert(tree, Settings)
    except msgspec.ValidationError as error:
        raise _explained(str(error), where) from None


def _explained(message: str, where: str) -> BadInput:
    """Turn msgspec's words into a sentence with the place and a fix."""
    what, _, path = message.partition(" - at `$")
    place = path.rstrip("`").lstrip(".") or "the top level"
    if unknown := re.match(r"Object contains unknown field `(.+)`", what):
        key = unknown.group(1)
        close = difflib.get_close_matches(key, _known_keys(), n=1)
        fix = (
            f"Did you mean `{close[0]}`?" if close else "Remove it; `surpass show` lists all keys."
        )
        return BadInput(f"{where}: unknown key `{key}` in {_section(place)}.", fix=fix)
    if missing := re.match(r"Object missing required field `(.+)`", what):
        return BadInput(
            f"{where}: {_section(place)} lacks the key `{missing.group(1)}`.", fix="Add it."
        )
    return BadInput(
        f"{where}: {_section(place)}: {what[:1].lower()}{what[1:]}.", fix=_allowed(place)
    )


def _allowed(place: str) -> str:
    """The values that work at a place of the file, where they can be listed."""
    schema = msgspec.json.schema(Settings)
    key = place.rpartition(".")[2]
    for part in schema["$defs"].values():
        found = part.get("properties", {}).get(key, {})
        values = found.get("enum", [])
        if values and len(values) > 1:
            return f"Choose one of {', '.join(map(str, values))}."
    tags = _TAGS.get(key)
    return f"Choose one of {tags}." if tags else "Change it."


def _section(place: str) -> str:
    return place if place == "the top level" else f"[{place}]"


def _known_keys() -> list[str]:
    """Every key that may stand in surpass.toml."""
    schema = msgspec.json.schema(Settings)
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for part in parts for key in part.get("properties", {})})
