"""A verdict as an account: the first screen of the report, and what the terminal says."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from surpass.core.account import (
    Account,
    Chapter,
    Fact,
    Interval,
    IntervalChart,
    Standing,
    Table,
)
from surpass.core.records.decisions import Seal
from surpass.core.records.results import VerdictData
from surpass.core.records.verdict import Gate, Outcome, Verdict
from surpass.steps.tell.numbers import (
    counted,
    nats,
    nats_at_least,
    nats_at_most,
    percent,
    percent_at_least,
    percent_at_most,
    points,
    points_at_least,
    points_at_most,
)

if TYPE_CHECKING:
    from surpass.steps.verdict import Judged

_Shown = Callable[[float | None], str]
_POINTS = (points, points_at_least, points_at_most)
_NATS = (nats, nats_at_least, nats_at_most)
_PERCENT = (percent, percent_at_least, percent_at_most)
STANDINGS = {
    Outcome.PASS: Standing.HOLDS,
    Outcome.FAIL: Standing.DOES_NOT_HOLD,
    Outcome.INCONCLUSIVE: Standing.CANNOT_TELL,
}


def verdict_account(
    judged: Verdict, seal: Seal, title: str, amendments: tuple[str, ...] = ()
) -> Account:
    """Headline, gates and the numbers that a decision needs.

    Args:
        judged: The verdict.
        seal: The seal it answers.
        title: Of the task.
        amendments: Reasons of all amendments, the oldest first; shown for ever.
    """
    warnings = list(judged.notes)
    if not seal.declared:
        warnings.append("The criterion is a default, not declared: nobody said what is worth it.")
    warnings += [f"The seal was amended: {reason}" for reason in amendments]
    return Account(
        title=title,
        headline=judged.headline,
        standing=STANDINGS[judged.outcome],
        facts=verdict_facts(judged),
        chapters=(gates_chapter(judged),),
        warnings=tuple(warnings),
        next_command="surpass report",
    )


def verdict_data(judged: "Judged", amendments: tuple[str, ...]) -> VerdictData:
    """The same for programs, with every model's scores on the test."""
    verdict = judged.verdict
    return VerdictData(
        outcome=verdict.outcome,
        gates=verdict.gates,
        opponent=verdict.opponent,
        surpassed_by=verdict.surpassed_by,
        scores={name: model.record.scores for name, model in judged.models.items()},
        candidate_number=verdict.candidate_number,
        alpha=verdict.alpha,
        declared=judged.seal.declared,
        amendments=amendments,
        verdict=judged.digest,
        seal=judged.seal_digest,
    )


def gates_chapter(judged: Verdict) -> Chapter:
    """Every criterion with its bound and the margin that the bound had to clear."""
    rows = tuple(_row(gate) for gate in judged.gates)
    table = Table(
        title="Criteria",
        columns=(
            "criterion",
            "estimate",
            "lower",
            "upper",
            "had to clear",
            "items",
            "groups",
            "is",
        ),
        rows=rows,
        numeric=("estimate", "lower", "upper", "had to clear", "items", "groups"),
        note=f"One-sided bounds; level in force {judged.alpha:.4g} "
        f"(candidate {judged.candidate_number} on this test).",
    )
    return Chapter(
        title="Criteria",
        text=tuple(f"{gate.sentence} {gate.remedy}".strip() for gate in judged.gates),
        tables=(table,),
        figures=(gain_chart(judged),),
    )


def gain_chart(judged: Verdict) -> IntervalChart:
    """Gains of all primaries and guards with their bounds and the declared margin."""
    primary = primary_gate(judged)
    gates = [g for g in judged.gates if g.against and g.bounds.estimate is not None]
    return IntervalChart(
        title="Gain of the tuned model",
        unit=f"points of {primary.title}",
        intervals=tuple(
            Interval(
                label=gate.slice or gate.name,
                estimate=100 * gate.bounds.known,
                low=None if gate.bounds.low is None else 100 * gate.bounds.low,
                high=None if gate.bounds.high is None else 100 * gate.bounds.high,
                role="gain" if gate.role == "primary" else "other",
            )
            for gate in gates
        ),
        line=100 * primary.margin,
        tenths=True,
        line_label="declared margin",
    )


def primary_gate(judged: Verdict) -> Gate:
    """The first primary criterion: the one that headlines speak of."""
    return next(gate for gate in judged.gates if gate.role == "primary")


def verdict_facts(judged: Verdict) -> tuple[Fact, ...]:
    """The gain, its bound and the size of the test, in large print."""
    gate = primary_gate(judged)
    return (
        Fact(
            label=f"gain against {judged.opponent}",
            value=points(gate.bounds.estimate),
            note=f"of {gate.title}",
        ),
        Fact(
            label="at least",
            value=points_at_least(gate.bounds.low),
            note=f"sure at level {gate.bounds.low_level:.3g}; had to exceed {points(gate.margin)}",
        ),
        Fact(
            label="test",
            value=counted(gate.bounds.items, "row"),
            note=f"in {counted(gate.bounds.groups, 'group')}",
        ),
    )


def _shown_in(gate: Gate) -> tuple[_Shown, _Shown, _Shown]:
    """How an estimate, a lower and an upper bound of this gate are written."""
    if gate.unit != "share":
        return _NATS
    return _POINTS if gate.against else _PERCENT


def _row(gate: Gate) -> tuple[str, ...]:
    show, at_least, at_most = _shown_in(gate)
    bounds = gate.bounds
    outcome = gate.outcome.value
    if gate.level == "no harm shown" and gate.outcome is Outcome.PASS:
        outcome = "no harm shown"
    return (
        gate.name,
        show(bounds.estimate),
        at_least(bounds.low),
        at_most(bounds.high),
        show(gate.margin),
        str(bounds.items),
        str(bounds.groups),
        outcome,
    )
