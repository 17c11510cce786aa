"""surpass fix: decisions that lose nothing are taken and kept with a reason; the rest is yours."""

from surpass.core.account import Account, Chapter, Table
from surpass.core.environment import now
from surpass.core.records.dataset import Decision
from surpass.data.fix import lossless_decisions
from surpass.steps.check import check
from surpass.steps.dataset import current_dataset, keep_version
from surpass.steps.project import Project
from surpass.steps.tell.numbers import counted

_SHOWN_ROWS = 20


def fix(project: Project) -> list[Decision]:
    """Drop exact copies and rows without text or answer; a new version of the examples follows.

    Decisions that people took before are respected: a row that somebody kept stays.
    """
    before = current_dataset(project)
    decided = {decision.row for decision in project.answers.decisions()}
    made = lossless_decisions(check(project), at=now())
    new = [decision for decision in made if decision.row not in decided]
    project.answers.decide(new)
    if new:
        keep_version(project, before.version)
        keep_version(project, current_dataset(project).version)
    return new


def fix_account(project: Project) -> Account:
    """What `surpass fix` says."""
    before = current_dataset(project).train.height
    made = fix(project)
    after = current_dataset(project)
    shown = tuple((d.row, d.action, d.reason) for d in made[:_SHOWN_ROWS])
    table = Table(
        title="",
        columns=("row", "decision", "reason"),
        rows=shown,
        note=f"{len(made)} in all, in answers/decisions.jsonl" if made else "",
    )
    headline = (
        f"{counted(len(made), 'decision')}; {before:,} rows became {after.train.height:,}."
        if made
        else "Nothing to mend without losing something: what is left needs a person."
    )
    return Account(
        title="Fix",
        headline=headline,
        text=(f"Version {after.version.digest[:12]}.",),
        chapters=(Chapter(title="Decisions", tables=(table,)),) if made else (),
        next_command="surpass split",
    )
