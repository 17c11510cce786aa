"""Slices worth asking about: everything that rows have in common and that is common enough."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.records.explanation import (
    Alike,
    Answered,
    Both,
    Confused,
    Dated,
    Event,
    Field,
    Flaw,
    Labelled,
    Length,
    Predicate,
    Rare,
    Stated,
    Value,
    Written,
)
from surpass.evaluate.slices.members import Looked
from surpass.evaluate.slices.samples import Pair, Sample, sample
from surpass.text.clusters import centres, similarity
from surpass.text.terms import common_words, distinctive_terms, rare_share

SMALLEST_ROWS = 20
SMALLEST_GROUPS = 5
OVERLAP = 0.9  # share of the rows of either slice that are in both, from which on they are one
_BINS = 4  # of lengths
_DATED_SHARE = 0.95  # of the rows must have a day
_MOST_VALUES = 200  # of one column; more are names, not kinds

Asked = tuple[Predicate, Sample]
T = TypeVar("T")
_FLAWS: tuple[Flaw, ...] = get_args(Flaw)
_EVENTS: tuple[Event, ...] = get_args(Event)


def candidates(pair: Pair, kind: str, seed: int, train: Looked | None = None) -> list[Asked]:
    """Every slice that is large enough, without near copies; nothing here looks at what went wrong.

    (But for confusions, which are listed only where a model made them.) Of two slices with 90 % of
    their rows in common the larger stays, of equals the earlier: declared columns come first, and
    rare words last.

    Args:
        pair: Both models' answers.
        kind: Of the task.
        seed: Of the clusters.
        train: What the model was trained on, for what is rare there; none: it is not known.
    """
    large = []
    for predicate in (*_predicates(pair, kind, seed), *_beside_training(pair.tuned, train)):
        found = sample(predicate, pair)
        if found is not None and enough(found):
            large.append((predicate, found))
    return _merged(large, pair.groups.size)


def enough(found: Sample) -> bool:
    """Whether a slice has 20 rows of 5 groups, and something beside it to compare with."""
    inside, outside = found.rows[found.inside], found.rows[~found.inside]
    groups = np.unique(found.groups[found.inside]).size
    rows = np.unique(inside).size
    return rows >= SMALLEST_ROWS and groups >= SMALLEST_GROUPS and outside.size >= SMALLEST_ROWS


def _predicates(pair: Pair, kind: str, seed: int) -> Iterator[Predicate]:
    values = list(_values(pair.tuned))
    yield from values
    for first, second in combinations(values, 2):
        if first.column != second.column:
            yield Both(first=first, second=second)
    if kind == "classify":
        yield from _labels(pair)
    if kind == "extract":
        yield from _record_parts(pair.tuned)
    yield from _days(pair.tuned)
    yield from _lengths(pair.tuned, "input")
    if kind not in {"classify", "extract"}:
        yield from _lengths(pair.tuned, "expected")
    yield from _languages(pair.tuned)
    for flaw in _FLAWS:
        yield Answered(flaw=flaw)
    yield from _alike(pair.tuned, seed)


def _values(looked: Looked) -> Iterator[Value]:
    """Values of the user's columns that are common enough; a column of one value has none."""
    for name in looked.frame.columns:
        if not name.startswith(columns.ATTRIBUTE):
            continue
        found = _common(looked.frame[name].drop_nulls().to_list())
        if len(found) <= _MOST_VALUES:
            for value in found:
                yield Value(column=name.removeprefix(columns.ATTRIBUTE), value=value)


def _labels(pair: Pair) -> Iterator[Predicate]:
    expected = pair.tuned.frame[columns.TARGET].to_list()
    common = _common(expected)
    for label in common:
        yield Labelled(label=label)
    pairs = zip(expected, pair.tuned.frame[columns.ANSWER].to_list(), strict=True)
    for label, answer in sorted({(a, b) for a, b in pairs if a != b and a in common and b}):
        yield Confused(expected=label, answered=answer)


