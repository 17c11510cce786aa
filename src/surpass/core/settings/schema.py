"""The JSON Schema of surpass.toml, for editors, and how to find a key in it."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from surpass.core.settings import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Node = dict[str, object]


def settings_schema() -> str:
    """The schema as it is published: indented JSON, one line end at its end."""
    described = {"$schema": DIALECT, "title": "surpass.toml", **_schema()}
    return msgspec.json.format(msgspec.json.encode(described), indent=2).decode() + "\n"


def nodes_at(place: str, tree: object = None) -> list[Node]:
    """What the schema says of a place such as `criteria.primary[0].margin`.

    Several where sections differ by kind or where values of several kinds may stand; none where
    there is no such place. A step `[...]` is a key that may have any name.

    Args:
        place: Keys and numbers.
        tree: What stands in the file; of a section that says its kind, only that kind is looked at.
    """
    found = _plain(_schema())
    for step in steps_of(place):
        found = [deeper for node in found for deeper in _below(node, step)]
        tree = tree.get(step) if isinstance(tree, dict) else None
        said = [node for node in found if _is_of_kind(node, tree)]
        found = said or found
    return found


def steps_of(place: str) -> list[str]:
    """`criteria.primary[0]` as "criteria", "primary" and "[0]"."""
    return re.findall(r"[^.\[\]]+|\[[^\]]*\]", place)


def known_keys() -> list[str]:
    """Every key that may stand in surpass.toml."""
    parts = _definitions().values()
    return sorted({key for part in parts for key in _mapping(part, "properties")})


def section_names() -> tuple[str, ...]:
    """The sections of surpass.toml, in their order."""
    return Settings.__struct_fields__


def _is_of_kind(node: Node, tree: object) -> bool:
    """Whether a section says that it is of this kind: `method = "ia3"`."""
    tag, values = next(iter(_mapping(node, "properties").items()), ("", {}))  # the tag stands first
    return isinstance(tree, dict) and tag in tree and values.get("enum") == [tree[tag]]


def _below(node: Node, step: str) -> Iterator[Node]:
    """The schema one step deeper: a key, `[0]` in a list, `[...]` in a table of any keys."""
    if step.startswith("["):
        deeper = [node.get("items"), node.get("additionalProperties")]
    else:
        deeper = [_mapping(node, "properties").get(step)]
    for one in deeper:
        if isinstance(one, dict):
            yield from _plain(one)


def _plain(node: Node) -> list[Node]:
    """A node with its references followed and its alternatives side by side."""
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _definitions()[reference.rpartition("/")[2]]
        return _plain({**target, **{k: v for k, v in node.items() if k != "$ref"}})
    either = node.get("anyOf")
    if not isinstance(either, list):
        return [node]
    shared = {"default": node["default"]} if "default" in node else {}
    return [one for part in either for one in _plain({**part, **shared})]


@cache
def _schema() -> Node:
    return msgspec.json.schema(Settings)


def _definitions() -> dict[str, Node]:
    return _mapping(_schema(), "$defs")


def _mapping(node: Node, key: str) -> dict[str, Node]:
    found = node.get(key)
    return found if isinstance(found, dict) else {}
