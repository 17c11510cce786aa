"""Which rows of a pool the gaps ask for, and the file that queues them for labelling."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_record
from surpass.core.errors import CannotTell
from surpass.core.records.explanation import Explanation, Gap
from surpass.data.pool import read_pool
from surpass.data.read import read_rows
from surpass.data.rows import Rows
from surpass.evaluate.slices.members import Looked, members
from surpass.evaluate.slices.request import Shown, from_pool
from surpass.measure.row_scores import row_scores
from surpass.steps.project import Project
from surpass.store.durable import write_file

FOLDER = "requests"


class Wanted(NamedTuple):
    """What one gap finds in the pool."""

    gap: Gap
    places: list[int]  # in the pool, the best first; no row is wanted by two gaps
    told: bool  # True: the pool says that they are in the slice; False: they are only like its rows


class Queue(NamedTuple):
    """A pool and what each gap wants of it."""

    pool: Rows
    names: pl.Series  # of its rows
    inputs: pl.Series
    wanted: tuple[Wanted, ...]


def candidates_in(
    project: Project,
    path: Path,
    record: Explanation,
    predictions: pl.DataFrame,
    known: pl.Series,
) -> Queue:
    """Read a pool of rows without answers and rank them for each gap that asks for rows.

    Answers that the pool has are not looked at.

    Args:
        project: The project.
        path: CSV, TSV, JSONL or Parquet with the input's column.
        record: The gaps.
        predictions: The tuned model's on valid.
        known: Inputs of training and valid: they are not asked for again.

    Raises:
        BadInput: the file cannot be read, or lacks the input's column.
    """
    rows = read_rows(path)
    pool = read_pool(rows, project.settings.data, project.settings.task)
    looked, valid = Looked(pool), Looked(predictions)
    scores = row_scores(project.settings.kind, predictions)
    taken: set[int] = set()
    wanted = []
    for gap in record.gaps:
        if gap.request is None or gap.request.collect == 0:
            continue
        chosen = from_pool(gap.predicate, looked, _shown(gap, valid, scores), known, taken)
        taken.update(chosen.places[: gap.request.collect])
        wanted.append(Wanted(gap, chosen.places, chosen.told))
    return Queue(rows, pool[columns.ROW], pool[columns.INPUT], tuple(wanted))


def dealt(queue: Queue, count: int) -> list[tuple[int, Gap]]:
    """At most `count` rows: the costliest gap gets what it asks for, then the next."""
    chosen: list[tuple[int, Gap]] = []
    for wanted in queue.wanted:
        asked = 0 if wanted.gap.request is None else wanted.gap.request.collect
        room = min(asked, count - len(chosen))
        chosen += [(place, wanted.gap) for place in wanted.places[:room]]
    return chosen


def write_queue(project: Project, queue: Queue, count: int) -> Path:
    """Write the rows as JSONL, in the pool's own columns.

    The file is named by its rows: the same request twice is one file.

    Raises:
        CannotTell: no gap asks for rows, or the pool has none for them.
    """
    chosen = dealt(queue, count)
    if not chosen:
        raise CannotTell(
            f"No gap asks for any of the {queue.names.len()} rows of {queue.pool.file}.",
            fix="Label rows drawn at random, or name another pool.",
        )
    task, data = project.settings.task, project.settings.data
    rows = []
    for place, _ in chosen:
        row = {data.id or "id": queue.names[place]} | queue.pool.frame.row(place, named=True)
        row.pop(task.output, None)  # to be answered, not to be copied
        rows.append(row)
    name = f"{Path(queue.pool.file).stem}-{digest_record(rows)[:8]}.jsonl"
    path = project.folder / FOLDER / name
    write_file(path, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def _shown(gap: Gap, valid: Looked, scores: pl.Series) -> Shown:
    """Which validation rows failed in the slice: scored below the usual row, or not right."""
    usual = scores.mean()
    below = scores < (max(usual, 0.5) if isinstance(usual, float) else 0.5)
    inside = members(gap.predicate, valid)
    failing = below.fill_null(value=False).to_numpy()
    return Shown(valid.frame[columns.INPUT], failing if inside is None else failing & inside)
