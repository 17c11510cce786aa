"""Every statistic of what raters said; agreement first."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.judgements import (
    CHOICE,
    ITEM,
    LEFT,
    PURPOSE,
    RATER,
    RIGHT,
    SCALE,
    SCORE,
)
from surpass.core.records.rating import Rating
from surpass.measure.agreement import Agreement, krippendorff_alpha
from surpass.measure.preference import (
    LengthBias,
    Rate,
    SignTest,
    length_bias,
    position_bias,
    sign_test,
    weighted_rate,
    win_rate,
)
from surpass.measure.preference_ranking import Strength, bradley_terry
from surpass.measure.raters import (
    MODEL,
    Counted,
    RaterRow,
    consistency,
    gold_hits,
    rater_rows,
    with_model,
)
from surpass.people.adjudicate import disputed, settled
from surpass.steps.ladder import TUNED
from surpass.steps.rating.frames import Said


class ScaleResult(NamedTuple):
    """One scale: how far raters agree, both models' means, and the difference in steps of 1."""

    name: str
    agreement: Agreement | None
    first: float | None
    second: float | None
    gain: Rate | None  # second minus first where a rater scored both; in steps, -4 to 4


class Results(NamedTuple):
    """All that is known of one queue's answers; what cannot be told is none."""

    first: str
    second: str  # the model that the others are compared with, as a rule the tuned one
    agreement: Agreement | None
    win: Rate | None
    ties: Counted
    sign: SignTest | None
    strengths: tuple[Strength, ...]  # where there are more than two models
    position: Rate | None
    length: LengthBias | None
    length_note: str
    consistent: Counted
    gold: Counted
    scales: tuple[ScaleResult, ...]
    raters: tuple[RaterRow, ...]
    disputed: int
    settled: dict[str, str]  # item -> model, "tie" or "both bad"
    skipped: tuple[str, ...]
    seed: int


def results_of(said: Said, ratings: Iterable[Rating], seed: int) -> Results:
    """Compute everything that the answers allow.

    Args:
        said: The ratings in force, as frames.
        ratings: The same as records.
        seed: Of the bootstrap.
    """
    ratings = list(ratings)
    rated = said.comparisons.filter(pl.col(PURPOSE) == "rate")
    names = _models(rated if rated.height else said.scores)
    first, second = names[0], names[-1]
    both = rated.filter(pl.col(LEFT).is_in([first, second]) & pl.col(RIGHT).is_in([first, second]))
    length, note = _length(rated)
    return Results(
        first=first,
        second=second,
        agreement=_agreement(with_model(rated), MODEL, ITEM, (), seed),
        win=win_rate(both, second, seed=seed) if both.height else None,
        ties=Counted(
            hits=rated.filter(pl.col(CHOICE).is_in(["tie", "both bad"])).height, of=rated.height
        ),
        sign=sign_test(both, second) if both.height else None,
        strengths=bradley_terry(rated, seed=seed) if len(names) > 2 and rated.height else (),
        position=_position(rated, seed),
        length=length,
        length_note=note,
        consistent=consistency(said.comparisons),
        gold=gold_hits(said.comparisons),
        scales=tuple(
            _scale(name, said.scores.filter(pl.col(SCALE) == name), (first, second), seed)
            for name in said.scores[SCALE].unique(maintain_order=True)
        ),
        raters=rater_rows(said.comparisons, said.scores),
        disputed=len(disputed(ratings)),
        settled=settled(ratings),
        skipped=said.skipped,
        seed=seed,
    )


def _models(frame: pl.DataFrame) -> tuple[str, ...]:
    """Names of the models, the tuned one last.

    Raises:
        CannotTell: nothing but skips.
    """
    named = {*frame[LEFT], *(frame[RIGHT] if RIGHT in frame.columns else ())}
    names = sorted(named, key=lambda name: (name == TUNED, name))
    if not names:
        raise CannotTell("Nobody has judged anything yet.", fix="Let people rate first.")
    return tuple(names)


def _agreement(
    frame: pl.DataFrame, value: str, unit: str, order: tuple[str, ...], seed: int
) -> Agreement | None:
    """None where no two people judged the same."""
    try:
        return krippendorff_alpha(frame, value, unit=unit, order=order, seed=seed)
    except CannotTell:
        return None


def _position(rated: pl.DataFrame, seed: int) -> Rate | None:
    try:
        return position_bias(rated, seed=seed)
    except CannotTell:
        return None


def _length(rated: pl.DataFrame) -> tuple[LengthBias | None, str]:
    try:
        return length_bias(rated), ""
    except CannotTell as error:
        return None, str(error.args[0])


def _scale(name: str, scores: pl.DataFrame, models: tuple[str, str], seed: int) -> ScaleResult:
    units = scores.with_columns(
        pl.concat_str([ITEM, LEFT], separator="\x1f").alias("unit"),
        pl.col(SCORE).cast(pl.String).alias("value"),
    )
    agreement = _agreement(units, "value", "unit", ("1", "2", "3", "4", "5"), seed)
    means = dict(scores.group_by(LEFT).agg(pl.col(SCORE).mean()).iter_rows())
    first, second = models
    return ScaleResult(
        name, agreement, means.get(first), means.get(second), _gain(scores, models, seed)
    )


def _gain(scores: pl.DataFrame, models: tuple[str, str], seed: int) -> Rate | None:
    """Second minus first, where one rater scored both answers to an item."""
    sides = [
        scores.filter(pl.col(LEFT) == model).select(ITEM, RATER, pl.col(SCORE).alias(name))
        for model, name in zip(models, ("before", "after"), strict=True)
    ]
    pairs = sides[0].join(sides[1], on=[ITEM, RATER], how="inner")
    if pairs.is_empty():
        return None
    difference = (pairs["after"] - pairs["before"]).to_numpy()
    rate = weighted_rate(pairs, difference / 8 + 0.5, alpha=0.05, draws=2_000, seed=seed)
    return Rate(
        estimate=_steps(rate.estimate),
        low=None if rate.low is None else _steps(rate.low),
        high=None if rate.high is None else _steps(rate.high),
        judgements=rate.judgements,
        items=rate.items,
        raters=rate.raters,
    )


def _steps(share: float) -> float:
    """Back from 0 … 1 to steps of the scale, -4 … 4."""
    return 8 * share - 4
