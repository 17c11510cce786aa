"""surpass show: every value in force and where it came from."""

import json
import tomllib
from collections.abc import Iterator

import msgspec

from surpass.core.account import Account, Chapter, Table
from surpass.core.records.results import SettingInForce, ShowData
from surpass.core.settings import Settings
from surpass.core.settings.read import FILE_NAME
from surpass.steps.project import Project

_DEFAULT = "default"
_NOT_SET = "not set"


def show_account(project: Project) -> Account:
    """What `surpass show` says."""
    tree = tomllib.loads((project.folder / FILE_NAME).read_text(encoding="utf-8-sig"))
    values = msgspec.to_builtins(project.settings)
    values["criteria"] = msgspec.to_builtins(project.settings.criteria_in_force)
    found = {
        field.name: tuple(_settings(field.name, values[field.name], tree.get(field.name)))
        for field in msgspec.structs.fields(Settings)
    }
    return Account(
        title="Show",
        headline=f"Settings of {project.folder.resolve().name}.",
        chapters=tuple(_chapter(name, settings) for name, settings in found.items() if settings),
        next_command="surpass status",
        data=ShowData(settings=tuple(one for settings in found.values() for one in settings)),
    )


def _settings(key: str, value: object, written: object) -> Iterator[SettingInForce]:
    """One setting for each value, however deep it stands; entries of lists are counted from 0.

    Args:
        key: Where it stands.
        value: What is in force there.
        written: What surpass.toml says there; none if nothing.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            below = written.get(name) if isinstance(written, dict) else None
            yield from _settings(f"{key}.{name}", inner, below)
    elif isinstance(value, list | tuple) and any(isinstance(one, dict) for one in value):
        for place, inner in enumerate(value):
            below = written[place] if isinstance(written, list) else None
            yield from _settings(f"{key}[{place}]", inner, below)
    else:
        origin = _DEFAULT if written is None else FILE_NAME
        leaf = tuple(map(str, value)) if isinstance(value, list | tuple) else value
        yield msgspec.convert({"key": key, "value": leaf, "origin": origin}, SettingInForce)


def _chapter(section: str, settings: tuple[SettingInForce, ...]) -> Chapter:
    rows = tuple(
        (one.key.removeprefix(section).lstrip("."), _as_toml(one), one.origin) for one in settings
    )
    table = Table(title="", columns=("key", "value", "from"), rows=rows)
    return Chapter(title=f"[{section}]", tables=(table,))


def _as_toml(setting: SettingInForce) -> str:
    """JSON's spelling of texts, numbers, booleans and lists of them is TOML's too."""
    return _NOT_SET if setting.value is None else json.dumps(setting.value, ensure_ascii=False)
