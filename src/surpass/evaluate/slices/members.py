"""Which rows of a frame a slice has, in validation rows, training rows and rows without answers."""

import re
from collections.abc import Callable
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from surpass.core import columns
from surpass.core.records.explanation import (
    Alike,
    Answered,
    Both,
    Confused,
    Dated,
    Field,
    Labelled,
    Length,
    Predicate,
    Rare,
    Stated,
    Value,
    Written,
)
from surpass.measure.records import Record, read_record
from surpass.text.clusters import encoded, similarity
from surpass.text.languages import languages_of
from surpass.text.terms import rare_share

Bools = NDArray[np.bool_]

_REFUSAL = re.compile(
    r"\s*(i'?m sorry|i am sorry|sorry, (but )?i|i (can'?t|cannot|am unable to|'m unable to)|"
    r"as an ai\b|i do not have access)",
    re.IGNORECASE,
)
_DAY = r"^\s*(\d{4}-\d{2}-\d{2})(?:\D|$)"
_REPEATING_WORDS = 12  # shorter answers repeat nothing
_REPEATED_SHARE = 0.5  # of an answer's runs of three words that occurred before


class Looked:
    """A frame of rows with what slices ask of it, each worked out once."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    @cached_property
    def encoding(self) -> sparse.csr_matrix:
        """Inputs as hashed words, shape (rows, places)."""
        return encoded(self.frame[columns.INPUT].to_list())

    @cached_property
    def records(self) -> list[Record]:
        """Expected records; empty where the target is none."""
        return [read_record(text) or {} for text in self.frame[columns.TARGET]]

    @cached_property
    def answered(self) -> list[Record]:
        """Answered records; empty where the answer is none or was not read whole."""
        pairs = self.frame.select(columns.ANSWER, columns.STATUS).iter_rows()
        return [(read_record(text) or {}) if status == "ok" else {} for text, status in pairs]

    @cached_property
    def days(self) -> pl.Series:
        """Day of each row as ISO 8601; null where its time is none or written otherwise."""
        return self.frame[columns.TIME].cast(pl.String).str.extract(_DAY)

    @cached_property
    def languages(self) -> pl.Series:
        """Language of each input; null where it cannot be told."""
        return languages_of(self.frame[columns.INPUT])

    def words(self, column: str) -> NDArray[np.int64]:
        """Words of each text, shape (rows,)."""
        return self.frame[column].str.count_matches(r"\S+").to_numpy().astype(np.int64)


def members(predicate: Predicate, looked: Looked) -> Bools | None:
    """Which rows are in the slice, shape (rows,); none where this frame cannot tell.

    Of a confusion it is the rows of the expected label, of a field the rows that could go wrong in
    that way, whether they did or not.
    """
    if isinstance(predicate, Both):
        first, second = members(predicate.first, looked), members(predicate.second, looked)
        return None if first is None or second is None else first & second
    if isinstance(predicate, Dated) and columns.TIME in looked.frame.columns:
        return _dated(predicate, looked) if looked.days.count() else None
    needed, rule = _RULES[type(predicate)]
    column = needed(predicate)
    return rule(predicate, looked) if column in looked.frame.columns else None


def _value(predicate: Value, looked: Looked) -> Bools:
    column = looked.frame[columns.attribute(predicate.column)]
    return (column == predicate.value).fill_null(value=False).to_numpy()


def _length(predicate: Length, looked: Looked) -> Bools:
    words = looked.words(columns.INPUT if predicate.of == "input" else columns.TARGET)
    low = 0 if predicate.low is None else predicate.low
    return (words >= low) & (words < (np.inf if predicate.high is None else predicate.high))


def _written(predicate: Written, looked: Looked) -> Bools:
    return (looked.languages == predicate.language).fill_null(value=False).to_numpy()


def _labelled(predicate: Labelled, looked: Looked) -> Bools:
    return (looked.frame[columns.TARGET] == predicate.label).to_numpy()


def _confused(predicate: Confused, looked: Looked) -> Bools:
    return (looked.frame[columns.TARGET] == predicate.expected).to_numpy()


def _stated(predicate: Stated, looked: Looked) -> Bools:
    return np.array([str(r.get(predicate.field)) == predicate.value for r in looked.records], bool)


def _field(predicate: Field, looked: Looked) -> Bools:
    wanted = predicate.event != "invented"
    return np.array([(predicate.field in record) == wanted for record in looked.records], bool)


def _alike(predicate: Alike, looked: Looked) -> Bools:
    found = similarity(looked.encoding, predicate.places, predicate.weights)
    return found >= predicate.at_least - 1e-9  # sums in another order differ in the last digit


def _rare(predicate: Rare, looked: Looked) -> Bools:
    shares = rare_share(looked.frame[columns.INPUT], frozenset(predicate.common))
    return shares >= predicate.at_least


def _dated(predicate: Dated, looked: Looked) -> Bools:
    days = looked.days.fill_null("")
    low, high = predicate.low or "0", predicate.high or "~"
    return ((days >= low) & (days < high)).to_numpy()


def _answered(predicate: Answered, looked: Looked) -> Bools:
    if predicate.flaw in {"unreadable", "truncated"}:
        return (looked.frame[columns.STATUS] == predicate.flaw).to_numpy()
    flaw = refuses if predicate.flaw == "refused" else repeats
    return np.array([flaw(text or "") for text in looked.frame[columns.ANSWER]], bool)


def refuses(text: str) -> bool:
    """Whether an answer opens with one of the usual English refusals."""
    return _REFUSAL.match(text) is not None


def repeats(text: str) -> bool:
    """Whether an answer goes in circles: half of its runs of three words were there before."""
    words = text.casefold().split()
    if len(words) < _REPEATING_WORDS:
        return False
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return 1 - len(set(runs)) / len(runs) >= _REPEATED_SHARE


def _in_column(name: str) -> Callable[[Predicate], str]:
    return lambda _: name


def _named_column(predicate: Predicate) -> str:
    if isinstance(predicate, Value):
        return columns.attribute(predicate.column)
    wanted = isinstance(predicate, Length) and predicate.of == "expected"
    return columns.TARGET if wanted else columns.INPUT


_RULES: dict[type, tuple[Callable[..., str], Callable[..., Bools]]] = {
    Value: (_named_column, _value),
    Length: (_named_column, _length),
    Written: (_in_column(columns.INPUT), _written),
    Labelled: (_in_column(columns.TARGET), _labelled),
    Confused: (_in_column(columns.TARGET), _confused),
    Stated: (_in_column(columns.TARGET), _stated),
    Field: (_in_column(columns.TARGET), _field),
    Alike: (_in_column(columns.INPUT), _alike),
    Rare: (_in_column(columns.INPUT), _rare),
    Dated: (_in_column(columns.TIME), _dated),
    Answered: (_in_column(columns.ANSWER), _answered),
}
"""Kind of slice -> the column that it needs, and the rule."""
