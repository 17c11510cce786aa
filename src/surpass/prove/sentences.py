"""The words of a verdict: plain sentences that a manager understands."""

import math

from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.rounding import tenth, tenth_at_least, tenth_at_most
from surpass.prove.seed_sentences import mean_words, seeds_remedy, too_few_seeds

_RUNGS = {
    "base": "the base model",
    "zero-shot": "the untuned model without examples",
    "few-shot": "few-shot",
    "linear": "the linear model on words",
}


def rung_words(name: str) -> str:
    """How a rung is called in a sentence."""
    return _RUNGS.get(name, name)


def points(gain: float) -> str:
    """A difference in points, to a tenth: "21", "3.5"."""
    return _said(tenth(100 * gain))


def points_at_least(gain: float) -> str:
    """The same, rounded down, so that a lower bound never reads better than it is."""
    return _said(tenth_at_least(100 * gain))


def points_at_most(gain: float) -> str:
    """The same, rounded up."""
    return _said(tenth_at_most(100 * gain))


def _said(tenths: float) -> str:
    return f"{tenths:.1f}".removesuffix(".0")


def gain_sentence(gate: Gate) -> str:
    """What a gate about a difference found."""
    bounds = gate.bounds
    where = f" where {gate.slice}" if gate.slice else ""
    found = f"{_amount(gate)}{where}{mean_words(bounds.seeds)}"
    if bounds.low is None or bounds.high is None:
        return f"{found}; no sure bound ({_reason(bounds.method)}){_of_these(bounds)}."
    if gate.outcome is Outcome.FAIL:
        return f"{found}, at most {points_at_most(bounds.high)}; {_asked(gate)}."
    return f"{found}, at least {points_at_least(bounds.low)}; {_asked(gate)}."


def _of_these(bounds: Bounds) -> str:
    """What holds of the runs alone, where nothing can be said of further seeds."""
    if bounds.of_runs is None:
        return ""
    return f"; of these runs alone it is at least {points_at_least(bounds.of_runs[0])}"


def _amount(gate: Gate) -> str:
    """The gain and the opponent: "3 points of macro F1 against few-shot"."""
    estimate, opponent = gate.bounds.known, rung_words(gate.against)
    if gate.relative is not None:
        share = 1 + gate.relative if gate.higher_is_better else 1 - gate.relative
        side = "above" if gate.higher_is_better else "below"
        of = f"{100 * share:g} % of the score of {opponent}"
        return f"{points(estimate)} points of {gate.title} {side} {of}"
    if gate.higher_is_better:
        return f"{points(estimate)} points of {gate.title} against {opponent}"
    less = "less" if estimate >= 0 else "more"
    return f"{points(abs(estimate))} points {less} {gate.title} than {opponent}"


def _asked(gate: Gate) -> str:
    """What the bound had to clear."""
    return (
        "0 is the margin" if gate.relative is not None else f"the margin is {points(gate.margin)}"
    )


def own_sentence(gate: Gate) -> str:
    """What a floor or a ceiling found of the model's own score."""
    bounds, title = gate.bounds, gate.title
    where = f" where {gate.slice}" if gate.slice else ""
    found = f"{points(bounds.known)} % {title}{where}{mean_words(bounds.seeds)}"
    if bounds.low is None or bounds.high is None:
        return f"{found}; no sure bound ({_reason(bounds.method)}){_of_these(bounds)}."
    limit = f"{points(gate.margin)} %"
    required = f"{limit} is required" if gate.role == "floor" else f"{limit} is allowed"
    at_least, at_most = points_at_least(bounds.low), points_at_most(bounds.high)
    failed = gate.outcome is Outcome.FAIL
    says_most = failed if gate.role == "floor" else not failed
    return (
        f"{found}, {f'at most {at_most}' if says_most else f'at least {at_least}'} %; {required}."
    )


def remedy(gate: Gate) -> str:
    """What to do about a gate that did not pass; nothing for one that did."""
    if gate.outcome is Outcome.PASS:
        return ""
    if gate.outcome is Outcome.FAIL:
        return _AFTER_FAIL[gate.role]
    if too_few_seeds(gate.bounds):
        return seeds_remedy(gate.bounds)
    if gate.bounds.low is None:
        return "Bring more groups of test rows: `surpass split --extend-test FILE`."
    return _evidence_missing(gate)


def _evidence_missing(gate: Gate) -> str:
    """What would decide a gate that has bounds."""
    more = groups_to_decide(gate)
    if more is None and _room(gate) > 0:
        return seeds_remedy(gate.bounds)
    if more is None:
        return (
            "The estimate does not exceed the margin, so there is no number of rows that would "
            "prove it; improve the model, or ask for less before the next seal."
        )
    noun = "group" if more == 1 else "groups"
    return f"About {more:,} more {noun} of test rows would decide it if the estimate held."


