"""A random audit: training rows drawn by chance alone, and how many of their answers are wrong."""

import msgspec


class AuditedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it stood when it was drawn."""

    row: str
    digest: str  # `digest_text` of its input
    answer: str  # `digest_text` of its answer's meaning


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """One line of answers/audits.jsonl: what was drawn, before anybody judged it."""

    at: str  # ISO 8601, UTC
    queue: str  # the tasks on our page; what was said elsewhere counts if it was said later
    version: str  # digest of the examples
    seed: int
    population: int  # training rows that it was drawn from
    rows: tuple[AuditedRow, ...]


class AuditData(msgspec.Struct, frozen=True, kw_only=True):
    """What a random audit amounts to; the rate is null until every row was judged or skipped."""

    at: str  # ISO 8601, UTC
    version: str  # digest of the examples that it was drawn from
    population: int  # training rows
    drawn: int
    judged: int
    wrong: int
    unknown: int  # skipped by all who saw it, or nobody settled what people differ about
    waiting: int  # nobody has seen them yet
    share: float | None  # of the judged rows, that have a wrong answer
    low: float | None  # exact 95 % interval; unknown rows count as right below, as wrong above
    high: float | None
    current: bool  # False: the rows are no longer those that it was drawn from