def _record_parts(looked: Looked) -> Iterator[Predicate]:
    for name, value in _common(item for record in looked.records for item in record.items()):
        yield Stated(field=name, value=str(value))
    for name in _common(name for record in looked.records for name in record):
        for event in _EVENTS:
            yield Field(field=name, event=event)


def _lengths(looked: Looked, of: Literal["input", "expected"]) -> Iterator[Length]:
    """Bins with about as many rows each, by words."""
    words = looked.words(columns.INPUT if of == "input" else columns.TARGET)
    edges = np.unique(np.quantile(words, np.arange(1, _BINS) / _BINS).astype(int)).tolist()
    for low, high in zip([None, *edges], [*edges, None], strict=True):
        yield Length(of=of, low=low, high=high)


def _languages(looked: Looked) -> Iterator[Written]:
    """Languages of inputs, where there are two at least and no column says so already."""
    if columns.attribute(columns.LANGUAGE) in looked.frame.columns:
        return
    found = _common(looked.languages.drop_nulls().to_list())
    if len(found) > 1:
        for language in found:
            yield Written(language=language)


def _days(looked: Looked) -> Iterator[Dated]:
    """Spans of days with about as many rows each, where nearly all rows have a day."""
    if columns.TIME not in looked.frame.columns:
        return
    days = looked.days.drop_nulls().sort().to_list()
    if len(days) < max(SMALLEST_ROWS, _DATED_SHARE * looked.frame.height):
        return
    edges = sorted({days[len(days) * part // _BINS] for part in range(1, _BINS)})
    for low, high in zip([None, *edges], [*edges, None], strict=True):
        yield Dated(low=low, high=high)


def _beside_training(looked: Looked, train: Looked | None) -> Iterator[Rare]:
    """The quarter of the rows with most words that are rare in training."""
    if train is None or train.frame.is_empty():
        return
    common = common_words(train.frame[columns.INPUT])
    shares = rare_share(looked.frame[columns.INPUT], frozenset(common))
    at_least = float(np.quantile(shares, 1 - 1 / _BINS))
    if at_least > 0:
        yield Rare(common=common, at_least=at_least)


def _alike(looked: Looked, seed: int) -> Iterator[Alike]:
    texts = looked.frame[columns.INPUT].to_list()
    for centre in centres(looked.encoding, seed):
        inside = similarity(looked.encoding, centre.places, centre.weights) >= centre.at_least
        terms = distinctive_terms([texts[i] for i in np.flatnonzero(inside)], texts)
        places, weights, at_least = centre
        yield Alike(terms=terms, places=places, weights=weights, at_least=at_least)


def _common(found: Iterable[T]) -> list[T]:
    """What occurs 20 times and more, in the order of its text."""
    counts = Counter(found)
    return sorted((item for item, n in counts.items() if n >= SMALLEST_ROWS), key=str)


def _merged(large: list[Asked], rows: int) -> list[Asked]:
    """Drop what overlaps a larger slice that asks the same question about its rows."""
    order = sorted(range(len(large)), key=lambda i: (_vague(large[i]), -_size(large[i]), i))
    kept: dict[str, list[NDArray[np.bool_]]] = {}
    chosen = []
    for place in order:
        predicate, found = large[place]
        mask = np.zeros(rows, dtype=bool)
        mask[found.rows[found.inside]] = True
        seen = kept.setdefault(_question(predicate), [])
        if not any((mask & other).sum() > OVERLAP * (mask | other).sum() for other in seen):
            seen.append(mask)
            chosen.append(place)
    return [large[place] for place in sorted(chosen)]


def _vague(asked: Asked) -> bool:
    """Whether its name says little: what rows are about says more than that it is rare."""
    return isinstance(asked[0], Rare)


def _size(asked: Asked) -> int:
    return int(asked[1].inside.sum())


def _question(predicate: Predicate) -> str:
    """What counts as wrong there: only slices of one question can stand for each other."""
    if isinstance(predicate, Confused):
        return f"answered {predicate.answered}"
    return f"{predicate.event} {predicate.field}" if isinstance(predicate, Field) else "row"
