"""Each detector of changed traffic: a window of users against the reference's, one p each."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from surpass.core.columns import INPUT
from surpass.core.records.signal import Kind, Term
from surpass.measure.drift.shares import kind_shift, rise_p
from surpass.measure.drift.terms import RisingTerm, rising_terms
from surpass.measure.drift.values import number_shift
from surpass.measure.shift import told_apart, two_sample_p
from surpass.monitor.reference import (
    Reference,
    confidences,
    counted_terms,
    group_of,
    labels_of,
)
from surpass.monitor.traffic import DAY, ORDER
from surpass.text.classifier import guessed
from surpass.text.log_odds import leanings
from surpass.text.terms import plain_words
from surpass.text.vectors import similarities

PORTIONS: dict[Kind, float] = {
    "terms": 0.25,
    "novelty": 0.25,
    "unseen": 0.1,
    "classifier": 0.1,
    "clusters": 0.1,
    "labels": 0.05,
    "confidence": 0.1,
    "estimate": 0.05,
}
"""Share of the budget that each detector may spend: most to those that find new topics best."""

_MOST = 300  # texts of a side that the classifier reads; its time grows with their cube
_DRAWS = 1999
_FEWEST_DAYS = 5  # of each side, from which on whole days are permuted
_KINDS = 30  # labels that are told apart; the rarer ones count as one
_TERMS = 12


class Found(NamedTuple):
    """What a detector says of one window."""

    p: float
    effect: float  # on a scale from 0 to 1
    words: str
    terms: tuple[Term, ...] = ()
    telling: tuple[int, ...] = ()  # rows of the window that show it best


Detector = Callable[[Reference, pl.DataFrame, float], Found | None]


def terms(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:
    """Words and pairs of words that more users say."""
    texts = units[INPUT].to_list()
    now = counted_terms(texts)
    risen = _plainest(rising_terms(reference.terms, now, level))
    if not risen:
        return Found(1.0, 0.0, "No word rose beyond chance.")
    names = {one.term for one in risen}
    holders = [
        place for place, text in enumerate(texts) if names & counted_terms([text]).terms.keys()
    ]
    before = reference.rows[INPUT].to_list()
    held = sum(bool(names & counted_terms([text]).terms.keys()) for text in before)
    effect = len(holders) / len(texts) - held / len(before)
    said = ", ".join(f"'{one.term}' ({one.now} users)" for one in risen[:5])
    more = f" and {len(risen) - 5} more" if len(risen) > 5 else ""
    return Found(
        risen[0].p,
        effect,
        f"New or rising words: {said}{more}. {len(holders) / len(texts):.1%} of the users say one "
        f"of them, {held / len(before):.1%} did before.",
        tuple(_term(one, reference.terms.units, now.units) for one in risen[:_TERMS]),
        tuple(holders),
    )


def unseen(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:  # noqa: ARG001
    """Users who say a word that the reference does not know."""
    here, there = _unknown(reference, units), _unknown(reference, reference.held)
    if there.size == 0:
        return None
    counts = np.array([there.sum()]), np.array([here.sum()])
    p = float(rise_p(*counts, (there.size, here.size))[0])
    effect = float(here.mean() - there.mean())
    words = (
        f"{here.mean():.1%} of the users say a word that was not known, "
        f"{there.mean():.1%} did before."
    )
    return Found(p, effect, words, telling=tuple(np.flatnonzero(here).tolist()))


def novelty(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:  # noqa: ARG001
    """Texts less like any known text than the reference's own held-back texts are."""
    if reference.held.is_empty():
        return None
    before, now = reference.held_novelty, reference.novelty(units[INPUT].to_list())
    both = np.concatenate([before, now])
    if np.ptp(both) == 0:
        return Found(1.0, 0.0, "All texts are alike.")
    p = float(stats.mannwhitneyu(now, before, alternative="greater").pvalue)
    auc = told_apart(both, np.arange(both.size) >= before.size)
    bar = float(np.quantile(before, 0.95))
    far = float((now > bar).mean())
    words = (
        f"{far:.1%} of the texts are less like any known text than 95 % of the earlier ones were "
        f"(5 % are expected)."
    )
    order = np.argsort(-now, kind="stable")[: max(1, int((now > bar).sum()))]
    return Found(p, max(0.0, 2 * auc - 1), words, telling=tuple(order.tolist()))


