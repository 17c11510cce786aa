"""What `surpass fix --mitigate` says."""

from pathlib import Path

from surpass.core.account import Account, Chapter, Table
from surpass.core.records.mitigation import BiasMeasure
from surpass.core.records.results import FixData
from surpass.data.mitigate import ROWS, VALUE, WANTED
from surpass.steps.data_versions import data_versions
from surpass.steps.dataset import current_version
from surpass.steps.mitigate import Mitigated
from surpass.steps.mitigation_lists import ToCollect, ToLookAt
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.tell.numbers import counted, percent

_SEALED = (
    "A seal is in force, and what is trained on is no longer what was sealed: before anything is "
    "trained or judged it must be amended."
)


def mitigated_account(project: Project, found: Mitigated, how: str) -> Account:
    """What was added to training, and the measures of bias before and after."""
    sealed = bool(found.made) and last_seal(project) is not None
    version = current_version(project)
    change = f"{counted(found.before, 'row')} trained on became {found.after:,}"
    text = (
        f"Version {version.digest[:12]}. Valid and test are as they were; nothing was removed.",
        *found.notes,
        f"To take it back: `surpass fix --undo {how} --by NAME`.",
    )
    return Account(
        title="Fix",
        headline=f"{change}, by {how}." if found.made else f"Nothing changes by {how}.",
        text=(*text, *(data_versions(project) if found.made else ())),
        chapters=_measured(found.measures),
        warnings=(_SEALED,) if sealed else (),
        next_command="surpass seal --amend REASON" if sealed else "surpass seal",
        data=FixData(
            version=version.digest,
            rows_before=found.before,
            rows_after=found.after,
            decisions=tuple(found.made),
            measures=found.measures,
        ),
    )


def collect_account(project: Project, found: ToCollect) -> Account:
    """How many rows each group lacks."""
    rows = tuple(
        (name, value, f"{there:,}", f"{wanted:,}")
        for name, one in found.lists.items()
        for value, there, wanted in one.rows.select(VALUE, ROWS, WANTED).iter_rows()
    )
    wanted = sum(int(one.rows[WANTED].sum()) for one in found.lists.values())
    measures = tuple(
        BiasMeasure(
            name=f"largest distance of a share of {name} from the wanted one",
            before=one.before,
            after=one.after,
        )
        for name, one in found.lists.items()
    )
    table = Table(
        title="",
        columns=("column", "group", "rows", "to collect"),
        rows=rows,
        numeric=("rows", "to collect"),
    )
    return Account(
        title="Fix",
        headline=f"{counted(wanted, 'row')} to collect, of training; nothing was changed.",
        text=(f"The list is {_relative(project, found.file)}.",),
        chapters=(Chapter(title="Rows to collect", tables=(table,)), *_measured(measures)),
        data=_unchanged(project, found.file, measures),
    )


def look_account(project: Project, found: ToLookAt) -> Account:
    """Which rows people should look at."""
    name = _relative(project, found.file)
    return Account(
        title="Fix",
        headline=f"{counted(len(found.rows), 'row')} to look at; nothing was changed.",
        text=(found.summary, f"Their ids are in {name}."),
        next_command=f"surpass label start --rows {name}",
        data=_unchanged(project, found.file, ()),
    )


def _unchanged(project: Project, file: Path, measures: tuple[BiasMeasure, ...]) -> FixData:
    version = current_version(project)
    return FixData(
        version=version.digest,
        rows_before=version.rows,
        rows_after=version.rows,
        decisions=(),
        measures=measures,
        file=_relative(project, file),
    )


def _measured(measures: tuple[BiasMeasure, ...]) -> tuple[Chapter, ...]:
    if not measures:
        return ()
    table = Table(
        title="",
        columns=("measure", "before", "after"),
        rows=tuple((one.name, percent(one.before), percent(one.after)) for one in measures),
        numeric=("before", "after"),
        note="Of the rows that are trained on.",
    )
    return (Chapter(title="Before and after", tables=(table,)),)


def _relative(project: Project, path: Path) -> str:
    return path.relative_to(project.folder).as_posix()
