"""The numbers, dates and names that a text states, found by their shape."""

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = "(?P<m>" + "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS) + r")\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>\d{4})"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b"),
    re.compile(rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} {_DAY},? {_YEAR}\b", re.IGNORECASE),
)
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_CURLY = "\u2019"  # an apostrophe as print has it
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


class Stated(NamedTuple):
    """What a text states; a date written 3/4/2024 stands for both of its readings at once."""

    numbers: frozenset[Decimal]
    dates: frozenset[frozenset[date]]
    names: frozenset[tuple[str, ...]]  # words of each name, without case


def stated_in(text: str) -> Stated:
    """The facts of an answer.

    A name is a run of words that begin with a capital; the first word of a sentence is none, since
    it has a capital anyway.
    """
    rest = text.replace(_CURLY, "'")
    dates = _dates(rest)
    for found in dates:
        rest = rest.replace(found, " " * len(found))
    numbers = frozenset(map(_number, _NUMBER.findall(rest)))
    return Stated(numbers, frozenset(dates.values()), frozenset(_names(rest)))


def unsupported(answer: Stated, source: str) -> int:
    """How many of the facts the source does not state.

    A number is stated too where it is part of a date, a name where each of its words is there, in
    whatever case.
    """
    source = source.replace(_CURLY, "'")
    dates = _dates(source)
    days = frozenset(day for readings in dates.values() for day in readings)
    numbers = {_number(found) for found in _NUMBER.findall(source)}
    numbers |= {Decimal(part) for day in days for part in (day.year, day.month, day.day)}
    words = {_plain(found) for found in _WORD.findall(source)}
    words |= {_MONTHS[day.month - 1] for day in days}
    return (
        len(answer.numbers - numbers)
        + sum(not readings & days for readings in answer.dates)
        + sum(not words.issuperset(name) for name in answer.names)
    )


def _dates(text: str) -> dict[str, frozenset[date]]:
    """Each date as it is written, with its readings; what is no day of the calendar is none."""
    found: dict[str, frozenset[date]] = {}
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["m"].lower()
            number = int(month) if month.isdigit() else _month(month)
            try:
                day = date(int(match["y"]), number, int(match["d"]))
            except ValueError:
                continue
            found[match[0]] = found.get(match[0], frozenset()) | {day}
    return found


def _month(name: str) -> int:
    return next(place for place, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "")).normalize()


def _names(text: str) -> list[tuple[str, ...]]:
    names: list[list[str]] = [[]]
    end = 0
    for found in _WORD.finditer(text):
        word, between = found[0], text[end : found.start()]
        first = not end or any(sign in between for sign in ".!?\n")
        capital = word[0].isupper() and not first and word not in ("I", "I'm")
        if not capital or between != " ":
            names.append([])
        if capital:
            names[-1].append(_plain(word))
        end = found.end()
    return [tuple(name) for name in names if name]


def _plain(word: str) -> str:
    """Without case and without a possessive s."""
    return word.casefold().removesuffix("'s")
