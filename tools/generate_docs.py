"""Write the pages that are made from the source: commands, settings, checks and metrics.

Without options it writes; with `--check` it writes nothing and a stale page is an error.
Settings, checks and metrics are read as text, without importing them; the commands' help comes
from the command line itself, which loads no heavy library.
"""

import argparse
import ast
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "surpass"
SETTINGS = PACKAGE / "core" / "settings"
CHECKS = PACKAGE / "data" / "checks"
METRICS = PACKAGE / "measure" / "metrics"

NOTE = "<!-- Made from the source by tools/generate_docs.py; edits here are lost. -->"

REQUIRED = "**required**"
NAMED_TYPES = {
    "str": "text",
    "bool": "true or false",
    "int": "whole number",
    "float": "number",
    "Auto": '"auto"',
    "Count": "whole number, at least 1",
    "Share": "number above 0 and below 1",
    "Margin": "number above -1 and below 1",
}
LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


class Written(NamedTuple):
    """A class of the settings as it is written, with the comments of its file by line."""

    node: ast.ClassDef
    comments: dict[int, str]
    path: Path


class Key(NamedTuple):
    """One key of a section."""

    name: str
    annotation: ast.expr
    default: str
    meaning: str


Classes = dict[str, Written]
Unions = dict[str, list[str]]


