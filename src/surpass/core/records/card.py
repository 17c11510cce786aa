"""What `surpass export` and `surpass card` answer a program."""

import msgspec


class ExportData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass export`: the file that was written."""

    file: str
    style: str  # messages, alpaca, sharegpt, prompt-completion, openai, csv, tsv, parquet or jsonl
    side: str  # train, valid or all
    rows: int
    version: str  # digest of the examples
    defused: int  # cells that a spreadsheet would have run as formulas


class CardSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file that rows were read from."""

    path: str
    digest: str  # SHA-256
    rows: int
    origin: str | None  # as [data.sources] says; none: nobody said
    licence: str | None
    consent: str | None


class CardDecision(msgspec.Struct, frozen=True, kw_only=True):
    """Rows about which the same was decided for the same reason."""

    action: str  # drop, fix or keep
    reason: str
    by: str  # surpass or people
    rows: int


class CardCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What one check says of the rows."""

    check: str
    state: str  # clear, found or cannot tell
    severity: str
    summary: str


class CardData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass card`: what is known of the examples, and what only people can say."""

    file: str  # the card
    name: str  # of the task
    kind: str
    version: str  # digest of the examples
    rows: int
    sources: tuple[CardSource, ...]
    sides: dict[str, int] | None  # rows by side; none: not split yet
    decisions: tuple[CardDecision, ...]  # those in force
    checks: tuple[CardCheck, ...]  # none with --check, which runs none
    personal: dict[str, int]  # finds of personal data by kind, outside the sealed test
    scripts: dict[str, float]  # share of the letters by script, outside the sealed test
    blanks: tuple[str, ...]  # parts that nobody has written yet
    audit: str = ""  # what the newest random audit amounts to; empty: there was none
