"""Entities found in a text: reading lists of spans, and how many of them are right."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from surpass.measure.records import plain_text, read_json

_LONGEST_TEXT = 10**12  # characters; a larger place is none


class Span(NamedTuple):
    """One entity: what kind it is, and its place in the text or its words."""

    type: str
    start: int | None = None  # first character
    end: int | None = None  # the character after the last
    text: str | None = None  # without case and extra white space


def read_spans(text: str, field: str = "") -> list[Span] | None:
    """The entities of an answer; none where the text is something else.

    Each is a JSON object with a `type` (or `label`), and with `start` and `end` or with `text` or
    with all three. They stand in a JSON list, or in a record's field.

    Args:
        text: The answer.
        field: The record's field with the list; empty: its only field.
    """
    found = read_json(text)
    if isinstance(found, dict):
        name = field or (next(iter(found)) if len(found) == 1 else None)
        found = found.get(name)
    if not isinstance(found, list):
        return None
    spans = [_span(one) for one in found]
    read = [span for span in spans if span is not None]
    return read if len(read) == len(spans) else None


def spans_of_tags(tags: Sequence[str]) -> list[Span]:
    """The spans of one sentence's IOB2 tags ("B-PER", "I-PER", "O"), places counted in words.

    A span also begins where an I- tag follows another type or nothing.

    Source: conlleval.pl of the CoNLL-2000 shared task, as seqeval reads tags by default.
    """
    spans: list[Span] = []
    begun, kind = 0, ""
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind and prefix == "I" and name == kind:
            continue
        if kind:
            spans.append(Span(kind, begun, place))
        begun, kind = place, "" if prefix == "O" else name
    return spans


def right_spans(expected: list[Span], given: list[Span], *, overlaps: bool) -> float:
    """How many given spans are expected; each expected one is used once.

    Two spans are the same if they are of one type and at one place; where one of them has no
    place, if they have the same text.

    Args:
        expected: What should be found.
        given: What was found.
        overlaps: Whether a given span that only overlaps an expected one of its type counts half.
    """
    left = list(expected)
    unmatched = [span for span in given if not _take(span, left, same_span)]
    right = float(len(given) - len(unmatched))
    if overlaps:
        right += sum(0.5 for span in unmatched if _take(span, left, overlapping))
    return right


def same_span(one: Span, other: Span) -> bool:
    """One type at one place, or of one text where a place is missing."""
    if one.type != other.type:
        return False
    if one.start is not None and other.start is not None:
        return (one.start, one.end) == (other.start, other.end)
    return one.text is not None and one.text == other.text


def overlapping(one: Span, other: Span) -> bool:
    """One type, and a common character; one text within the other where a place is missing."""
    if one.type != other.type:
        return False
    places = one.start, one.end, other.start, other.end
    if None not in places:
        start, end, begin, stop = (place or 0 for place in places)
        return start < stop and begin < end
    if not one.text or not other.text:
        return False
    return f" {one.text} " in f" {other.text} " or f" {other.text} " in f" {one.text} "


def _take(span: Span, left: list[Span], alike: Callable[[Span, Span], bool]) -> bool:
    """Remove the first span that is alike; whether there was one."""
    for place, candidate in enumerate(left):
        if alike(span, candidate):
            del left[place]
            return True
    return False


def _span(found: object) -> Span | None:
    if not isinstance(found, dict):
        return None
    kind, text = found.get("type", found.get("label")), found.get("text")
    start, end = _place(found.get("start")), _place(found.get("end"))
    if not isinstance(kind, str) or not (text is None or isinstance(text, str)):
        return None
    placed = start is not None and end is not None and start < end
    if not placed and text is None:
        return None
    words = None if text is None else plain_text(text)
    return Span(kind, start if placed else None, end if placed else None, words)


def _place(found: object) -> int | None:
    if not isinstance(found, Decimal) or abs(found) > _LONGEST_TEXT or found != int(found):
        return None
    return int(found)
