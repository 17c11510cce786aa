"""Draw rows from traffic: a slice by chance for the next test, and rows worth training on."""

from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.text.canonical import canonical
from surpass.text.terms import plain_words

WHY = "why"  # str: why a row is worth labelling

_UNSURE = 0.6  # confidence below which an answer counts as unsure
_MOST_NEW_WORDS = 3  # more of them do not make a row better
_WORST, _CORRECTED = 3.0, 4.0  # weight of a bad vote, and of an answer that a user corrected


class Known(NamedTuple):
    """What training has already."""

    inputs: frozenset[str]  # canonical
    words: frozenset[str]


def answered(requests: pl.DataFrame) -> pl.DataFrame:
    """Requests that can be labelled: finished, and with their text."""
    text = pl.col(columns.INPUT).str.strip_chars()
    whole = (pl.col(columns.STATUS) == "finished") & text.is_not_null() & (text != "")
    return requests.filter(whole)


def slice_by_chance(
    requests: pl.DataFrame, count: int, *, left_out: frozenset[str], seed: int
) -> pl.DataFrame:
    """At most `count` requests, one of each unit, every unit with the same chance.

    Reads texts and units alone: no answer, vote or confidence can move the draw, so that what is
    measured on the slice holds for the traffic.

    Args:
        requests: Of the journal.
        count: Of units.
        left_out: Units of earlier slices.
        seed: The same seed and requests, the same slice.
    """
    shown = answered(requests).select(columns.REQUEST, columns.UNIT, columns.AT, columns.INPUT)
    free = shown.filter(~pl.col(columns.UNIT).is_in(sorted(left_out))).sort(columns.REQUEST)
    rng = np.random.default_rng(seed)
    units = free[columns.UNIT].unique().sort()
    drawn = units.gather(np.sort(rng.permutation(units.len())[:count]))
    free = free.filter(pl.col(columns.UNIT).is_in(drawn.to_list()))
    lots = free.with_columns(pl.Series("lot", rng.random(free.height)))
    first = lots.sort("lot").unique(columns.UNIT, keep="first", maintain_order=True)
    return first.drop("lot").sort(columns.AT, columns.REQUEST)


def worth_labelling(
    requests: pl.DataFrame,
    feedback: pl.DataFrame,
    known: Known,
    count: int,
    *,
    left_out: frozenset[str],
    per_unit: int = 2,
) -> pl.DataFrame:
    """Requests that training would gain from, the best first: REQUEST, UNIT, AT, INPUT and WHY.

    A user's correction, a bad vote, an unsure answer, and words that training never saw. Texts
    that training has, and repeats, are left out; no unit gives more than `per_unit`. Biased on
    purpose: nothing may be measured on these rows.

    Args:
        requests: Of the journal.
        feedback: Of the journal.
        known: What training has.
        count: At most so many.
        left_out: Units of slices, whose rows are for tests.
        per_unit: Of one unit.
    """
    free = answered(requests).filter(~pl.col(columns.UNIT).is_in(sorted(left_out)))
    text = canonical(free[columns.INPUT])
    fresh = ~text.is_in(sorted(known.inputs)) & text.is_first_distinct()
    free = free.filter(fresh).join(_votes(feedback), on=columns.REQUEST, how="left")
    reasons = [_reasons(row, known.words) for row in free.iter_rows(named=True)]
    scored = free.with_columns(
        pl.Series("score", [score for score, _ in reasons], dtype=pl.Float64),
        pl.Series(WHY, [why for _, why in reasons], dtype=pl.String),
    ).filter(pl.col("score") > 0)
    ranked = scored.sort("score", columns.REQUEST, descending=[True, False])
    place = pl.int_range(pl.len()).over(columns.UNIT)
    wanted = (columns.REQUEST, columns.UNIT, columns.AT, columns.INPUT, WHY)
    return ranked.filter(place < per_unit).head(count).select(wanted)


def known_of(inputs: pl.Series) -> Known:
    """What training has, from its inputs."""
    words = (word for text in inputs for word in plain_words(text))
    return Known(frozenset(canonical(inputs)), frozenset(words))


def _votes(feedback: pl.DataFrame) -> pl.DataFrame:
    """REQUEST, and whether somebody voted against its answer ("bad") or corrected it."""
    by_request = feedback.filter(pl.col(columns.REQUEST).is_not_null()).group_by(columns.REQUEST)
    return by_request.agg(
        (pl.col(columns.VALUE) <= 0).any().alias("bad"),
        pl.col(columns.CORRECTION).is_not_null().any().alias("corrected"),
    )


def _reasons(row: dict[str, object], words: frozenset[str]) -> tuple[float, str]:
    """How much a request is worth, and why; 0 and nothing of one that is like the others."""
    confidence = row[columns.CONFIDENCE]
    new = sorted(set(plain_words(str(row[columns.INPUT]))) - words)[:_MOST_NEW_WORDS]
    found: list[tuple[float, str]] = []
    if row["corrected"]:
        found.append((_CORRECTED, "a user corrected the answer"))
    if row["bad"]:
        found.append((_WORST, "a user voted against the answer"))
    if isinstance(confidence, float) and confidence < _UNSURE:
        found.append((1 - confidence, f"the answer was unsure ({confidence:.0%})"))
    if new:
        found.append((len(new) / _MOST_NEW_WORDS, f"new words: {', '.join(new)}"))
    return sum(weight for weight, _ in found), "; ".join(why for _, why in found)
