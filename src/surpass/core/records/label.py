"""What `surpass label results` and `label apply` answer a program; what cannot be told is null."""

import msgspec

from surpass.core.records.audit import AuditData
from surpass.core.records.dataset import Decision
from surpass.core.records.rate import Alpha


class SharedAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that several people answered, and the share of them answered alike."""

    rows: int
    share: float | None  # null: no row was answered by two people
    low: float | None  # of a two-sided 95 % interval
    high: float | None


class AnnotatorData(msgspec.Struct, frozen=True, kw_only=True):
    """One person's labelling, and how often the others say the same."""

    annotator: str
    answered: int
    rejected: int
    skipped: int
    seconds: float | None  # median on a row; null: unknown without scripts or elsewhere
    with_others: SharedAnswers


class DayData(msgspec.Struct, frozen=True, kw_only=True):
    """One day's answers, and how far the rows answered on it are agreed on."""

    day: str  # UTC
    answers: int
    shared: SharedAnswers


class ContestedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row about which people differ."""

    row: str
    answers: dict[str, str]  # annotator -> what they said; "rejected" where they rejected it
    settled: str | None  # what the adjudicator said


class LabelData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass label results`: agreement first."""

    rows: int  # answered by anybody
    agreement: Alpha | None  # null: no row was answered by two people, or answers are free text
    shared: SharedAnswers
    disputed: int  # rows about which people differ
    settled: int  # of those
    annotators: tuple[AnnotatorData, ...]
    days: tuple[DayData, ...]  # the oldest first
    contested: tuple[ContestedRow, ...]  # at most ten, the most contested first
    audit: AuditData | None = None  # the newest; null: no row was ever drawn for one


class ApplyData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass label apply`: what became of the answers."""

    decisions: tuple[Decision, ...]  # made now
    confirmed: int  # rows whose answer was right already
    by_side: dict[str, int]  # rows decided now by side; empty: rows are not split yet
    file: str | None  # with the new rows, relative to the project
    new_rows: int  # in that file
    left_out: dict[str, int]  # rows by reason
