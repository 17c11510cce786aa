"""Requests as the watch reads them: with what is known of each answer, in windows, user by user."""

from typing import NamedTuple

import polars as pl

from surpass.core.columns import (
    AT,
    CONFIDENCE,
    CORRECTION,
    INPUT,
    LABEL,
    NAME,
    OUTPUT,
    REQUEST,
    TIME,
    UNIT,
    VALUE,
)
from surpass.text.canonical import canonical
from surpass.text.shingles import text_hashes

RIGHT = "right"  # f64 or null: 1 where the answer was right, 0 where it was wrong
LABELLED = "labelled"  # datetime or null: when that became known
CONTROL = "control"  # bool or null: the label was asked for at random, before anything was seen
WEIGHT = "weight"  # f64 or null: so many requests does this label stand for
DAY = "day"  # str: of the request, in UTC
ORDER = "order"  # u64: fixed by the request's name, otherwise without meaning
VOTE = "vote:"  # prefix of the columns with the mean vote of each name

Kind = pl.DataType | type[pl.DataType]


class Window(NamedTuple):
    """Requests that follow one another."""

    number: int  # from 1 on
    rows: pl.DataFrame

    @property
    def start(self) -> str:
        """Of the first request, to the second, in UTC."""
        return moment(self.rows[AT][0])

    @property
    def end(self) -> str:
        """Of the last request."""
        return moment(self.rows[AT][-1])

    @property
    def units(self) -> int:
        """Different users."""
        return self.rows[UNIT].n_unique()


def moment(at: object) -> str:
    """A moment as people read it."""
    return str(at)[:19].replace("T", " ")


def with_feedback(requests: pl.DataFrame, feedback: pl.DataFrame) -> pl.DataFrame:
    """The requests in time order, with RIGHT, LABELLED, votes, DAY and ORDER.

    An answer is right if a correction or a label in the feedback says the same, written alike. A
    log that knows better brings a column RIGHT.
    """
    rows = requests.sort(AT, REQUEST)
    if not feedback.is_empty():
        rows = _with_votes(rows, feedback.filter(pl.col(REQUEST).is_not_null()))
    missing: dict[str, Kind] = {
        RIGHT: pl.Float64,
        LABELLED: pl.Datetime("us", "UTC"),
        CONTROL: pl.Boolean,
        WEIGHT: pl.Float64,
    }
    rows = rows.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in missing.items() if name not in rows.columns
    )
    return rows.with_columns(
        pl.col(AT).dt.strftime("%Y-%m-%d").alias(DAY),
        pl.col(LABELLED).fill_null(pl.col(AT)),
        text_hashes(rows[REQUEST]).alias(ORDER),
    )


def answers(rows: pl.DataFrame) -> pl.Series:
    """What was answered: the label where there is one, else the text; null: not kept."""
    return rows.select(pl.coalesce(LABEL, OUTPUT).alias(OUTPUT))[OUTPUT]


def windows(rows: pl.DataFrame, size: int, least: int) -> list[Window]:
    """Whole windows, and what is left at the end if it is at least so many requests."""
    starts = range(0, rows.height, size)
    cut = [rows[start : start + size] for start in starts]
    return [Window(number, part) for number, part in enumerate(cut, 1) if part.height >= least]


def texts_a_unit(rows: pl.DataFrame) -> int:
    """How many requests a user makes, the median."""
    counts = rows.group_by(UNIT).len()["len"]
    return max(1, int(counts.median() or 1))  # type: ignore[arg-type]


def one_a_unit(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """One row a user: the texts of at most so many requests, drawn by their names and joined.

    Users are what is independent, and users with more requests say more words: with the same number
    of requests a user on both sides neither is taken for a change.
    """
    drawn = rows.filter(pl.col(INPUT).is_not_null()).sort(ORDER).group_by(UNIT, maintain_order=True)
    return (
        drawn.head(most)
        .group_by(UNIT, maintain_order=True)
        .agg(
            pl.col(INPUT).str.join("\n"),
            pl.col(LABEL).first(),
            pl.col(CONFIDENCE).mean(),
            pl.col(DAY).first(),
            pl.col(ORDER).first(),
            pl.col(REQUEST).first(),
        )
    )


def _with_votes(rows: pl.DataFrame, feedback: pl.DataFrame) -> pl.DataFrame:
    """What people said later, beside the requests."""
    said = feedback.sort(AT).select(
        REQUEST,
        pl.coalesce(CORRECTION, LABEL).alias("truth"),
        pl.col(AT).alias(TIME),
        NAME,
        VALUE,
    )
    truths = said.filter(pl.col("truth").is_not_null()).unique(REQUEST, keep="last")
    rows = rows.join(truths.select(REQUEST, "truth", TIME), on=REQUEST, how="left")
    same = canonical(answers(rows)) == canonical(rows["truth"])
    told = pl.when(pl.col("truth").is_null() | answers(rows).is_null()).then(None)
    rows = rows.with_columns(told.otherwise(same).cast(pl.Float64).alias("told"))
    known = [name for name in (RIGHT, LABELLED) if name in rows.columns]
    rows = rows.with_columns(
        pl.coalesce(*[name for name in known if name == RIGHT], "told").alias(RIGHT),
        pl.coalesce(*[name for name in known if name == LABELLED], TIME).alias(LABELLED),
    ).drop("truth", "told", TIME)
    votes = said.filter(pl.col(VALUE).is_not_null())
    if votes.is_empty():
        return rows
    named = (pl.lit(VOTE) + pl.col(NAME)).alias(NAME)
    wide = votes.with_columns(named).pivot(
        NAME, index=REQUEST, values=VALUE, aggregate_function="mean"
    )
    return rows.join(wide, on=REQUEST, how="left")
