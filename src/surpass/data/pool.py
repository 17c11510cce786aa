"""Rows without answers: a pool to label from, or what production is asked."""

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.settings import Code, Data, Task
from surpass.data.examples import to_examples
from surpass.data.layouts import arranged
from surpass.data.rows import Rows


def read_pool(rows: Rows, data: Data, task: Task) -> pl.DataFrame:
    """The rows as ROW, INPUT, TIME and attributes; only the input's column must be there.

    Raises:
        BadInput: the input's column is not there, or two rows have one id.
    """
    rows = arranged(rows, task.input, None)
    there = rows.frame.columns
    needed = [task.output]
    if isinstance(task, Code):
        needed += [name for name in (task.tests, task.entry_point) if name is not None]
    frame = rows.frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in needed)
    declared = msgspec.structs.replace(
        data,
        id=data.id if data.id in there else None,
        group=None,
        references=None,
        time=data.time if data.time in there else None,
        slices=tuple(name for name in data.slices if name in (*there, columns.LANGUAGE)),
    )
    examples = to_examples(msgspec.structs.replace(rows, frame=frame), declared, task)
    return examples.select(
        columns.ROW, columns.INPUT, columns.TIME, pl.col(f"^{columns.ATTRIBUTE}.*$")
    )
