"""What `surpass diff` answers a program."""

import msgspec


class ChangedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row that is not the same in both versions."""

    row: str
    change: str  # added, removed, input changed, answer changed or metadata only
    before: str | None  # its answer; null where the row is not there
    after: str | None
    because: str  # of the decision about it, with who took it; empty: the files differ


class DiffData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass diff`: two versions of the examples, row by row."""

    before: str  # digest of the version, or the file
    after: str
    rows_before: int
    rows_after: int
    counts: dict[str, int]  # rows by kind of change
    rows: tuple[ChangedRow, ...]
    closed: int  # rows of the sealed test, which are not compared
