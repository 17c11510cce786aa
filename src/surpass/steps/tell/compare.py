"""What a comparison of two files says."""

from typing import TYPE_CHECKING

import polars as pl

from surpass.core.account import Account, Chapter, Table
from surpass.core.records.results import CompareData
from surpass.measure.metrics import usual_metrics
from surpass.measure.scores import score
from surpass.steps.tell.numbers import UNKNOWN, counted, percent, points
from surpass.steps.tell.verdict import STANDINGS, gates_chapter, verdict_facts

if TYPE_CHECKING:
    from surpass.steps.compare import Compared

NOT_SEALED = (
    "Nothing was sealed: no one can see whether the criterion was chosen after the answers were "
    "known. A project seals it first (`surpass init`, then `surpass go`)."
)


def compare_account(compared: "Compared", base: str, tuned: str) -> Account:
    """Headline, gates and every metric of both models.

    Args:
        compared: The verdict and both models' answers.
        base: How people call the base model's answers, for instance their file.
        tuned: The same for the tuned model.
    """
    verdict = compared.verdict
    return Account(
        title="Compare",
        headline=verdict.headline,
        standing=STANDINGS[verdict.outcome],
        facts=verdict_facts(verdict),
        chapters=(_scores(compared, base, tuned), gates_chapter(verdict)),
        warnings=(NOT_SEALED, *verdict.notes[1:]),
        data=_data(compared),
    )


def _data(compared: "Compared") -> CompareData:
    verdict = compared.verdict
    return CompareData(
        kind=compared.kind,
        rows=compared.tuned.height,
        outcome=verdict.outcome,
        gates=verdict.gates,
        scores={
            "base": _known_scores(compared, compared.base),
            "tuned": _known_scores(compared, compared.tuned),
        },
        alpha=verdict.alpha,
    )


def _known_scores(compared: "Compared", answers: pl.DataFrame) -> dict[str, float]:
    """Every reported metric that these answers have a value of."""
    found = {m.name: score(m, answers, compared.labels) for m in usual_metrics(compared.kind)}
    return {name: value for name, value in found.items() if value is not None}


def _scores(compared: "Compared", base: str, tuned: str) -> Chapter:
    rows = []
    for metric in usual_metrics(compared.kind):
        ours = score(metric, compared.tuned, compared.labels)
        theirs = score(metric, compared.base, compared.labels)
        if ours is None and theirs is None:
            continue
        gain = UNKNOWN if ours is None or theirs is None else points(ours - theirs)
        rows.append((metric.title, percent(theirs), percent(ours), gain))
    table = Table(
        title=f"{counted(compared.tuned.height, 'row')}, a task of kind {compared.kind}",
        columns=("metric", f"base ({base})", f"tuned ({tuned})", "difference"),
        rows=tuple(rows),
        numeric=(f"base ({base})", f"tuned ({tuned})", "difference"),
    )
    return Chapter(title="Scores", tables=(table,))
