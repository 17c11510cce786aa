"""What training shows of a row that went wrong: the nearest rows, and what they contradict."""

import polars as pl

from surpass.core import columns
from surpass.measure.records import read_record, same_fields
from surpass.text.canonical import canonical_text
from surpass.text.near_duplicates import LEFT, NEAR_DUPLICATE, RIGHT, near_duplicates
from surpass.text.vectors import nearest

COSINE = "cosine"  # f64: of TF-IDF over pieces of words
NEAR = "near_duplicate"  # bool: shingles agree to 80 %
DIFFERS = "differs"  # str or null: what its answer contradicts the row's in; null: nothing


def blame(row: dict[str, str], train: pl.DataFrame, kind: str, count: int = 5) -> pl.DataFrame:
    """The training rows most like one row, the nearest first, each with what it contradicts.

    An answer contradicts the row's where its text is a near duplicate and its label differs, or a
    field's value that does not stand in either text, or (for texts) where the inputs are equal and
    the answers are not.

    Args:
        row: INPUT and TARGET of the row.
        train: The training examples.
        kind: Of the task.
        count: At most so many rows.

    Returns:
        Columns ROW, INPUT, TARGET, COSINE, NEAR, DIFFERS.
    """
    found = nearest(train[columns.INPUT], pl.Series([row[columns.INPUT]]), min(count, train.height))
    rows: pl.DataFrame = train[found.places[0].tolist()].select(
        columns.ROW, columns.INPUT, columns.TARGET
    )
    twins = _twins(row[columns.INPUT], rows[columns.INPUT])
    differs = [
        _differs(row, other, kind) if twin else None
        for other, twin in zip(rows.iter_rows(named=True), twins, strict=True)
    ]
    return rows.with_columns(
        pl.Series(COSINE, found.similarity[0]),
        pl.Series(NEAR, twins, dtype=pl.Boolean),
        pl.Series(DIFFERS, differs, dtype=pl.String),
    )


def _twins(text: str, others: pl.Series) -> list[bool]:
    """Which of the others are near duplicates of the text."""
    pairs = near_duplicates(
        pl.concat([pl.Series([text]), others.alias("")]), threshold=NEAR_DUPLICATE
    )
    twins = set(pairs.filter(pl.col(LEFT) == 0)[RIGHT].to_list())
    return [place + 1 in twins for place in range(others.len())]


def _differs(row: dict[str, str], other: dict[str, str], kind: str) -> str | None:
    if kind == "classify":
        same = row[columns.TARGET].strip() == other[columns.TARGET].strip()
        return None if same else "the label"
    if kind != "extract":
        inputs = [canonical_text(one[columns.INPUT]) for one in (row, other)]
        answers = [canonical_text(one[columns.TARGET]) for one in (row, other)]
        return "the answer" if inputs[0] == inputs[1] and answers[0] != answers[1] else None
    fields = same_fields(row[columns.TARGET], other[columns.TARGET])
    unlike = {name for name, what in fields.items() if what != "right"}
    return ", ".join(sorted(unlike - _from_text(row) - _from_text(other))) or None


def _from_text(row: dict[str, str]) -> set[str]:
    """Fields whose value stands in the row's own text: where they differ, the texts do."""
    text = canonical_text(row[columns.INPUT])
    record = read_record(row[columns.TARGET]) or {}
    return {name for name, value in record.items() if str(value) in text}
