"""The page about `--json`: the fields that all commands have, then each command's own."""

import ast
from collections.abc import Iterator

from written import PACKAGE, Classes, Written, as_page, classes_in, keys_of, names_in, type_in_words

from surpass.core.records.results import DATA_OF

RECORDS = PACKAGE / "core" / "records"
INTRODUCTION = """With `--json` a command prints one object on standard output, and no progress.

| field | type | meaning |
|---|---|---|
| `title` | text | which command, or the task's name |
| `headline` | text | the result as one sentence |
| `standing` | text | "done", "holds", "does not hold" or "cannot tell"; decides the [exit \
status](errors.md) |
| `warnings` | list of text | what one should know before relying on it |
| `next_command` | text | what comes next; empty where nothing does |
| `data` | object | the result in named fields, below; shares and gains are raw numbers |
| `page` | object | layout for people (`text`, `facts`, `chapters`); may change with any version |

A number that is not known is `null`; so is `data` of the few commands that are not below. An \
error, that of a wrong command line too, is an object with `error` and `fix`. In Python the same \
record is the `data` of what a verb returns.

```sh
surpass check --no-such-option --json > said.json || test $? = 3
```

For a script, for instance `surpass verdict --json` piped into `jq`:

```text
.data.outcome                       "PASS"
.data.gates[0].bounds.low           0.071
.data.scores.tuned.macro_f1         0.811
```
"""


def json_page() -> str:
    """Fields of every command's `data`, and of the records in them."""
    classes = {one.node.name: one for path in RECORDS.glob("*.py") for one in classes_in(path)}
    tops = list(dict.fromkeys(record.__name__ for record in DATA_OF.values()))
    parts = [_top(name, classes) for name in tops]
    parts.append("## Records in them\n")
    parts += [_record(f"### {name}", classes[name], classes) for name in _inner(tops, classes)]
    return as_page("JSON output", INTRODUCTION, "\n".join(parts))


def _top(name: str, classes: Classes) -> str:
    commands = [
        f"surpass {command}" for command, record in DATA_OF.items() if record.__name__ == name
    ]
    return _record(f"## {', '.join(commands)}", classes[name], classes)


def _inner(names: list[str], classes: Classes) -> list[str]:
    """Records that the given ones hold, and those that these hold, in the order of mention."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        held = [
            name for key in keys_of(classes[waiting.pop(0)]) for name in names_in(key.annotation)
        ]
        new = [name for name in held if name in classes and name not in {*found, *names}]
        found += dict.fromkeys(new)
        waiting += dict.fromkeys(new)
    return list(dict.fromkeys(found))


def _record(heading: str, record: Written, classes: Classes) -> str:
    lines = [
        f"{heading}\n",
        f"{_docstring(record)}\n",
        "| field | type | meaning |",
        "|---|---|---|",
    ]
    lines += _rows(record, classes)
    return "\n".join(lines) + "\n"


def _rows(record: Written, classes: Classes) -> Iterator[str]:
    for key in keys_of(record):
        kind = _kind(key.annotation)
        for name in names_in(key.annotation):
            if name in classes:
                kind = kind.replace(name, f"[{name}](#{name.lower()})")
        cells = (cell.replace("|", "\\|") for cell in (kind, key.meaning))
        yield f"| `{key.name}` | {' | '.join(cells)} |"


def _kind(annotation: ast.expr) -> str:
    """A type in words; of an object with free names, what stands under each."""
    match annotation:
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inside])):
            return f"object, name to {_kind(inside)}"
        case _:
            return type_in_words(annotation).replace("left out", "null")


def _docstring(record: Written) -> str:
    """What the record is; the commands that a docstring names first are in the heading."""
    text = ast.get_docstring(record.node) or ""
    named, colon, rest = text.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and named.startswith("`surpass") else text
