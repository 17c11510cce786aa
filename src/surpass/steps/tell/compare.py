"""What a comparison of two files says."""

from typing import TYPE_CHECKING

from surpass.core.account import Account, Chapter, Table
from surpass.measure.metrics import metrics_for
from surpass.measure.scores import score
from surpass.steps.tell.numbers import UNKNOWN, percent, points
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
    )


def _scores(compared: "Compared", base: str, tuned: str) -> Chapter:
    rows = []
    for metric in metrics_for(compared.kind):
        ours = score(metric, compared.tuned, compared.labels)
        theirs = score(metric, compared.base, compared.labels)
        if ours is None and theirs is None:
            continue
        gain = UNKNOWN if ours is None or theirs is None else points(ours - theirs)
        rows.append((metric.title, percent(theirs), percent(ours), gain))
    table = Table(
        title=f"{compared.tuned.height} rows, a task of kind {compared.kind}",
        columns=("metric", f"base ({base})", f"tuned ({tuned})", "difference"),
        rows=tuple(rows),
        numeric=(f"base ({base})", f"tuned ({tuned})", "difference"),
    )
    return Chapter(title="Scores", tables=(table,))
