"""What is wrong in surpass.toml, in words: the place, what must be there, what is, an example."""

import datetime
import difflib
import json
import re

from surpass.core.errors import BadInput
from surpass.core.settings.schema import Node, known_keys, nodes_at, section_names, steps_of

TOP = "the top level"
_KINDS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a section",
}
_LIMITS = {
    "exclusiveMinimum": "above",
    "minimum": "at least",
    "exclusiveMaximum": "below",
    "maximum": "at most",
}
_EXAMPLES = {
    "train": ["rows.csv"],
    "name": "my-task",
    "metric": "accuracy",
    "at_least": 0.8,
    "peft": "loha",
    "rslora": True,
}
_DATES = (datetime.date, datetime.time)
_LONGEST_VALUE = 60


def explained(message: str, where: str, tree: object) -> BadInput:
    """An error for people from msgspec's words.

    Args:
        message: "Expected `float`, got `str` - at `$.training.epochs`".
        where: The file.
        tree: What stands in the file, to show the value that is wrong.
    """
    what, _, path = message.partition(" - at `$")
    place = path.rstrip("`").lstrip(".")
    if unknown := re.match(r"Object contains unknown field `(.+)`", what):
        return _unknown_key(unknown.group(1), place, where)
    if missing := re.match(r"Object missing required field `(.+)`", what):
        return _missing_key(missing.group(1), place, where)
    nodes = nodes_at(place, tree)
    must = f"must be {_wanted(nodes)}" if nodes else "cannot be this"
    return BadInput(
        f"{where}: {_section(place)} {must}{_found(place, tree)}.", fix=_write(place, nodes)
    )


def _unknown_key(key: str, place: str, where: str) -> BadInput:
    close = difflib.get_close_matches(key, known_keys(), n=1)
    if alternatives := _alternatives_with(key, place):
        fix = f"It goes with {alternatives}."
    elif close and close[0] == key:
        fix = f"It belongs to {_home(key)}."
    elif close:
        fix = f"Did you mean `{close[0]}`?"
    else:
        fix = "Remove it; `surpass show` lists all keys."
    return BadInput(f"{where}: unknown key `{key}` in {_section(place)}.", fix=fix)


def _alternatives_with(key: str, place: str) -> str:
    """The alternatives of a section that do have the key: method = "lora" or method = "dora"."""
    told: list[str] = []
    for node in nodes_at(place) if place else []:
        keys = node.get("properties")
        if isinstance(keys, dict) and key in keys:
            tag, values = next(iter(keys.items()))  # the tag stands first
            told += [f"{tag} = {json.dumps(value)}" for value in values.get("enum", [])]
    return " or ".join(told)


def _home(key: str) -> str:
    """The sections that have a key, or the top of the file."""
    homes = [f"[{name}]" for name in section_names() if nodes_at(f"{name}.{key}")]
    if key in section_names():
        return f"the top level: write it as a section, [{key}]"
    return " or ".join(homes) or "another section"


def _missing_key(key: str, place: str, where: str) -> BadInput:
    full = f"{place}.{key}" if place else key
    return BadInput(
        f"{where}: {_section(place)} lacks the key `{key}`.", fix=_write(full, nodes_at(full))
    )


def _wanted(nodes: list[Node]) -> str:
    """What may stand there: "a whole number, at least 1, or "auto"", each kind once."""
    said: list[str] = []
    for node in nodes:
        values = node.get("enum")
        if isinstance(values, list):
            said += [json.dumps(value) for value in values]
        elif node.get("type") != "null":
            said.append(_kind(node))
    once = list(dict.fromkeys(said))
    return " or ".join([", ".join(once[:-1]), once[-1]]) if len(once) > 1 else once[0]


def _kind(node: Node) -> str:
    kind = _KINDS.get(str(node.get("type")), "something else")
    if node.get("minItems"):
        return "a list with an entry"
    if node.get("minLength"):
        return "a text that is not empty"
    limits = " and ".join(f"{word} {node[key]}" for key, word in _LIMITS.items() if key in node)
    return " ".join([kind, f"of {limits}" if limits.startswith("at") else limits]).strip()


def _found(place: str, tree: object) -> str:
    """The value that stands there, where it can be told."""
    for step in steps_of(place):
        if isinstance(tree, dict) and step in tree:
            tree = tree[step]
        elif isinstance(tree, list) and step[1:-1].isdigit():
            tree = tree[int(step[1:-1])]
        else:
            return ""
    return f", but is {_told(tree)}"


def _told(value: object) -> str:
    match value:
        case str():
            return f"the text {_toml(value)}"
        case bool() | int() | float():
            return _toml(value)
        case list() | tuple():
            return "a list" if value else "an empty list"
        case dict():
            return "a section"
    return f"the date or time {value}" if isinstance(value, _DATES) else "something else"


def _write(place: str, nodes: list[Node]) -> str:
    """What to write there: the default or an example."""
    key = re.sub(r"\[[^\]]*\]$", "", place).rpartition(".")[2]
    if any(node.get("type") == "object" for node in nodes):
        return f"Write {_section(place)} on a line of its own, its keys below."
    if any(_is_section(node.get("items")) for node in nodes):
        return f"Write [[{place}]] on a line of its own, its keys below."
    example = _example(key, nodes)
    if example is None:
        return "Change it."
    if place.endswith("]") and key not in _EXAMPLES:
        return f"Write for example {_toml(example)} there."
    return f"Write for example `{key} = {_toml(example)}`."


def _is_section(node: object) -> bool:
    return isinstance(node, dict) and "$ref" in node


def _example(key: str, nodes: list[Node]) -> object:
    """The default of the key, or a value of the right kind within its limits."""
    if key in _EXAMPLES:
        return _EXAMPLES[key]
    for node in nodes:
        if node.get("default") not in (None, []):
            return node["default"]
    for node in nodes:
        values, kind = node.get("enum"), node.get("type")
        if isinstance(values, list):
            return values[0]
        if kind in {"number", "integer"}:
            return _number(node)
        if kind in {"string", "array"}:
            return "column" if kind == "string" else ["column"]
    return None


def _number(node: Node) -> object:
    whole = node.get("type") == "integer"
    tried = (1, 2, 1000) if whole else (1.0, 0.1, -0.1)
    return next((one for one in tried if _within(one, node)), None)


def _within(value: float, node: Node) -> bool:
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    return (
        (not isinstance(low, int | float) or value >= low)
        and (not isinstance(high, int | float) or value <= high)
        and (not isinstance(above, int | float) or value > above)
        and (not isinstance(below, int | float) or value < below)
    )


def _toml(value: object) -> str:
    """JSON's spelling of texts, numbers, booleans and lists of them is TOML's too; cut if long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _section(place: str) -> str:
    """The place as it stands in the file: [training.epochs], `margin` in [[criteria.primary]]."""
    if listed := re.fullmatch(r"(.+)\[(\d+)\]\.?(.*)", place):
        name, number, key = listed[1], int(listed[2]) + 1, listed[3]
        return f"`{key}` in [[{name}]] number {number}" if key else f"entry {number} of [{name}]"
    return f"[{place.replace('[...]', '.NAME')}]" if place else TOP
