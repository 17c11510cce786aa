"""Our source read as text: classes with the comments beside their keys, and types in words.

Nothing is imported: what a page says is what stands in the file.
"""

import ast
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "surpass"

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
    "Virtual": "whole number, 1 to 1000",
    "Init": '"zero", "gaussian", "orthogonal", "olora", "pissa" or "pissa_niter_16"',
    "UnsetType": "left out",
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


def as_page(title: str, introduction: str, body: str) -> str:
    """A page that says where it comes from."""
    return f"{NOTE}\n\n# {title}\n\n{introduction}\n\n{body.strip()}\n"


def as_table(rows: list[tuple[str, str, str, str]]) -> str:
    """Keys with type, default and meaning."""
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for key, *others in rows:
        cells = (f"`{key}`", *(cell.replace("|", "\\|") for cell in others))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def classes_in(path: Path) -> Iterator[Written]:
    """The classes of a file."""
    comments = _comments(path)
    for node in tree_of(path).body:
        if isinstance(node, ast.ClassDef):
            yield Written(node, comments, path)


def keys_of(section: Written) -> Iterator[Key]:
    """The keys of a class, with the comments beside them."""
    for item in section.node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            lines = range(item.lineno, (item.end_lineno or item.lineno) + 1)
            beside = [section.comments[line] for line in lines if line in section.comments]
            default = _default(item.value, section.path)
            yield Key(item.target.id, item.annotation, default, " ".join(beside))


def all_keys_of(section: Written, classes: Classes) -> Iterator[Key]:
    """The keys of a class, those of the sections it is derived from first."""
    for parent in section.node.bases:
        if isinstance(parent, ast.Name) and parent.id in classes and parent.id != "Section":
            yield from all_keys_of(classes[parent.id], classes)
    yield from keys_of(section)


def keyword_of(node: ast.ClassDef, name: str) -> str | None:
    """What a class statement says after its bases: `tag="lora"`."""
    values = [k.value for k in node.keywords if k.arg == name]
    return str(ast.literal_eval(values[0])) if values else None


def text_of(tree: ast.Module | ast.ClassDef, name: str) -> str | None:
    """A text that is set at the top of a module or class."""
    value = dict(constants_in(tree)).get(name)
    return str(value.value) if isinstance(value, ast.Constant) else None


def constants_in(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Names that are set at the top of a module or class, with what they are set to."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def names_in(node: ast.expr) -> list[str]:
    """The names in an expression, from left to right."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return [one.id for one in sorted(names, key=lambda one: (one.lineno, one.col_offset))]


def type_in_words(node: ast.expr) -> str:
    """An annotation in plain words."""
    match node:
        case ast.Constant(value=None):
            return "left out"
        case ast.Name(id=name):
            return NAMED_TYPES.get(name, name)
        case ast.BinOp(left=left, right=right):
            return f"{type_in_words(left)}, or {type_in_words(right)}"
        case ast.Subscript(value=ast.Name(id=name), slice=inside):
            return _generic_type(name, inside)
        case _:
            return f"`{ast.unparse(node)}`"


def _generic_type(name: str, inside: ast.expr) -> str:
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    if name == "Literal":
        return " or ".join(f'"{ast.literal_eval(part)}"' for part in parts)
    if name == "Annotated":
        return type_in_words(parts[0]) + _limits(parts[1])
    return "list of " + type_in_words(parts[0]) if name == "tuple" else "table"


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
    if isinstance(node, ast.Name) and node.id == "UNSET":
        return "not set"
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
    tree = tree_of(path)
    here = dict(constants_in(tree))
    if name in here:
        return here[name]
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            module = (node.module or "").replace(".", "/") + ".py"
            return _constant(name, PACKAGE.parent / module)
    raise LookupError(f"{path} neither defines nor imports {name}")


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


def tree_of(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _comments(path: Path) -> dict[int, str]:
    """Text of every comment, by line."""
    with tokenize.open(path) as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
