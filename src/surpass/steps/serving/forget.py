"""surpass forget: delete what a unit left in the journal, or what is old, to the last byte."""

from datetime import timedelta

from surpass.core.account import Account, Chapter, Table
from surpass.core.environment import moment
from surpass.core.errors import BadInput
from surpass.serve.capture import forget_unit
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal

ELSEWHERE = (
    "Copies that left the journal stay: rows that were labelled or taken into a dataset, exports, "
    "backups, and models trained on them."
)


def forget(project: Project, unit: str | None, older_than_days: int | None) -> Account:
    """Delete requests, votes and exposures, and write the files anew.

    Args:
        project: The project.
        unit: All that this unit left.
        older_than_days: All that is older.

    Raises:
        BadInput: neither was named, or both.
        BadMachine: a server holds the journal.
    """
    if (unit is None) == (older_than_days is None):
        raise BadInput("Name what to forget.", fix="Say --unit U, or --older-than DAYS.")
    with open_journal(project, writer=True) as journal:
        if unit is not None:
            deleted = forget_unit(journal, unit)
        else:
            days = timedelta(days=older_than_days or 0)
            deleted = journal.forget_before(moment() - days)
    rows = tuple((table, str(count)) for table, count in deleted.items())
    table = Table(title="", columns=("of", "rows"), rows=rows, numeric=("rows",))
    return Account(
        title="Forget",
        headline=f"{sum(deleted.values())} rows are gone from the journal and its files.",
        chapters=(Chapter(title="", tables=(table,)),),
        warnings=(ELSEWHERE,),
    )