def classifier(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:
    """Whether a model can tell the window's texts from the reference's, and by which words."""
    before, now = (side.sort(ORDER).head(_MOST) for side in (reference.rows, units))
    texts = before[INPUT].to_list() + now[INPUT].to_list()
    if not any(text.strip() for text in texts):
        return None
    is_now = np.arange(len(texts)) >= before.height
    unit, folds = _blocks(before, now)
    draws = min(_DRAWS, max(199, round(4 / level)))
    p = two_sample_p(similarities(texts), is_now, unit, folds, draws=draws)
    if p > 0.1:
        return Found(p, 0.0, "A model cannot tell the texts from the earlier ones.")
    chances = guessed(texts, is_now.astype(np.int64), folds).probabilities[:, 1]
    auc = told_apart(chances, is_now)
    leaning = leanings(texts[before.height :], texts[: before.height])
    sure = [one.word for one in leaning if one.z >= 3][:5]
    by = f", by {', '.join(map(repr, sure))}" if sure else ""
    words = f"A model tells the texts from the earlier ones with an AUC of {auc:.2f}{by}."
    return Found(p, max(0.0, 2 * auc - 1), words)


def clusters(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:  # noqa: ARG001
    """Whether the groups of like texts have other shares."""
    if not reference.groups or reference.held.is_empty():
        return None
    count = len(reference.groups)
    before = np.bincount(group_of(reference.held_texts, reference.groups), minlength=count)
    member = group_of(units[INPUT].to_list(), reference.groups)
    now = np.bincount(member, minlength=count)
    shift = kind_shift(before, now, draws=_DRAWS)
    most = shift.most_risen
    words = (
        f"The mix of topics moved by {shift.distance:.1%}; most risen: {reference.names[most]} "
        f"({now[most] / now.sum():.1%} of the users, {before[most] / before.sum():.1%} before)."
    )
    return Found(
        shift.p, shift.distance, words, telling=tuple(np.flatnonzero(member == most).tolist())
    )


def labels(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:  # noqa: ARG001
    """Whether the model answers its labels in other shares."""
    before, now = labels_of(reference.rows), labels_of(units)
    if before.is_empty() or now.is_empty():
        return None
    often = pl.concat([before, now]).value_counts(sort=True)[before.name][: _KINDS - 1].to_list()
    sides = [np.array([*((side == one).sum() for one in often)]) for side in (before, now)]
    sides = [
        np.append(side, rows.len() - side.sum())
        for side, rows in zip(sides, (before, now), strict=True)
    ]
    shift = kind_shift(sides[0], sides[1], draws=_DRAWS)
    name = [*often, "the rarer labels"][shift.most_risen]
    shares = [side[shift.most_risen] / side.sum() for side in sides]
    words = (
        f"The mix of answers moved by {shift.distance:.1%}; most risen: {name} "
        f"({shares[1]:.1%}, {shares[0]:.1%} before)."
    )
    return Found(shift.p, shift.distance, words)


def confidence(reference: Reference, units: pl.DataFrame, level: float) -> Found | None:  # noqa: ARG001
    """Whether the model is as sure of its answers as it was."""
    before, now = confidences(reference.rows), confidences(units)
    if min(before.size, now.size) == 0:
        return None
    shift = number_shift(before, now)
    words = f"Mean confidence is {shift.now:.3f}, it was {shift.before:.3f}."
    return Found(shift.p, shift.distance, words)


DETECTORS: dict[Kind, Detector] = {
    "terms": terms,
    "novelty": novelty,
    "unseen": unseen,
    "classifier": classifier,
    "clusters": clusters,
    "labels": labels,
    "confidence": confidence,
}


def _plainest(risen: list[RisingTerm]) -> list[RisingTerm]:
    """Without pairs of words one of which rose by itself."""
    single = {one.term for one in risen if " " not in one.term}
    return [one for one in risen if " " not in one.term or not single & set(one.term.split())]


def _term(one: RisingTerm, before: int, now: int) -> Term:
    return Term(
        term=one.term, before=one.before / before, now=one.now / now, users=one.now, p=one.p
    )


def _unknown(reference: Reference, units: pl.DataFrame) -> np.ndarray:
    texts = units[INPUT].to_list()
    return np.array([bool(set(plain_words(text)) - reference.words) for text in texts], dtype=bool)


def _blocks(before: pl.DataFrame, now: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """What is permuted as a whole, days if there are enough, and the fold of each row."""
    by_day = min(side[DAY].n_unique() for side in (before, now)) >= _FEWEST_DAYS
    rows = before.height + now.height
    if not by_day:
        order = np.concatenate([before[ORDER].to_numpy(), now[ORDER].to_numpy()])
        return np.arange(rows), (order % 5).astype(np.int64)
    days = [f"{side} {day}" for side, part in enumerate((before, now)) for day in part[DAY]]
    block = np.unique(np.array(days), return_inverse=True)[1].astype(np.int64)
    return block, block % 5
