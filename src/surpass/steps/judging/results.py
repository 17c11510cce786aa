"""What a judge's verdicts are worth beside people's, and what people would say by both."""

import itertools
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.judgements import ITEM, PURPOSE
from surpass.core.records.judging import JudgeFinished, PairVerdict, labels_came_first
from surpass.core.settings.judge import Judge
from surpass.measure.alt_test import EPSILON, AltTest, alt_test
from surpass.measure.bootstrap import Levels
from surpass.measure.ppi import Corrected, corrected_mean
from surpass.measure.preference import outcomes_for
from surpass.measure.raters import MODEL, Counted, with_model
from surpass.prove.preference import Judged, why_a_judge_may_not_decide
from surpass.steps.project import Project
from surpass.store.judged import JudgedStore

_TWO_SIDED = Levels(low=0.025, high=0.025)


class JudgeResults(NamedTuple):
    """A judge beside the raters; what cannot be told is none, with the reason."""

    finished: JudgeFinished
    consistent: Counted
    first_shown: Counted
    unreadable: int
    agrees: Counted
    people_agree: Counted
    naive: float
    corrected: Corrected | None
    alt: AltTest | None
    alt_note: str
    only_reported: str  # empty: it may decide


def judge_beside(
    project: Project, queue: str, comparisons: pl.DataFrame, model: str
) -> JudgeResults | None:
    """What the last judge is worth that was asked while people had these tasks; none: none was."""
    store = JudgedStore(project.folder)
    finished = next((one for one in reversed(store.finished()) if one.queue == queue), None)
    if finished is None or model not in finished.models:
        return None
    first = labels_came_first(store.lines(), finished)
    judged = judged_rows(finished, comparisons, model, labels_first=first)
    return judge_results(finished, comparisons, judged, project.settings.judge)


def judge_results(
    finished: JudgeFinished, comparisons: pl.DataFrame, judged: Judged, section: Judge | None
) -> JudgeResults:
    """Every statistic of a judge.

    Args:
        finished: What it said.
        comparisons: What people said, of every purpose.
        judged: Both by row, see `judged_rows`.
        section: The [judge] section, for who the people are.
    """
    values = _values(finished)
    said = _of_both(comparisons).filter(pl.col(ITEM).is_in(list(values)))
    alt, note = _alt_test(said, values, section)
    return JudgeResults(
        finished=finished,
        consistent=Counted(
            hits=sum(_consistent(one) for one in finished.verdicts), of=len(finished.verdicts)
        ),
        first_shown=_first_shown(finished),
        unreadable=sum(
            side == "unreadable"
            for one in finished.verdicts
            for side in (one.straight, one.swapped)
        ),
        agrees=Counted(
            hits=sum(values[item] == value for item, value in said[ITEM, MODEL].iter_rows()),
            of=said.height,
        ),
        people_agree=_people_agree(said),
        naive=float(judged.judged.mean()),
        corrected=_corrected(judged),
        alt=alt,
        alt_note=note,
        only_reported=why_a_judge_may_not_decide(judged),
    )


def judged_rows(
    finished: JudgeFinished, comparisons: pl.DataFrame, model: str, *, labels_first: bool
) -> Judged:
    """By row of the judge: 1 where `model` is preferred, 0 where the other is, 1/2 for a tie.

    People's judgement of a row is the mean of theirs.

    Args:
        finished: What the judge said.
        comparisons: What people said, of every purpose.
        model: One of the two.
        labels_first: People's rows were drawn before the judge was asked.
    """
    rated = comparisons.filter(pl.col(PURPOSE) == "rate")
    by_row = dict(
        rated.with_columns(pl.Series("won", outcomes_for(rated, model)))
        .group_by(ITEM)
        .agg(pl.col("won").mean())
        .iter_rows()
    )
    chosen = _values(finished)
    points = {name: float(name == model) for name in finished.models}
    return Judged(
        said=np.array([by_row.get(one.item, np.nan) for one in finished.verdicts]),
        judged=np.array([points.get(chosen[one.item], 0.5) for one in finished.verdicts]),
        groups=np.unique([one.group for one in finished.verdicts], return_inverse=True)[1],
        labels_first=labels_first,
    )


def _values(finished: JudgeFinished) -> dict[str, str]:
    """By row what the judge chose: a model's name, or "tie"."""
    names = dict(zip(("first", "second"), finished.models, strict=True))
    return {one.item: names.get(one.outcome, "tie") for one in finished.verdicts}


def _of_both(comparisons: pl.DataFrame) -> pl.DataFrame:
    """People's choices of models; both bad is a tie, as it is for the judge."""
    rated = with_model(comparisons.filter(pl.col(PURPOSE) == "rate"))
    return rated.with_columns(pl.col(MODEL).replace("both bad", "tie"))


def _consistent(one: PairVerdict) -> bool:
    return one.straight == one.swapped and one.straight != "unreadable"


def _first_shown(finished: JudgeFinished) -> Counted:
    """Straight, the first model's answer is shown first; swapped, the second's."""
    shown = [one.straight == "first" for one in finished.verdicts if _decided(one.straight)]
    shown += [one.swapped == "second" for one in finished.verdicts if _decided(one.swapped)]
    return Counted(hits=sum(shown), of=len(shown))


def _decided(side: str) -> bool:
    return side in {"first", "second"}


def _people_agree(said: pl.DataFrame) -> Counted:
    """Pairs of people's judgements of one row that are equal."""
    pairs = [
        one == other
        for values in said.group_by(ITEM).agg(pl.col(MODEL))[MODEL]
        for one, other in itertools.combinations(values, 2)
    ]
    return Counted(hits=sum(pairs), of=len(pairs))


def _corrected(judged: Judged) -> Corrected | None:
    try:
        return corrected_mean(judged.said, judged.judged, judged.groups, _TWO_SIDED)
    except CannotTell:
        return None


def _alt_test(
    said: pl.DataFrame, values: dict[str, str], section: Judge | None
) -> tuple[AltTest | None, str]:
    epsilon = EPSILON["skilled" if section is None else section.people]
    try:
        return alt_test(said, values, MODEL, epsilon=epsilon), ""
    except CannotTell as error:
        return None, str(error.args[0])
