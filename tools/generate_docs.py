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

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "surpass"
SETTINGS = PACKAGE / "core" / "settings"
CHECKS = PACKAGE / "data" / "checks"
METRICS = PACKAGE / "measure" / "metrics"

NOTE = "<!-- Made from the source by tools/generate_docs.py; edits here are lost. -->"

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
    classes = dict(_settings_classes())
    unions = dict(_aliases(classes))
    parts: list[str] = []
    for field, annotation, _, _ in _fields(classes["Settings"]):
        for name in _classes_in(annotation, classes, unions):
            parts += _section(f"[{field}]", classes[name], classes, unions)
    introduction = (
        "All keys of `surpass.toml`. An unknown key is an error, with a suggestion where one is "
        "close. `surpass show` prints every value in force and where it came from."
    )
    return _page("Settings", introduction, "\n".join(parts))


def _section(
    heading: str, node: ast.ClassDef, classes: dict[str, ast.ClassDef], unions: dict[str, list[str]]
) -> Iterator[str]:
    """One section, its nested lists after it."""
    name = heading.strip("[]")
    key, tag = f"{name}.{_keyword(node, 'tag_field')}", _keyword(node, "tag")
    yield f"## {heading}" + (f", {tag}" if tag else "") + "\n"
    yield (ast.get_docstring(node) or "") + "\n"
    yield "| key | type | default | meaning |\n|---|---|---|---|"
    if tag:
        yield f'| `{key}` | text | **required** | `"{tag}"` |'
    nested: list[tuple[str, str]] = []
    for field, annotation, default, comment in _fields(node):
        inner = _classes_in(annotation, classes, unions)
        nested += [(f"[[{name}.{field}]]", one) for one in inner]
        kind = f"list of `[[{name}.{field}]]`" if inner else _type(annotation)
        cells = (f"`{name}.{field}`", kind, _default(default), comment)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""
    for inner_heading, inner_class in nested:
        yield from _section(inner_heading, classes[inner_class], classes, unions)


def _settings_classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in sorted(SETTINGS.glob("*.py")):
        comments = _comments(path)
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef):
                node.comments = comments  # type: ignore[attr-defined]
                yield node.name, node


def _aliases(classes: dict[str, ast.ClassDef]) -> Iterator[tuple[str, list[str]]]:
    """Names that stand for one or several sections: `Task = Classify | Extract | Generate`."""
    for path in sorted(SETTINGS.glob("*.py")):
        for node in _tree(path).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names = _names(node.value)
                if names and all(name in classes for name in names):
                    yield node.targets[0].id, names


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr, ast.expr | None, str]]:
    """Name, annotation, default and comment of each key."""
    comments: dict[int, str] = node.comments  # type: ignore[attr-defined]
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            lines = range(item.lineno, (item.end_lineno or item.lineno) + 1)
            beside = [comments[line] for line in lines if line in comments]
            yield item.target.id, item.annotation, item.value, " ".join(beside)


def _classes_in(
    annotation: ast.expr, classes: dict[str, ast.ClassDef], unions: dict[str, list[str]]
) -> list[str]:
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


def _default(node: ast.expr | None) -> str:
    """A default as it would stand in TOML."""
    if node is None:
        return "**required**"
    if isinstance(node, ast.Call):
        return "not set"
    value = ast.literal_eval(node)
    return "not set" if value is None else f"`{_toml(value)}`"


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
    """What every check finds, from the docstring of its file."""
    introduction = (
        "Each check is one file in `src/surpass/data/checks/`. `surpass check` runs them and shows "
        "what they find, row by row; nothing is changed before `surpass fix`. Options of a check "
        "stand under `[checks.NAME]` in `surpass.toml`."
    )
    return _page("Checks", introduction, "\n".join(_one_a_file(CHECKS)))


def metrics_page() -> str:
    """What every metric measures, from the docstring of its file."""
    introduction = (
        "Each metric is one file in `src/surpass/measure/metrics/`. Every metric is higher is "
        "better and lies between 0 and 1, so that margins are shares of that range."
    )
    return _page("Metrics", introduction, "\n".join(_one_a_file(METRICS)))


def _one_a_file(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"## {path.stem}\n\n{ast.get_docstring(_tree(path)) or ''}\n"


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
