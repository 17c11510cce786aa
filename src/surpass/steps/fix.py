"""surpass fix: decisions that lose nothing are taken and kept with a reason; the rest is yours."""

from surpass.core.account import Account, Chapter, Table
from surpass.core.environment import now
from surpass.core.records.dataset import Decision
from surpass.core.records.results import FixData
from surpass.data.fix import BY, lossless_decisions
from surpass.steps.check import check
from surpass.steps.data_versions import data_versions
from surpass.steps.dataset import current_dataset, keep_version
from surpass.steps.project import Project
from surpass.steps.tell.numbers import counted

_SHOWN_ROWS = 20
_DONE = {"drop": "dropped", "fix": "mended"}


def fix(project: Project) -> list[Decision]:
    """Drop exact copies and rows without text or answer, mend what loses nothing.

    A new version of the examples follows. Rows that a person decided on are left alone.
    """
    before = current_dataset(project)
    decided = {d.row for d in project.answers.decisions() if d.by != BY}
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
    shown = tuple((d.row, _DONE.get(d.action, d.action), d.reason) for d in made[:_SHOWN_ROWS])
    table = Table(
        title="",
        columns=("row", "decision", "reason"),
        rows=shown,
        note=f"{len(made)} in all, in answers/decisions.jsonl" if made else "",
    )
    headline = (
        f"{_counts(made)}; {counted(before, 'row')} became {after.train.height:,}."
        if made
        else "Nothing to mend without losing something; what checks still show needs a person."
    )
    return Account(
        title="Fix",
        headline=headline,
        text=(f"Version {after.version.digest[:12]}.", *(data_versions(project) if made else ())),
        chapters=(Chapter(title="Decisions", tables=(table,)),) if made else (),
        next_command="surpass split",
        data=FixData(
            version=after.version.digest,
            rows_before=before,
            rows_after=after.train.height,
            decisions=tuple(made),
        ),
    )


def _counts(made: list[Decision]) -> str:
    """How many rows were dropped and how many mended: "2 rows dropped, 1 row mended"."""
    rows = {action: len({d.row for d in made if d.action == action}) for action in _DONE}
    return ", ".join(f"{counted(n, 'row')} {_DONE[action]}" for action, n in rows.items() if n)
