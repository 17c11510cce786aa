"""Every statistic of what annotators said; agreement first."""

import statistics
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.judgements import ITEM, RATER
from surpass.core.records.annotation import Annotation
from surpass.measure.agreement import Agreement, krippendorff_alpha
from surpass.measure.intervals import wilson
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.agreed import RowAnswers, most_contested, rows_answered

_ANSWER = "answer"
_LEVEL = 0.05


class Shared(NamedTuple):
    """How often people who answered the same row said the same."""

    rows: int
    alike: float  # a row counts as the share of the others who say the same

    @property
    def share(self) -> float | None:
        """None without a row that two people answered."""
        return self.alike / self.rows if self.rows else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval, over rows."""
        return wilson(self.alike, self.rows, _LEVEL) if self.rows else None


class AnnotatorRow(NamedTuple):
    """One person."""

    annotator: str
    answered: int
    rejected: int
    skipped: Counter[str]  # by reason
    seconds: float | None  # median
    with_others: Shared


class Day(NamedTuple):
    """One day."""

    day: str  # UTC, as 2026-03-01
    answers: int
    shared: Shared  # of rows whose last answer came on that day


class LabelResults(NamedTuple):
    """Everything that `surpass label results` tells."""

    rows: list[RowAnswers]
    free_text: bool  # True: other words are no disagreement, so there is no agreement to tell
    agreement: Agreement | None
    shared: Shared
    disputed: int
    settled: int
    annotators: list[AnnotatorRow]
    days: list[Day]
    contested: list[RowAnswers]


def results_of(annotations: list[Annotation], seed: int, *, free_text: bool) -> LabelResults:
    """The statistics.

    Args:
        annotations: Those in force.
        seed: Of the resampling behind alpha's bounds.
        free_text: Whether the answers are texts that people write.
    """
    rows = rows_answered(annotations)
    people = sorted({one.by for one in annotations} - {ADJUDICATOR})
    disputed = [row for row in rows if row.is_disputed]
    return LabelResults(
        rows=rows,
        free_text=free_text,
        agreement=None if free_text else _agreement(rows, seed),
        shared=_alike(rows),
        disputed=len(disputed),
        settled=sum(row.settled is not None for row in disputed),
        annotators=[_person(name, annotations, rows) for name in people],
        days=_days(rows, annotations),
        contested=most_contested(rows),
    )


def _agreement(rows: list[RowAnswers], seed: int) -> Agreement | None:
    said = [
        (f"{row.row} {row.digest}", person, answer)
        for row in rows
        for person, answer in row.meanings.items()
    ]
    schema = {ITEM: pl.String, RATER: pl.String, _ANSWER: pl.String}
    frame = pl.DataFrame(said, schema=schema, orient="row")
    try:
        return krippendorff_alpha(frame, _ANSWER, seed=seed)
    except CannotTell:
        return None


def _alike(rows: Iterable[RowAnswers]) -> Shared:
    """Rows of several people, and how many of them all answered alike."""
    several = [row for row in rows if len(row.by_person) > 1]
    return Shared(len(several), float(sum(not row.is_disputed for row in several)))


def _person(name: str, annotations: list[Annotation], rows: list[RowAnswers]) -> AnnotatorRow:
    mine = [one for one in annotations if one.by == name]
    answered = [one for one in mine if one.verdict != "skipped"]
    seconds = [one.seconds for one in mine if one.seconds is not None]
    return AnnotatorRow(
        annotator=name,
        answered=len(answered),
        rejected=sum(one.verdict == "rejected" for one in answered),
        skipped=Counter(one.comment or "no reason" for one in mine if one.verdict == "skipped"),
        seconds=statistics.median(seconds) if seconds else None,
        with_others=_with_others(name, rows),
    )


def _with_others(name: str, rows: list[RowAnswers]) -> Shared:
    """Over rows that others answered too: the mean share of them who say the same."""
    shares = []
    for row in rows:
        said = dict(row.meanings)
        mine = said.pop(name, None)
        if mine is not None and said:
            shares.append(sum(other == mine for other in said.values()) / len(said))
    return Shared(len(shares), sum(shares))


def _days(rows: list[RowAnswers], annotations: list[Annotation]) -> list[Day]:
    """By the day on which a row got its last answer."""
    last = {
        (row.row, row.digest): max(one.at for one in row.by_person.values())[:10]
        for row in rows
        if row.by_person
    }
    answers = Counter(one.at[:10] for one in annotations if one.verdict != "skipped")
    return [
        Day(day, count, _alike(row for row in rows if last.get((row.row, row.digest)) == day))
        for day, count in sorted(answers.items())
    ]
