"""surpass init: look at a file of rows, infer the task, write a commented surpass.toml."""

import json
import os
from pathlib import Path

from surpass.core.account import Account, Chapter, Table
from surpass.core.errors import BadInput
from surpass.core.records.results import InitData
from surpass.core.settings import Settings, default_criteria
from surpass.core.settings.read import FILE_NAME, parse_settings
from surpass.core.wording import counted
from surpass.data.infer import Inferred
from surpass.data.rows import Rows
from surpass.steps.look import look_at
from surpass.steps.project import DEFAULT_INSTRUCTIONS
from surpass.store.durable import write_file
from surpass.store.dvc import find_dvc, make_dvc

PROMPT_NAME = "prompt.md"


def init(
    file: Path,
    folder: Path,
    *,
    input_column: str | None,
    output_column: str | None,
    dvc: bool = False,
) -> Account:
    """Write surpass.toml and prompt.md for a file of rows; nothing that exists is overwritten.

    Args:
        file: Rows, or a folder of them, in any format of docs/formats.md.
        folder: Where the project is to be.
        input_column: What the model is given; guessed if absent.
        output_column: What it must answer; guessed if absent.
        dvc: Also make DVC's own files, so that versions of the rows are kept in its cache.

    Raises:
        BadInput: a project is there already, or no task can be seen in the file.
    """
    require_no_project(folder)
    seen = look_at(file, input_column, output_column)
    found = seen.task
    named = os.path.relpath(file.resolve(), folder.resolve())
    text = project_text(found, named, _name(file))
    settings = parse_settings(text.encode(), FILE_NAME)
    prompt_is_new = not (folder / PROMPT_NAME).exists()
    if prompt_is_new:
        told = seen.instruction or DEFAULT_INSTRUCTIONS[found.kind]
        write_file(folder / PROMPT_NAME, (told + "\n").encode())
    write_file(folder / FILE_NAME, text.encode())
    ignored = folder / ".gitignore"
    if not ignored.exists():
        write_file(ignored, b".surpass/\nrequests/\n")
    if dvc and find_dvc(folder) is None:
        make_dvc(folder)
    return _account(found, settings, seen.rows, prompt_is_new=prompt_is_new)


def require_no_project(folder: Path) -> None:
    """Refuse a folder that is a project already.

    Raises:
        BadInput: it is.
    """
    if (folder / FILE_NAME).exists():
        raise BadInput(
            f"{folder.resolve()} has a {FILE_NAME} already.",
            fix="Edit that file, or name another folder.",
        )


def project_text(found: Inferred, file: str, name: str) -> str:
    """surpass.toml as text, each key with what it means."""
    criteria = default_criteria(found.kind).primary[0]
    optional = [
        f"id = {_quoted(found.id)}\n" if found.id else "",
        f"group = {_quoted(found.group)}  # rows of one {found.group} stay on one side\n"
        if found.group
        else _group_comment(found.possible_group),
        f"time = {_quoted(found.time)}\n" if found.time else "",
        f"slices = {_quoted(list(found.slices))}\n" if found.slices else "",
    ]
    return f"""[task]
name = {_quoted(name)}
kind = "{found.kind}"  # classify: one label; extract: a JSON record; generate: text; code: Python
input = {_quoted(found.input)}
output = {_quoted(found.output)}
{_tests(found)}prompt = "{PROMPT_NAME}"  # the instruction; edit it there before sealing

[data]
train = [{_quoted(file)}]
{"".join(optional)}
[model]
base = "smollm2-135m-q4"  # or a folder, or a hub id

[tuning]
method = "lora"
rank = 8

[training]
epochs = 2

# What must be true of the tuned model. Uncomment and change it before sealing: until then the
# report says "default, not declared".
# [criteria]
# alpha = 0.05
#
# [[criteria.primary]]
# metric = "{criteria.metric}"
# against = "best rung"
# margin = {criteria.margin}  # the gain must surely exceed this
# expect = {criteria.expect}  # the gain you hope for; the power is computed there
#
# [[criteria.forgetting]]
# on = "general"  # a sample of other texts, or a file of your own rows that must not get worse
# margin = 0.05  # rise of the loss, nats per token, that is still tolerated
"""


def _tests(found: Inferred) -> str:
    """Where the tests of a code task stand; nothing for the other kinds."""
    if found.code is None:
        return ""
    entry = found.code.entry_point
    named = f"entry_point = {_quoted(entry)}\n" if entry else ""
    return f"tests = {_quoted(found.code.tests)}  # answers are run against these\n{named}"


def _group_comment(possible: str | None) -> str:
    """What to uncomment where no column is a group yet."""
    if possible is None:
        return '# group = "customer"  # rows with the same value stay on one side of the split\n'
    return f"# group = {_quoted(possible)}  # no value repeats yet; rows of one stay on one side\n"


def _quoted(value: object) -> str:
    """A TOML string or array of strings: JSON's escapes are TOML's too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _name(file: Path) -> str:
    return file.stem.lower().replace(" ", "-")


def _account(found: Inferred, settings: Settings, rows: Rows, *, prompt_is_new: bool) -> Account:
    seen = (
        ("kind", settings.kind),
        ("input", found.input),
        ("output", found.output),
        ("id", found.id or "file and line"),
        ("group", found.group or "none"),
        ("time", found.time or "none"),
        ("slices", ", ".join(found.slices) or "none"),
    )
    return Account(
        title="Init",
        headline=f"{FILE_NAME} is written for {counted(rows.frame.height, 'row')}: "
        f"{settings.kind} `{found.output}` from `{found.input}`.",
        text=(*found.notes, _prompt_note(found.kind, is_new=prompt_is_new)),
        warnings=rows.warnings,
        chapters=(
            Chapter(
                title="What was seen",
                tables=(Table(title="", columns=("what", "value"), rows=seen),),
            ),
        ),
        next_command="surpass check",
        data=InitData(
            rows=rows.frame.height,
            kind=settings.kind,
            input=found.input,
            output=found.output,
            id=found.id,
            group=found.group,
            time=found.time,
            slices=tuple(found.slices),
        ),
    )


def _prompt_note(kind: str, *, is_new: bool) -> str:
    """Where the instruction is, and which word in it is filled in."""
    made = "holds the instruction" if is_new else "was there and is kept as the instruction"
    filled = {"classify": "{labels}", "extract": "{fields}"}.get(kind)
    hint = f"; keep {filled}, which is filled in" if filled else ""
    return f"{PROMPT_NAME} {made} for every model: edit it before sealing{hint}."
