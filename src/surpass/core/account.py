"""What any result says to people: headline, numbers, tables, figures as data, next command.

Terminal, JSON, report file and notebook are renderings of one account.
"""

from enum import StrEnum

import msgspec


class Standing(StrEnum):
    """What the result amounts to; the command line turns it into an exit status."""

    DONE = "done"  # something was made or told; nothing was in question
    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold"
    CANNOT_TELL = "cannot tell"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One number in large print, with what it is and how sure."""

    label: str
    value: str
    note: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of text cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[str, ...] = ()  # columns to align right
    excerpts: tuple[str, ...] = ()  # columns that a terminal may cut; all others are shown whole
    note: str = ""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an interval chart, in the metric's unit; bounds absent where none is sound."""

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None
    role: str = "other"  # "tuned", "opponent", "rung", "gain" or "other": decides the colour


class IntervalChart(msgspec.Struct, frozen=True, kw_only=True, tag_field="figure", tag="intervals"):
    """Estimates with their intervals, and the declared line."""

    title: str
    unit: str
    intervals: tuple[Interval, ...]
    line: float | None = None
    line_label: str = ""
    tenths: bool = False  # points or percent, rounded as sentences round them


class Curve(msgspec.Struct, frozen=True, kw_only=True, tag_field="figure", tag="curve"):
    """One or more named lines over a common axis; a band where one is sure, and a declared line."""

    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    lines: dict[str, tuple[float | None, ...]]
    low: tuple[float, ...] = ()  # lower edge of the band at each x; empty: no band
    high: tuple[float, ...] = ()
    line: float | None = None
    line_label: str = ""


class Matrix(msgspec.Struct, frozen=True, kw_only=True, tag_field="figure", tag="matrix"):
    """Counts of expected (rows) by answered (columns)."""

    title: str
    row_label: str
    column_label: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


Figure = IntervalChart | Curve | Matrix


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One row shown side by side: what was asked, what was expected, what two models answered."""

    row: str
    asked: str
    expected: str
    base: str
    tuned: str
    won: bool | None  # True: the tuned model won this row; None: neither


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a text, marked or not."""

    text: str
    marked: bool


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One text of which parts are marked; joined, the stretches are the text."""

    title: str
    stretches: tuple[Stretch, ...]


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an account under one heading."""

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    pairs: tuple[Pair, ...] = ()
    passages: tuple[Passage, ...] = ()


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """All that one command has to say."""

    title: str
    headline: str
    standing: Standing = Standing.DONE
    text: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    warnings: tuple[str, ...] = ()
    next_command: str = ""
    data: msgspec.Struct | None = None  # the same for programs: named fields, raw numbers
