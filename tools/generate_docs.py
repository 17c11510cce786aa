"""Write the pages that are made from the source: commands, settings, checks, metrics, JSON.

Without options it writes; with `--check` it writes nothing and a stale page is an error.
Settings, checks, metrics and records are read as text, without importing them; the commands' help
and the JSON Schema of the settings come from the package itself, which loads no heavy library.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from json_page import json_page
from written import (
    PACKAGE,
    REQUIRED,
    ROOT,
    Classes,
    Written,
    all_keys_of,
    as_page,
    as_table,
    classes_in,
    constants_in,
    keys_of,
    keyword_of,
    names_in,
    text_of,
    tree_of,
    type_in_words,
)

from surpass.core.settings.schema import settings_schema

DOCS = ROOT / "docs"
SETTINGS = PACKAGE / "core" / "settings"
CHECKS = PACKAGE / "data" / "checks"
METRICS = PACKAGE / "measure" / "metrics"


Unions = dict[str, list[str]]


def pages() -> dict[str, str]:
    """Content of every generated page, by file name."""
    return {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "checks.md": checks_page(),
        "metrics.md": metrics_page(),
        "json.md": json_page(),
        "surpass.schema.json": settings_schema(),
    }


def main() -> int:
    """Write the pages, or say which of them are stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one is stale")
    only_check = parser.parse_args().check
    stale = [name for name, content in pages().items() if _current(name) != content]
    if only_check:
        for name in stale:
            print(f"docs/{name} is stale: run `make docs`.", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
    return 0


def _current(name: str) -> str | None:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else None


# Commands


def commands_page() -> str:
    """The help of every command, in the order in which the command line lists them."""
    from surpass.cli.app import GROUPS, app  # loads no heavy library; a test holds that

    first = f"**{next(iter(GROUPS))}**:"
    _, _, commands = app.generate_docs(output_format="markdown").partition(first)
    commands = f"{first}{commands}"
    introduction = (
        "Each command takes the project's folder, which is the current one unless named. "
        "All of them answer in words, name the next command, and print their result "
        "[as JSON](json.md) with `--json`. [Exit statuses and errors](errors.md) are the same for "
        "all."
    )
    return as_page("Commands", introduction, commands)


# Settings


def settings_page() -> str:
    """Every key of surpass.toml: its type, its default and what it is for."""
    files = sorted(SETTINGS.glob("*.py"))
    classes = {one.node.name: one for path in files for one in classes_in(path)}
    unions = {name: names for path in files for name, names in _aliases(path, classes)}
    parts: list[str] = []
    for key in keys_of(classes["Settings"]):
        for name in _sections_in(key.annotation, classes, unions):
            parts += _section(f"[{key.name}]", classes[name], classes, unions)
    introduction = (
        "All keys of `surpass.toml`. An unknown key is an error, with a suggestion where one is "
        "close. `surpass show` prints every value in force and where it came from. Options of "
        "checks, under `[checks.NAME]`, are on [their page](checks.md). For editors there is a "
        "[JSON Schema](surpass.schema.json); `surpass show --schema` prints it."
    )
    return as_page("Settings", introduction, "\n".join(parts))


def _section(heading: str, section: Written, classes: Classes, unions: Unions) -> Iterator[str]:
    """One section, its nested lists after it."""
    name, tag = heading.strip("[]"), keyword_of(section.node, "tag")
    yield f"## {heading}" + (f", {tag}" if tag else "") + "\n"
    yield (ast.get_docstring(section.node) or "") + "\n"
    rows = []
    if tag:
        rows.append(
            (f"{name}.{keyword_of(section.node, 'tag_field')}", "text", REQUIRED, f'"{tag}"')
        )
    nested: list[tuple[str, str]] = []
    for key in all_keys_of(section, classes):
        inner = _sections_in(key.annotation, classes, unions)
        words = set(names_in(key.annotation))
        heading = f"[{name}.{key.name}.NAME]" if "dict" in words else f"[{name}.{key.name}]"
        heading = f"[{heading}]" if "tuple" in words else heading
        nested += [(heading, one) for one in inner]
        kind = f"`{heading}`" if inner else type_in_words(key.annotation)
        rows.append((f"{name}.{key.name}", kind, key.default, key.meaning))
    yield as_table(rows)
    for inner_heading, inner_class in nested:
        yield from _section(inner_heading, classes[inner_class], classes, unions)


def _aliases(path: Path, classes: Classes) -> Iterator[tuple[str, list[str]]]:
    """Names that stand for one or several sections: `Task = Classify | Extract | Generate`."""
    for name, value in constants_in(tree_of(path)):
        names = names_in(value)
        if names and all(one in classes for one in names):
            yield name, names


def _sections_in(annotation: ast.expr, classes: Classes, unions: Unions) -> list[str]:
    """Sections that an annotation names, aliases resolved."""
    found: list[str] = []
    for name in names_in(annotation):
        found += unions.get(name, [name] if name in classes else [])
    return found


# Checks and metrics


def checks_page() -> str:
    """What every check finds, from the docstring of its file, and its options."""
    introduction = (
        "Each check is one file in `src/surpass/data/checks/`. `surpass check` runs them and shows "
        "what they find, row by row; nothing is changed before `surpass fix`. Options of a check "
        "stand under `[checks.NAME]` in `surpass.toml`."
    )
    return as_page("Checks", introduction, "\n".join(_checks()))


def metrics_page() -> str:
    """What every metric measures, from the docstring of its class."""
    introduction = (
        "Each metric is a class in a folder of `src/surpass/measure/metrics/`. Its values lie "
        "between 0 and 1, so a margin of 0.05 is five points; one whose values do not is only "
        "reported. An answer that cannot be read, or was cut off, counts as wrong. Options stand "
        "under `[criteria.metrics.NAME]` in `surpass.toml` and are sealed with the criteria."
    )
    return as_page("Metrics", introduction, "\n".join(_metrics()))


def _checks() -> Iterator[str]:
    for path in sorted(CHECKS.glob("*.py")):
        tree = tree_of(path)
        if name := text_of(tree, "NAME"):
            yield f"## {name}\n\n{ast.get_docstring(tree) or ''}\n"
            for section in classes_in(path):
                rows = [
                    (
                        f"checks.{name}.{key.name}",
                        type_in_words(key.annotation),
                        key.default,
                        key.meaning,
                    )
                    for key in keys_of(section)
                ]
                if section.node.name == "Options" and rows:
                    yield as_table(rows)


def _metrics() -> Iterator[str]:
    for path in sorted(METRICS.rglob("*.py")):
        for metric in classes_in(path):
            if (name := text_of(metric.node, "name")) and "kinds" in dict(
                constants_in(metric.node)
            ):
                yield from _metric(name, metric)


def _metric(name: str, metric: Written) -> Iterator[str]:
    said = {key: value for key, value in constants_in(metric.node) if key in ("kinds", "bounded")}
    kinds = ", ".join(f"[{kind}]({kind}.md)" for kind in ast.literal_eval(said["kinds"]))
    gate = "" if ast.literal_eval(said["bounded"]) else " Reported only: no gate can be set on it."
    yield f"## {name}\n\nFor {kinds}.{gate}\n\n{ast.get_docstring(metric.node) or ''}\n"
    rows = [
        (
            f"criteria.metrics.{name}.{key.name}",
            type_in_words(key.annotation),
            key.default,
            key.meaning,
        )
        for key in keys_of(metric)
        if "ClassVar" not in ast.unparse(key.annotation)
    ]
    if rows:
        yield as_table(rows)


if __name__ == "__main__":
    sys.exit(main())
