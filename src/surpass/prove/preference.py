"""Whether the tuned model's answers are preferred: by people, or by a judge that people correct."""

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core.columns import GROUP
from surpass.core.errors import CannotTell
from surpass.core.judgements import RATER
from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.rounding import tenth, tenth_at_least, tenth_at_most
from surpass.core.settings.preference import Preference
from surpass.core.wording import counted
from surpass.measure.bootstrap import MIN_GROUPS, Levels
from surpass.measure.ppi import corrected_mean
from surpass.measure.preference import RATERS_FOR_ALL, outcomes_for, weighted_rate
from surpass.measure.statistics import Floats
from surpass.prove.bounds import no_bounds


class Judged(msgspec.Struct, frozen=True, eq=False):
    """What a judge said of rows, and people of some of them: 1, the tuned model is preferred."""

    said: Floats  # by people, shape (rows,); nan where nobody was asked
    judged: Floats  # by the judge, shape (rows,)
    groups: NDArray[np.int64]  # shape (rows,)
    labels_first: bool  # the rows for people were drawn before the judge was asked


class Preferences(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """All that was said of two models' answers."""

    model: str  # the one that must be preferred
    against: str
    comparisons: pl.DataFrame  # by people, see core/judgements.py, with GROUP; may be empty
    side: str  # valid or test: the rows
    judged: Judged | None = None


def preference_gate(criterion: Preference, found: Preferences, levels: Levels) -> Gate:
    """The share of comparisons that the tuned model wins, ties half, against what is asked.

    People: bounds by group of rows and by rater. A judge: what people would say, from what they
    said of the rows that they were dealt and what the judge said of all of them.

    Args:
        criterion: As sealed.
        found: What was said, about rows on which the two models answer differently.
        levels: Of a bound that proves (low) and of one that refutes (high).
    """
    raters = found.comparisons[RATER].n_unique()
    try:
        _require_raters(criterion, raters)
        bounds = _people(found, levels) if criterion.by == "people" else _judge(found, levels)
    except CannotTell as error:
        reason = str(error.args[0]).rstrip(".")
        return unknown_preference(criterion, reason, levels, remedy=error.fix)
    outcome = _outcome(criterion, bounds)
    return _gate(criterion, bounds, outcome, _sentence(criterion, found, bounds))


def unknown_preference(
    criterion: Preference, reason: str, levels: Levels, *, remedy: str = ""
) -> Gate:
    """The gate where nothing can be told, with the reason, a sentence without its full stop."""
    bounds = no_bounds(reason, levels)
    sentence = f"Whether the tuned model is preferred cannot be told: {reason}."
    gate = _gate(criterion, bounds, Outcome.INCONCLUSIVE, sentence)
    return msgspec.structs.replace(gate, remedy=remedy or "Let people compare: `surpass rate`.")


def why_a_judge_may_not_decide(judged: Judged) -> str:
    """The reason, a sentence without its full stop; empty where it may, corrected by people."""
    if not judged.labels_first:
        return "people's rows were not drawn before the judge was asked, so it is only reported"
    try:
        corrected_mean(judged.said, judged.judged, judged.groups, Levels(low=0.05, high=0.05))
    except CannotTell as error:
        return str(error.args[0]).rstrip(".")
    return ""


def _require_raters(criterion: Preference, raters: int) -> None:
    if raters < criterion.raters:
        people = counted(raters, "person has", "people have") if raters else "Nobody has"
        raise CannotTell(
            f"{people} compared answers; the criterion asks for {criterion.raters}.",
            fix="Let more people compare: `surpass rate start`.",
        )


def _people(found: Preferences, levels: Levels) -> Bounds:
    outcomes = outcomes_for(found.comparisons, found.model)
    low, high = (
        weighted_rate(
            found.comparisons,
            outcomes,
            alpha=2 * level,  # its bounds are two-sided
            draws=levels.draws,
            seed=levels.seed,
            cluster=GROUP,
        )
        for level in (levels.low, levels.high)
    )
    groups = found.comparisons[GROUP].n_unique()
    if low.low is None:
        raise CannotTell(
            f"Rows of {counted(groups, 'group')} were compared; a bound needs {MIN_GROUPS}.",
            fix="Let people compare more rows: raise [rating] items.",
        )
    return Bounds(
        estimate=low.estimate,
        low=low.low,
        high=high.high,
        low_level=levels.low,
        high_level=levels.high,
        method="bootstrap by group and rater",
        items=low.items,
        groups=groups,
    )


def _judge(found: Preferences, levels: Levels) -> Bounds:
    judged = found.judged
    if judged is None:
        raise CannotTell("The judge has not been asked.", fix="Run `surpass rate judge`.")
    if not judged.labels_first:
        raise CannotTell(
            "People's rows were not drawn before the judge was asked, so it is only reported.",
            fix='Let people decide (by = "people"), or judge answers that no judge has seen.',
        )
    corrected = corrected_mean(judged.said, judged.judged, judged.groups, levels)
    return Bounds(
        estimate=min(1.0, max(0.0, corrected.estimate)),
        low=max(0.0, corrected.low),
        high=min(1.0, corrected.high),
        low_level=levels.low,
        high_level=levels.high,
        method=f"prediction-powered by group, {corrected.labels} labels",
        items=corrected.rows,
        groups=corrected.groups,
    )


def _outcome(criterion: Preference, bounds: Bounds) -> Outcome:
    if bounds.low is not None and bounds.low > criterion.at_least:
        return Outcome.PASS
    if bounds.high is not None and bounds.high < criterion.at_least:
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE


def _sentence(criterion: Preference, found: Preferences, bounds: Bounds) -> str:
    raters = found.comparisons[RATER].n_unique()
    # A judge is corrected to these people: the bounds allow for no others.
    these = criterion.by == "judge" or raters < RATERS_FOR_ALL
    whom = f" for {'this rater' if raters == 1 else f'these {raters} raters'}" if these else ""
    by = "the judge, corrected by people" if criterion.by == "judge" else "people"
    rows = (
        " Compared on validation rows, by which rung and checkpoint were chosen."
        if found.side == "valid"
        else ""
    )
    low = tenth_at_least(100 * (0.0 if bounds.low is None else bounds.low))
    high = tenth_at_most(100 * (1.0 if bounds.high is None else bounds.high))
    return (
        f"The tuned model is preferred to {found.against} in {tenth(100 * bounds.known):.1f} % of "
        f"{counted(bounds.items, 'comparison')}{whom} ({low:.1f} to {high:.1f} %, ties half; more "
        f"than {100 * criterion.at_least:g} % must be sure), by {by}.{rows}"
    )


def _gate(criterion: Preference, bounds: Bounds, outcome: Outcome, sentence: str) -> Gate:
    """`against` stays empty: its share is no gain over the opponent, whom the sentence names."""
    remedy = ""
    if outcome is Outcome.INCONCLUSIVE:
        remedy = "Let people compare more rows: raise [rating] items and run `surpass rate start`."
    elif outcome is Outcome.FAIL:
        remedy = "Read the comparisons that were lost: `surpass rate results`."
    return Gate(
        name=f"preference: by {criterion.by}",
        role="preference",
        metric="win_rate",
        title="share of comparisons won",
        margin=criterion.at_least,
        bounds=bounds,
        outcome=outcome,
        sentence=sentence,
        remedy=remedy,
    )