_AFTER_FAIL = {
    "primary": "Use the baseline, or improve the training rows and train again.",
    "guard": "Look at these rows on the validation side, add such rows and train again.",
    "floor": "Improve the training rows and train again, or take a larger base model.",
    "ceiling": "Look at the rows that exceed it on the validation side, and train again.",
}


def groups_to_decide(gate: Gate) -> int | None:
    """Groups still missing for a PASS if the estimate held; none if no number of them suffices.

    The width of a bound shrinks with the root of the number of groups; what the seeds' spread adds
    to it stays.
    """
    bounds, room = gate.bounds, _room(gate)
    at = 1 if gate.role == "ceiling" else 0
    bound = (bounds.low, bounds.high)[at]
    if bound is None or not room > 0:
        return None
    reach = abs(bounds.known - bound)
    of_groups = reach if bounds.of_runs is None else abs(bounds.known - bounds.of_runs[at])
    left = room**2 - max(0.0, reach**2 - of_groups**2)
    if not left > 0:
        return None
    needed = bounds.groups * of_groups**2 / left
    return max(1, math.floor(needed) + 1 - bounds.groups)


def _room(gate: Gate) -> float:
    """How far the estimate lies on the right side of the margin."""
    room = gate.bounds.known - gate.margin
    return -room if gate.role == "ceiling" else room


_ON_THE_TEST = {"primary", "guard", "floor", "ceiling"}
"""Roles of gates about answers on the test; the sentences of all others speak for themselves."""


def headline(outcome: Outcome, gates: tuple[Gate, ...], beaten_by: str) -> str:
    """The verdict in one or two sentences.

    Args:
        outcome: Of all gates together.
        gates: Primaries first.
        beaten_by: A sentence about the rung that scores no less than the tuned model, or nothing;
            where there is one, the word "surpasses" does not occur.
    """
    first = gates[0]
    if outcome is Outcome.PASS:
        return _passed(first, beaten_by)
    cause = next(gate for gate in gates if gate.outcome is outcome)
    if outcome is Outcome.FAIL and beaten_by and cause.role == "primary":
        return f"FAIL: do not fine-tune: {beaten_by}."
    tail = f" Do not fine-tune yet: {beaten_by}." if beaten_by else ""
    return f"{outcome.value}: {_cause(cause)}{tail}"


def _passed(gate: Gate, beaten_by: str) -> str:
    low = gate.bounds.low if gate.bounds.low is not None else gate.bounds.known
    sure = f"(at least {points_at_least(low)}, margin {points(gate.margin)}"
    sure += f"{mean_words(gate.bounds.seeds)})"
    if beaten_by:
        return f"PASS: {_amount(gate)} {sure}, but do not fine-tune: {beaten_by}."
    if gate.relative is not None:
        return (
            f"PASS: the tuned model surpasses {rung_words(gate.against)}: {_amount(gate)} {sure}."
        )
    amount = _amount(gate).removesuffix(f" against {rung_words(gate.against)}")
    return f"PASS: the tuned model surpasses {rung_words(gate.against)} by {amount} {sure}."


def _cause(gate: Gate) -> str:
    if gate.role not in _ON_THE_TEST:
        return gate.sentence[:1].lower() + gate.sentence[1:]
    if gate.outcome is Outcome.INCONCLUSIVE and gate.bounds.low is None:
        if gate.slice and not too_few_seeds(gate.bounds):
            return f"where {gate.slice} the test is too small to tell."
        what = "the runs are too few" if too_few_seeds(gate.bounds) else "the test is too small"
        return f"{what} to tell: {_reason(gate.bounds.method)}."
    said = gate.sentence[:1].lower() + gate.sentence[1:]
    if gate.role in {"floor", "ceiling"}:
        return f"the tuned model scores {said}"
    verb = (
        "is not shown to gain enough"
        if gate.outcome is Outcome.INCONCLUSIVE
        else "gains too little"
    )
    if gate.role == "guard":
        verb = "may lose too much" if gate.outcome is Outcome.INCONCLUSIVE else "loses too much"
    return f"the tuned model {verb}: {said}"


def beaten_sentence(name: str, theirs: float, tuned: float, title: str) -> str:
    """That a baseline scores no less than the tuned model."""
    return (
        f"{rung_words(name)} scores {points(theirs)} % {title} against the tuned model's "
        f"{points(tuned)} %"
    )


def _reason(method: str) -> str:
    return method.removeprefix("none: ").rstrip(".")
