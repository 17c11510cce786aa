"""Texts that a tuned model must not have forgotten: the general sample, or a file of the user's."""

from importlib.resources import files
from pathlib import Path

import msgspec
import polars as pl

from surpass.core.columns import GROUP, INPUT, ROW, TARGET
from surpass.core.digest import digest_bytes, digest_file
from surpass.core.errors import BadInput
from surpass.core.settings import Forgetting
from surpass.core.wording import counted
from surpass.data.decode import read_text, require_file
from surpass.data.read import read_rows
from surpass.data.rows import Rows

GENERAL = "general"
_SAMPLE = files("surpass.data") / "general.jsonl"
_TEXT = "text"


class _Passage(msgspec.Struct):
    """One line of the general sample."""

    id: str  # its kind and number: "prose-01", "code-12"
    text: str


def read_passages(
    folder: Path, wanted: Forgetting, columns: tuple[str, str] = (INPUT, "output")
) -> pl.DataFrame:
    """The texts that a criterion names, with ROW, GROUP, INPUT and TARGET.

    TARGET is the text whose loss counts. INPUT is what it answers, empty where it stands alone.

    Args:
        folder: Where file names start.
        wanted: The criterion.
        columns: The task's names of input and output; looked for where the criterion names none.

    Raises:
        BadInput: the file cannot be read, has no such columns, or a row of it has no text.
    """
    if wanted.on == GENERAL:
        return _general()
    path = folder / wanted.on
    if path.suffix.lower() == ".txt":
        return _paragraphs(path, wanted)
    require_file(path)
    return _of_rows(read_rows(path, wanted.on), wanted, columns)


def passages_digest(folder: Path, wanted: Forgetting) -> str:
    """Names the texts by the bytes of their file.

    Raises:
        BadInput: there is no such file.
    """
    if wanted.on == GENERAL:
        return digest_bytes(_SAMPLE.read_bytes())
    require_file(folder / wanted.on)
    return digest_file(folder / wanted.on)


def _general() -> pl.DataFrame:
    lines = _SAMPLE.read_text(encoding="utf-8").splitlines()
    passages = [msgspec.json.decode(line, type=_Passage) for line in lines]
    return _frame([one.id for one in passages], [""] * len(lines), [one.text for one in passages])


def _paragraphs(path: Path, wanted: Forgetting) -> pl.DataFrame:
    """Parts of a plain text, parted by blank lines; each is called after its number."""
    if named := [n for n in ("input", "output", "group") if getattr(wanted, n) is not None]:
        raise BadInput(
            f"[[criteria.forgetting]] names {named[0]} = {getattr(wanted, named[0])!r}, but "
            f"{wanted.on} is plain text without columns.",
            fix="Remove that key, or bring the texts as JSONL or CSV.",
        )
    lines = read_text(path)[0].splitlines()
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    texts = ["\n".join(part) for part in parts if part]
    names = [f"{path.stem}:{number}" for number in range(1, len(texts) + 1)]
    return _frame(names, [""] * len(texts), texts)


def _of_rows(rows: Rows, wanted: Forgetting, columns: tuple[str, str]) -> pl.DataFrame:
    """Rows with an input and an output, or with a text alone."""
    asked, text = _columns(rows, wanted, columns)
    lines = rows.lines.cast(pl.String)
    names = [f"{Path(rows.file).stem}:{line}" for line in lines]
    targets = rows.frame[text].fill_null("")
    inputs = [""] * len(names) if asked is None else rows.frame[asked].fill_null("").to_list()
    for what, values in ((text, targets.to_list()), (asked, inputs)):
        empty = [name for name, value in zip(names, values, strict=True) if not value.strip()]
        if empty and what is not None:
            raise BadInput(
                f"{counted(len(empty), 'row has', 'rows have')} nothing in {what!r} of {wanted.on} "
                f"(first: {empty[0]}).",
                fix="Fill the field or remove the row.",
            )
    made = _frame(names, inputs, targets.to_list())
    if wanted.group is None:
        return made
    groups = _column(rows, wanted.group, "group")
    return made.with_columns(
        pl.Series(GROUP, [g or n for g, n in zip(groups, names, strict=True)], dtype=pl.String)
    )


def _columns(rows: Rows, wanted: Forgetting, columns: tuple[str, str]) -> tuple[str | None, str]:
    """Names of the columns of question and answer; no question where the text stands alone."""
    there = rows.frame.columns
    if wanted.output is not None:
        for name, key in ((wanted.input, "input"), (wanted.output, "output")):
            if name is not None:
                _column(rows, name, key)
        return wanted.input, wanted.output
    if wanted.input is not None:
        raise BadInput(
            f"[[criteria.forgetting]] on {wanted.on} names an input but no output.",
            fix="Name the column of the expected answers as output.",
        )
    for asked, answer in (columns, (INPUT, "output")):
        if asked in there and answer in there:
            return asked, answer
    if _TEXT in there:
        return None, _TEXT
    raise BadInput(
        f"{wanted.on} has neither the columns {columns[0]!r} and {columns[1]!r} nor {_TEXT!r}; "
        f"it has {', '.join(there)}.",
        fix="Name input and output under [[criteria.forgetting]].",
    )


def _column(rows: Rows, name: str, key: str) -> list[str | None]:
    if name not in rows.frame.columns:
        raise BadInput(
            f"{rows.file} has no column {name!r} ([[criteria.forgetting]] {key}); it has "
            f"{', '.join(rows.frame.columns)}.",
            fix=f"Set {key} to one of them.",
        )
    return rows.frame[name].to_list()


def _frame(names: list[str], inputs: list[str], texts: list[str]) -> pl.DataFrame:
    columns = {ROW: names, GROUP: names, INPUT: inputs, TARGET: texts}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
