"""The verdict: sealed criteria and predictions on the test to PASS, FAIL or INCONCLUSIVE."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.records.verdict import Gate, Outcome, Verdict
from surpass.core.settings import Criteria
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import Metric, metric
from surpass.measure.scores import score
from surpass.prove.bench import Answers, Bench
from surpass.prove.bounds import require_same_rows
from surpass.prove.evidence import NOTHING_ELSE, Evidence, answer_others, other_gates
from surpass.prove.exposure import level_in_force
from surpass.prove.gates import NO_HARM_SHOWN, answer_all, open_criteria
from surpass.prove.seed_sentences import seeds_note
from surpass.prove.sentences import beaten_sentence, headline


def judge(
    criteria: Criteria,
    answers: Answers,
    evidence: Evidence = NOTHING_ELSE,
    *,
    candidate_number: int,
) -> Verdict:
    """Answer the sealed criteria.

    A primary passes if the lower bound of its gain, at the level in force, exceeds the margin. It
    fails if the upper bound, at alpha over the number of gates, lies below it; else the test cannot
    tell. All gates must pass, so no correction for their number is needed for a PASS. A guard of
    level "no harm shown" stops only on a sure loss. Gates on other evidence than the answers on the
    test come last; they share alpha with the others.

    Args:
        criteria: As sealed.
        answers: Of all models on the test.
        evidence: What the other criteria rest on; without it their gates are INCONCLUSIVE.
        candidate_number: How many candidates this test has judged, this one included.

    Raises:
        BadInput: other rows, an unknown metric, opponent or slice.
        ValueError: another number of runs than of declared seeds.
        CannotTell: a primary or a floor cannot be scored at all.
    """
    if len(answers.runs) != criteria.seeds:
        raise ValueError(f"{len(answers.runs)} runs for {criteria.seeds} declared seeds")
    for predictions in (*answers.further, *answers.rungs.values()):
        require_same_rows(answers.tuned, predictions)
    opened = open_criteria(criteria, answers.tuned)
    levels = Levels(
        low=level_in_force(criteria.alpha, candidate_number),
        high=criteria.alpha / (len(opened) + other_gates(criteria)),
        draws=criteria.draws,
        seed=criteria.seed,
    )
    bench = Bench(answers, levels, criteria.metrics)
    answered, notes = answer_all(opened, bench)
    gates = (*answered, *answer_others(criteria, evidence, levels))
    outcome = _together(gate.outcome for gate in gates)
    ahead = _not_surpassed(criteria, bench)
    return Verdict(
        outcome=outcome,
        headline=headline(outcome, gates, _beaten(ahead)),
        gates=gates,
        opponent=answers.opponent,
        surpassed_by=tuple(ahead),
        candidate_number=candidate_number,
        alpha=levels.low,
        notes=(*notes, *_notes(criteria, gates, candidate_number, answers)),
    )


def _together(outcomes: Iterable[Outcome]) -> Outcome:
    """FAIL before INCONCLUSIVE before PASS."""
    found = set(outcomes)
    order = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)
    return next(outcome for outcome in order if outcome in found)


class _Ahead(NamedTuple):
    """A rung that the tuned model does not surpass."""

    theirs: float
    ours: float
    metric: str

    @property
    def by(self) -> float:
        """How much better the rung is, in the metric's unit."""
        better = self.theirs - self.ours
        return better if metric(self.metric).higher_is_better else -better


def _not_surpassed(criteria: Criteria, bench: Bench) -> dict[str, _Ahead]:
    """Rungs that score no worse than the tuned model on a primary metric, the best one first."""
    ahead: dict[str, _Ahead] = {}
    for primary in criteria.primary:
        chosen = bench.metric(primary.metric)
        ours = _mean_score(chosen, bench)
        for name, predictions in bench.answers.rungs.items():
            theirs = score(chosen, predictions, bench.labels)
            if ours is not None and theirs is not None:
                found = _Ahead(theirs, ours, primary.metric)
                if found.by >= 0:
                    ahead.setdefault(name, found)
    return dict(sorted(ahead.items(), key=lambda item: -item[1].by))


def _mean_score(chosen: Metric, bench: Bench) -> float | None:
    """Of all seeds; none where one of them has no score."""
    scores = [score(chosen, run, bench.labels) for run in bench.runs]
    known = [one for one in scores if one is not None]
    return sum(known) / len(known) if len(known) == len(scores) else None


def _beaten(ahead: dict[str, _Ahead]) -> str:
    if not ahead:
        return ""
    name, found = next(iter(ahead.items()))
    return beaten_sentence(name, found.theirs, found.ours, metric(found.metric).title)


def _notes(
    criteria: Criteria,
    gates: tuple[Gate, ...],
    candidate_number: int,
    answers: Answers,
) -> list[str]:
    runs, base = answers.runs, answers.rungs[answers.opponent]
    level = level_in_force(criteria.alpha, candidate_number)
    notes = [
        f"Candidate {candidate_number} on this test: judged at level {level:.2g}, "
        f"declared alpha {criteria.alpha:g}."
    ]
    if len(runs) > 1:
        notes.append(seeds_note(len(runs)))
    if len(runs) > 1 and other_gates(criteria):
        notes.append("What rests on other evidence than the test is told of the first seed alone.")
    unread = sum(run.filter(pl.col(columns.STATUS) != "ok").height for run in runs)
    if unread:
        notes.append(
            f"{unread} answers of the tuned model were unreadable or cut; they count as wrong."
        )
    if silent := base.filter(pl.col(columns.STATUS) != "ok").height:
        notes.append(
            f"{silent} of {base.height} answers of the opponent were unreadable, cut or missing; "
            "they count as wrong, which helps the tuned model."
        )
    guards = [gate for gate in gates if gate.role == "guard" and gate.level == NO_HARM_SHOWN]
    small = [gate.slice for gate in guards if gate.bounds.high is None]
    if small:
        notes.append(
            f"Too few groups to see harm in: {', '.join(name or 'all rows' for name in small)}."
        )
    return notes
