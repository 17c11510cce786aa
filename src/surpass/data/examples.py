"""Rows become examples: the columns get the meanings that surpass.toml declares."""

import difflib
from collections import Counter
from pathlib import Path, PurePath

import msgspec
import polars as pl

from surpass.core.columns import (
    GROUP,
    INPUT,
    LANGUAGE,
    ROW,
    SOURCE,
    TARGET,
    TIME,
    TURNS,
    attribute,
)
from surpass.core.errors import BadInput
from surpass.core.records.dataset import SourceFile
from surpass.core.settings import Code, Data, Extract, Task
from surpass.core.wording import counted
from surpass.data.folders import digest_rows
from surpass.data.json_rows import compact
from surpass.data.layouts import arranged
from surpass.data.read import read_rows
from surpass.data.references import reference_lists
from surpass.data.rows import Rows
from surpass.text.languages import languages_of


def to_examples(rows: Rows, data: Data, task: Task, stem: str = "") -> pl.DataFrame:
    """Name the columns of a file as core/columns.py does.

    Args:
        rows: The file's rows.
        data: Which columns are id, group, time, slices, and which to leave out.
        task: Which columns are input and output. Records are kept in the user's order of keys.
        stem: What rows without an id are called after, with their line; none: the file's stem.

    Raises:
        BadInput: a declared column is not there; two rows have one id, or a row has none.
    """
    _require_columns(rows, data, task)
    frame, lines = rows.frame, rows.lines.cast(pl.String)
    number = pl.lit(f"{stem or PurePath(rows.file).stem}:") + lines
    row = number if data.id is None else pl.col(data.id)
    target = frame[task.output].fill_null("")
    if isinstance(task, Extract):
        target = pl.Series([_record(text) for text in target], dtype=pl.String)
    columns = [
        row.alias(ROW),
        pl.col(task.input).fill_null("").alias(INPUT),
        target.alias(TARGET),
        (row if data.group is None else _group(data.group, row)).alias(GROUP),
        (pl.lit(None, dtype=pl.String) if data.time is None else pl.col(data.time)).alias(TIME),
        (pl.lit(f"{rows.file}:") + lines).alias(SOURCE),
    ]
    columns += [pl.col(name).alias(attribute(name)) for name in _attributes(frame, data, task)]
    examples = frame.select(columns)
    if LANGUAGE in data.slices and LANGUAGE not in frame.columns:
        examples = examples.with_columns(languages_of(examples[INPUT]).alias(attribute(LANGUAGE)))
    if rows.turns is not None and rows.turns.null_count() < rows.turns.len():
        examples = examples.with_columns(rows.turns.alias(TURNS))
    if data.references is not None:
        examples = examples.with_columns(reference_lists(rows, data.references))
    if data.id is not None:
        _require_ids(examples, data.id)
    return examples


def _group(name: str, row: pl.Expr) -> pl.Expr:
    """The group, or the row itself where the field is empty."""
    return pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).otherwise(row)


def read_examples(
    folder: Path, files: tuple[str, ...], data: Data, task: Task
) -> tuple[pl.DataFrame, tuple[SourceFile, ...], tuple[str, ...]]:
    """Read several files, relative to the folder, one after the other.

    Returns:
        The examples; each file with its digest and rows; warnings about how files were read.

    Raises:
        BadInput: as read_rows and to_examples; also an id that stands in two files.
    """
    stems = Counter(PurePath(file).stem for file in files)
    frames, sources = [], []
    warnings: list[str] = []
    for file in files:
        rows = arranged(read_rows(folder / file, file), task.input, task.output)
        stem = PurePath(file).stem
        frames.append(to_examples(rows, data, task, stem if stems[stem] == 1 else file))
        digest = digest_rows(folder / file)
        sources.append(SourceFile(path=file, digest=digest, rows=rows.frame.height))
        warnings.extend(rows.warnings)
    examples = pl.concat(frames, how="diagonal")
    _require_ids(examples, data.id or "the file's name")
    return examples, tuple(sources), tuple(warnings)


def _attributes(frame: pl.DataFrame, data: Data, task: Task) -> list[str]:
    """The user's other columns; group and time stay one if they are slices too."""
    declared = {task.input, task.output, data.id, data.group, data.time, data.references}
    taken = declared - set(data.slices)
    return [name for name in frame.columns if name not in taken and name not in data.ignore]


def _require_columns(rows: Rows, data: Data, task: Task) -> None:
    declared = {
        "[task] input": task.input,
        "[task] output": task.output,
        "[data] id": data.id,
        "[data] group": data.group,
        "[data] time": data.time,
        "[data] references": data.references,
        "[data] annotator": data.annotator,
    } | {
        f"[data] slices ({name})": name
        for name in data.slices
        if name != LANGUAGE  # told from the input where it is no column
    }
    if isinstance(task, Code):
        declared |= {"[task] tests": task.tests, "[task] entry_point": task.entry_point}
    there = rows.frame.columns
    for place, name in declared.items():
        if name is not None and name not in there:
            close = difflib.get_close_matches(name, there, n=1)
            fix = f"Did you mean {close[0]!r}?" if close else f"Set {place} to one of them."
            listed = ", ".join(there)
            raise BadInput(
                f"{rows.file} has no column {name!r} ({place}); it has {listed}.", fix=fix
            )


def _require_ids(examples: pl.DataFrame, column: str) -> None:
    """Every row needs a name of its own."""
    nameless = examples.filter(pl.col(ROW).is_null() | (pl.col(ROW) == ""))
    if not nameless.is_empty():
        raise BadInput(
            f"{counted(nameless.height, 'row has', 'rows have')} no id in {column!r} "
            f"(first: {nameless[SOURCE][0]}).",
            fix="Fill the column, or remove `id` from [data]: then file and line name a row.",
        )
    twice = examples.filter(pl.col(ROW).is_duplicated())
    if not twice.is_empty():
        name = twice[ROW][0]
        first, second, *_ = twice.filter(pl.col(ROW) == name)[SOURCE]
        raise BadInput(
            f"{first} and {second} have the same id {name!r} in {column!r}.",
            fix="Give each row its own id, or remove `id` from [data]: then file and line name it.",
        )


def _record(text: str) -> str:
    """A record as compact JSON; what is no JSON stays as it is and becomes a finding."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    return compact(text)