def pages() -> dict[str, str]:
    """Content of every generated page, by file name."""
    return {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "checks.md": checks_page(),
        "metrics.md": metrics_page(),
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
    from surpass.cli.app import app  # loads no heavy library; a test holds that

    _, _, commands = app.generate_docs(output_format="markdown").partition("**Commands**:")
    introduction = (
        "Each command takes the project's folder, which is the current one unless named. "
        "All of them answer in words, name the next command, and print the same as JSON with "
        "`--json`. [Exit statuses and errors](errors.md) are the same for all."
    )
    return _page("Commands", introduction, commands)


# Settings


def settings_page() -> str:
    """Every key of surpass.toml: its type, its default and what it is for."""
    files = sorted(SETTINGS.glob("*.py"))
    classes = {one.node.name: one for path in files for one in _classes(path)}
    unions = {name: names for path in files for name, names in _aliases(path, classes)}
    parts: list[str] = []
    for key in _keys(classes["Settings"]):
        for name in _sections_in(key.annotation, classes, unions):
            parts += _section(f"[{key.name}]", classes[name], classes, unions)
    introduction = (
        "All keys of `surpass.toml`. An unknown key is an error, with a suggestion where one is "
        "close. `surpass show` prints every value in force and where it came from. Options of "
        "checks, under `[checks.NAME]`, are on [their page](checks.md)."
    )
    return _page("Settings", introduction, "\n".join(parts))


def _section(heading: str, section: Written, classes: Classes, unions: Unions) -> Iterator[str]:
    """One section, its nested lists after it."""
    name, tag = heading.strip("[]"), _keyword(section.node, "tag")
    yield f"## {heading}" + (f", {tag}" if tag else "") + "\n"
    yield (ast.get_docstring(section.node) or "") + "\n"
    rows = []
    if tag:
        rows.append((f"{name}.{_keyword(section.node, 'tag_field')}", "text", REQUIRED, f'"{tag}"'))
    nested: list[tuple[str, str]] = []
    for key in _keys(section):
        inner = _sections_in(key.annotation, classes, unions)
        nested += [(f"[[{name}.{key.name}]]", one) for one in inner]
        kind = f"list of `[[{name}.{key.name}]]`" if inner else _type(key.annotation)
        rows.append((f"{name}.{key.name}", kind, key.default, key.meaning))
    yield _table(rows)
    for inner_heading, inner_class in nested:
        yield from _section(inner_heading, classes[inner_class], classes, unions)


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for key, *others in rows:
        cells = (f"`{key}`", *(cell.replace("|", "\\|") for cell in others))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _classes(path: Path) -> Iterator[Written]:
    comments = _comments(path)
    for node in _tree(path).body:
        if isinstance(node, ast.ClassDef):
            yield Written(node, comments, path)


def _aliases(path: Path, classes: Classes) -> Iterator[tuple[str, list[str]]]:
    """Names that stand for one or several sections: `Task = Classify | Extract | Generate`."""
    for name, value in _constants(_tree(path)):
        names = _names(value)
        if names and all(one in classes for one in names):
            yield name, names


def _keys(section: Written) -> Iterator[Key]:
    for item in section.node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            lines = range(item.lineno, (item.end_lineno or item.lineno) + 1)
            beside = [section.comments[line] for line in lines if line in section.comments]
            default = _default(item.value, section.path)
            yield Key(item.target.id, item.annotation, default, " ".join(beside))


def _sections_in(annotation: ast.expr, classes: Classes, unions: Unions) -> list[str]:
    """Sections that an annotation names, aliases resolved."""
    found: list[str] = []
    for name in _names(annotation):
        found += unions.get(name, [name] if name in classes else [])
    return found


def _names(node: ast.expr) -> list[str]:
    """The names in an expression, from left to right."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return [one.id for one in sorted(names, key=lambda one: (one.lineno, one.col_offset))]


def _type(node: ast.expr) -> str:
    """An annotation in plain words."""
    match node:
        case ast.Constant(value=None):
            return "left out"
        case ast.Name(id=name):
            return NAMED_TYPES.get(name, name)
        case ast.BinOp(left=left, right=right):
            return f"{_type(left)}, or {_type(right)}"
        case ast.Subscript(value=ast.Name(id=name), slice=inside):
            return _generic_type(name, inside)
        case _:
            return f"`{ast.unparse(node)}`"


def _generic_type(name: str, inside: ast.expr) -> str:
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    if name == "Literal":
        return " or ".join(f'"{ast.literal_eval(part)}"' for part in parts)
    if name == "Annotated":
        return _type(parts[0]) + _limits(parts[1])
    return "list of " + _type(parts[0]) if name == "tuple" else "table"


def _limits(meta: ast.expr) -> str:
    if not isinstance(meta, ast.Call):
        return ""
    bounds = [
        f"{LIMITS[keyword.arg]} {ast.literal_eval(keyword.value)}"
        for keyword in meta.keywords
        if keyword.arg in LIMITS
    ]
    return " " + " and ".join(bounds) if bounds else ""


def _default(node: ast.expr | None, path: Path) -> str:
    """A default as it would stand in TOML."""
    if node is None:
        return REQUIRED
    if isinstance(node, ast.Name):
        node = _constant(node.id, path)
    match node:
        case ast.Attribute(value=ast.Call(func=ast.Name(id=section)), attr=key):
            return f"that of `{section.lower()}.{key}`"
        case ast.Call():
            return "not set"
    value = ast.literal_eval(node)
    return "not set" if value is None else f"`{_toml(value)}`"


def _constant(name: str, path: Path) -> ast.expr:
    """The value of a constant that a file defines or imports from another file of ours."""
    tree = _tree(path)
    here = dict(_constants(tree))
    if name in here:
        return here[name]
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            module = (node.module or "").replace(".", "/") + ".py"
            return _constant(name, PACKAGE.parent / module)
    raise LookupError(f"{path} neither defines nor imports {name}")


def _constants(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Names that are set at the top of a module or class, with what they are set to."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return "[" + ", ".join(_toml(one) for one in value) + "]"
        case _:
            return str(value)


def _keyword(node: ast.ClassDef, name: str) -> str | None:
    values = [k.value for k in node.keywords if k.arg == name]
    return str(ast.literal_eval(values[0])) if values else None


# Checks and metrics


def checks_page() -> str:
    """What every check finds, from the docstring of its file, and its options."""
    introduction = (
        "Each check is one file in `src/surpass/data/checks/`. `surpass check` runs them and shows "
        "what they find, row by row; nothing is changed before `surpass fix`. Options of a check "
        "stand under `[checks.NAME]` in `surpass.toml`."
    )
    return _page("Checks", introduction, "\n".join(_checks()))


def metrics_page() -> str:
    """What every metric measures, from the docstring of its class."""
    introduction = (
        "Each metric is one file in `src/surpass/measure/metrics/`. Values lie between 0 and 1, so "
        "a margin of 0.05 is five points. An answer that cannot be read, or was cut off, counts as "
        "wrong."
    )
    return _page("Metrics", introduction, "\n".join(_metrics()))


def _checks() -> Iterator[str]:
    for path in sorted(CHECKS.glob("*.py")):
        tree = _tree(path)
        if name := _text(tree, "NAME"):
            yield f"## {name}\n\n{ast.get_docstring(tree) or ''}\n"
            for section in _classes(path):
                rows = [
                    (f"checks.{name}.{key.name}", _type(key.annotation), key.default, key.meaning)
                    for key in _keys(section)
                ]
                if section.node.name == "Options" and rows:
                    yield _table(rows)


def _metrics() -> Iterator[str]:
    for path in sorted(METRICS.glob("*.py")):
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef) and (name := _text(node, "name")):
                kinds = ast.literal_eval(dict(_constants(node))["kinds"])
                tasks = ", ".join(f"[{kind}]({kind}.md)" for kind in kinds)
                yield f"## {name}\n\nFor {tasks}.\n\n{ast.get_docstring(node) or ''}\n"


def _text(tree: ast.Module | ast.ClassDef, name: str) -> str | None:
    """A text that is set at the top of a module or class."""
    value = dict(_constants(tree)).get(name)
    return str(value.value) if isinstance(value, ast.Constant) else None


# All of them


def _page(title: str, introduction: str, body: str) -> str:
    return f"{NOTE}\n\n# {title}\n\n{introduction}\n\n{body.strip()}\n"


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _comments(path: Path) -> dict[int, str]:
    """Text of every comment, by line."""
    with tokenize.open(path) as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


if __name__ == "__main__":
    sys.exit(main())
