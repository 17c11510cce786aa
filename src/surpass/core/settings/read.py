"""Read surpass.toml into Settings, or say what is wrong, where, and how to mend it."""

import tomllib
from pathlib import Path

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import Criteria, Settings
from surpass.core.settings.pairs import refuse_pairs
from surpass.core.settings.wrong import explained

FILE_NAME = "surpass.toml"


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
        message = message.replace("`$", "`$.criteria")
        raise explained(message, where, {"criteria": tree}) from None


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
    if isinstance(tuning := tree.get("tuning"), dict):
        tuning.setdefault("method", "lora")  # the only one there was: older files do not name it
    try:
        settings = msgspec.convert(tree, Settings)
    except msgspec.ValidationError as error:
        raise explained(str(error), where, tree) from None
    refuse_pairs(settings.tuning, settings.training, where)
    return settings
