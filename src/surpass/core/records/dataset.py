"""What is known of a dataset version, of findings in it and of the split made from it."""

import msgspec


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that rows were read from."""

    path: str
    digest: str
    rows: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """Manifest of one immutable version of the examples; `digest` is of the rows themselves."""

    digest: str
    parent: str | None
    files: tuple[SourceFile, ...]
    rows: int
    decisions: int  # decisions applied to the files' rows
    warnings: tuple[str, ...] = ()  # what was noticed while reading the files
    examples: str | None = None  # digest of the rows without added ones; none: none were added


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about one row, by whom, and why; kept in answers/."""

    row: str
    action: str  # "drop", "keep", "fix" or "undo"; "copy" or "twin" of what mitigation adds
    reason: str
    by: str  # a person, or "surpass" for lossless ones
    at: str  # ISO 8601, UTC
    column: str | None = None  # of a fix
    value: str | None = None  # of a fix; of a copy how many, of a twin its input and answer


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Result of a split: how many rows and groups went where, and what was verified."""

    version: str
    block: str  # digest of the sealed test rows
    train_rows: int
    valid_rows: int
    test_rows: int
    train_groups: int
    valid_groups: int
    test_groups: int
    joined_clusters: int  # near-duplicate clusters that were kept on one side
    removed_rows: int  # training rows removed because valid or test shows them
    labels: tuple[str, ...] = ()
