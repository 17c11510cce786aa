"""surpass show: every value in force and where it came from."""

import tomllib

import msgspec

from surpass.core.account import Account, Chapter, Table
from surpass.core.settings import Settings
from surpass.core.settings.read import FILE_NAME
from surpass.steps.project import Project


def show_account(project: Project) -> Account:
    """What `surpass show` says."""
    tree = tomllib.loads((project.folder / FILE_NAME).read_text(encoding="utf-8-sig"))
    chapters = []
    for field in msgspec.structs.fields(Settings):
        value = getattr(project.settings, field.name)
        if field.name == "criteria":
            value = project.settings.criteria_in_force
        written = tree.get(field.name, {})
        rows = _rows(msgspec.to_builtins(value), written if isinstance(written, dict) else {})
        if rows:
            table = Table(title="", columns=("key", "value", "from"), rows=rows)
            chapters.append(Chapter(title=f"[{field.name}]", tables=(table,)))
    return Account(
        title="Show",
        headline=f"Settings of {project.folder.resolve().name}.",
        chapters=tuple(chapters),
        next_command="surpass status",
    )


def settings_schema() -> bytes:
    """The JSON Schema of surpass.toml."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Settings)))


def _rows(
    values: dict[str, object], written: dict[str, object]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (key, msgspec.json.encode(value).decode(), FILE_NAME if key in written else "default")
        for key, value in values.items()
    )
