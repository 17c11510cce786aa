"""Where a model fails: slices of rows as data, so that the next model is asked about them too."""

from typing import Literal

import msgspec

Event = Literal["missed", "wrong", "invented"]
Flaw = Literal["unreadable", "truncated", "refused", "repeated"]


class _Predicate(msgspec.Struct, frozen=True, kw_only=True, tag_field="slice"):
    """Base of all ways to say which rows a slice has; each can be asked of rows not seen yet."""


class Value(_Predicate, frozen=True, kw_only=True, tag="value"):
    """Rows with this value in one of the user's columns."""

    column: str  # as the user calls it
    value: str


class Both(_Predicate, frozen=True, kw_only=True, tag="both"):
    """Rows with two such values."""

    first: Value
    second: Value


class Length(_Predicate, frozen=True, kw_only=True, tag="length"):
    """Rows whose text has so many words: at least `low`, fewer than `high`."""

    of: Literal["input", "expected"]
    low: int | None
    high: int | None


class Written(_Predicate, frozen=True, kw_only=True, tag="written"):
    """Rows whose input is in this language, as far as that can be told."""

    language: str  # ISO 639-1


class Labelled(_Predicate, frozen=True, kw_only=True, tag="label"):
    """Rows with this expected label."""

    label: str


class Confused(_Predicate, frozen=True, kw_only=True, tag="confusion"):
    """Rows of one label; what counts as wrong is only that they are given the other."""

    expected: str
    answered: str


class Stated(_Predicate, frozen=True, kw_only=True, tag="stated"):
    """Rows whose expected record has this value in a field."""

    field: str
    value: str  # as compared: without case, numbers by value


class Field(_Predicate, frozen=True, kw_only=True, tag="field"):
    """Rows that can go wrong in this way with a field of the record; only that counts as wrong."""

    field: str
    event: Event


class Alike(_Predicate, frozen=True, kw_only=True, tag="alike"):
    """Rows whose input resembles a centre; the centre is made of hashed words."""

    terms: tuple[str, ...]  # its name for people
    places: tuple[int, ...]
    weights: tuple[float, ...]
    at_least: float  # similarity to the centre from which on a row belongs to it


class Rare(_Predicate, frozen=True, kw_only=True, tag="rare"):
    """Rows with many words that are rare in training."""

    common: tuple[int, ...]  # hashes of the words that are not: the commonest of training
    at_least: float  # share of a row's words that are none of them


class Dated(_Predicate, frozen=True, kw_only=True, tag="date"):
    """Rows of a span of days, in the declared column of time: from `low`, before `high`."""

    low: str | None  # ISO 8601
    high: str | None


class Answered(_Predicate, frozen=True, kw_only=True, tag="answer"):
    """Rows whose answer has this flaw."""

    flaw: Flaw


Predicate = (
    Value
    | Both
    | Length
    | Written
    | Labelled
    | Confused
    | Stated
    | Field
    | Alike
    | Rare
    | Dated
    | Answered
)
Ways = Confused | Field | Answered
"""Slices that say how answers go wrong, not on what."""
Against = Literal["rest", "base"]
Standing = Literal["closed", "narrowed", "open", "cannot tell"]


class Examples(msgspec.Struct, frozen=True, kw_only=True):
    """Names of validation rows that show a gap."""

    typical: tuple[str, ...]  # wrong, the most like the others of the slice first
    worst: str | None
    contrast: str | None  # one that the model gets right


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What training holds of a slice, and a rule of thumb for how much more to collect."""

    training_rows: int
    training_share: float
    collect: int


_NEARLY_ALL = 0.8  # share of the rows from which on a slice is no special kind of row


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A slice that is worse than the rest, or worse than the base model on the same rows.

    Rates, difference and interval come from the half of the groups that confirmed the slice;
    it was found on the other half.
    """

    predicate: Predicate
    against: Against
    rows: int
    groups: int
    all_rows: int
    wrong: float  # share wrong in the slice; of scored texts one minus the score
    compared: float  # the same elsewhere, or of the base on these rows
    base_wrong: float  # of the base on these rows
    difference: float
    low: float  # two-sided 95 %
    high: float
    q: float  # Benjamini-Hochberg
    recoverable: float  # rows: size times difference
    error_share: float  # of all that is wrong on valid, or of the event
    examples: Examples
    request: Request | None  # none: no training row can be told to be in the slice, or nearly all

    @property
    def general(self) -> bool:
        """Whether nearly all rows are of this kind: then it says nothing about what to collect."""
        return self.rows > _NEARLY_ALL * self.all_rows and not isinstance(self.predicate, Ways)


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a gap of an earlier model under the present one."""

    predicate: Predicate
    against: Against
    before: float
    now: float | None  # none: too few rows in the slice now
    low: float | None
    high: float | None
    rows: int
    standing: Standing


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Where one model fails on valid, and what became of the gaps that were known."""

    model: str
    evaluation: str  # digest of its answers on valid
    base: str
    rows: int
    groups: int
    wrong: float | None  # mean over the rows that can be scored
    candidates: int
    discovered: int
    confirmed: int
    gaps: tuple[Gap, ...]
    followed: tuple[Followed, ...] = ()
