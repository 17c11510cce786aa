"""surpass diff: what changed between two versions of the examples, and who or what changed it."""

from collections import Counter

import polars as pl

from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.columns import INPUT, MADE_FROM, ROW
from surpass.core.records.dataset import Decision
from surpass.core.records.diff import ChangedRow, DiffData
from surpass.core.wording import counted
from surpass.data.added import names_of
from surpass.data.diff import AFTER, BEFORE, CHANGE, CHANGES, row_diff, transitions
from surpass.steps.check import open_examples
from surpass.steps.extension import parted
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.tested import tested_blocks
from surpass.steps.versions import FILES, NOW, Rows, rows_of

_SHOWN_ROWS = 20
_SHOWN_TRANSITIONS = 15


def diff_account(project: Project, before: str = FILES, after: str = NOW) -> Account:
    """What `surpass diff` says.

    Args:
        project: The project.
        before: What `versions.rows_of` knows: a version, "files", "now", or a file of rows.
        after: The same.

    Raises:
        BadInput: one of them is unknown, or its rows cannot be had any more.
    """
    first, second = rows_of(project, before), rows_of(project, after)
    closed = _closed(project)
    shown = [_without(project, side.examples, closed) for side in (first, second)]
    by_input = project.settings.data.id is None and first.files != second.files
    found = row_diff(*shown, by_input=by_input)
    decided = _decided(first, second)
    counts: dict[str, int] = {name: found.filter(pl.col(CHANGE) == name).height for name in CHANGES}
    return Account(
        title="Diff",
        headline=_headline(counts),
        text=_closed_rows(closed),
        facts=tuple(
            Fact(label=side, value=counted(rows.examples.height, "row"), note=rows.name[:12])
            for side, rows in (("before", first), ("after", second))
        ),
        chapters=(_rows(found, decided), *_transitions(project, found), *_causes(found, decided)),
        data=DiffData(
            before=first.name,
            after=second.name,
            rows_before=first.examples.height,
            rows_after=second.examples.height,
            counts=counts,
            rows=tuple(
                ChangedRow(
                    row=row[ROW],
                    change=row[CHANGE],
                    before=row[BEFORE],
                    after=row[AFTER],
                    because=_because(decided.get(row[ROW], [])),
                )
                for row in found.iter_rows(named=True)
            ),
            closed=closed.height,
        ),
    )


def _closed(project: Project) -> pl.DataFrame:
    """Rows in force that nobody may see after the seal: those that are in neither open side."""
    everything = rows_of(project, NOW).examples
    if last_seal(project) is None:
        return everything.select(ROW, INPUT).clear()
    of = pl.coalesce(MADE_FROM, ROW) if MADE_FROM in everything.columns else pl.col(ROW)
    known = everything.with_columns(of.alias("of"))
    closed = known.join(open_examples(project), left_on="of", right_on=ROW, how="anti")
    return closed.select(ROW, INPUT)


def _without(project: Project, examples: pl.DataFrame, closed: pl.DataFrame) -> pl.DataFrame:
    """The rows that are none of these and of no test there ever was, however a file has them."""
    if last_seal(project) is None:
        return examples
    kept = examples.join(closed, on=ROW, how="anti", maintain_order="left")
    known = frozenset[str]().union(*map(project.sealed.digests, tested_blocks(project)))
    return parted(kept, known).others


def _closed_rows(closed: pl.DataFrame) -> tuple[str, ...]:
    if closed.is_empty():
        return ()
    return (f"Sealed: {counted(closed.height, 'row')} outside train and valid stayed closed.",)


def _decided(first: Rows, second: Rows) -> dict[str, list[Decision]]:
    """By row, the decisions that only one of both versions has."""
    earlier, later = sorted((first.decisions, second.decisions), key=len)
    found: dict[str, list[Decision]] = {}
    for one in later[len(earlier) :]:
        for name in names_of(one) or [one.row]:
            found.setdefault(name, []).append(one)
    return found


def _because(decisions: list[Decision]) -> str:
    """Reasons and who had them; empty where nobody decided and the files differ."""
    return " ".join(f"{one.reason.rstrip('.')} ({one.by})." for one in decisions)


def _headline(counts: dict[str, int]) -> str:
    told = [f"{number:,} {name}" for name, number in counts.items() if number]
    return f"Rows: {', '.join(told)}." if told else "No row differs."


def _rows(found: pl.DataFrame, decided: dict[str, list[Decision]]) -> Chapter:
    rows = tuple(
        (
            row[ROW],
            row[CHANGE],
            _because(decided.get(row[ROW], [])) or "The files differ.",
            _answers(row[BEFORE], row[AFTER], row[CHANGE]),
            row[INPUT],
        )
        for row in found.head(_SHOWN_ROWS).iter_rows(named=True)
    )
    table = Table(
        title="",
        columns=("row", "change", "because", "answer", "text"),
        rows=rows,
        excerpts=("answer", "text"),
        note=f"{counted(found.height, 'row')} in all" if found.height > len(rows) else "",
    )
    return Chapter(title="Rows", tables=(table,) if rows else ())


def _answers(before: str | None, after: str | None, change: str) -> str:
    if change == "answer changed":
        return f"{before} \u2192 {after}"
    return (after if after is not None else before) or ""


def _transitions(project: Project, found: pl.DataFrame) -> tuple[Chapter, ...]:
    """Which label became which: for tasks that have labels."""
    counts = transitions(found)
    if project.settings.kind != "classify" or counts.is_empty():
        return ()
    rows = tuple(
        (row[BEFORE], row[AFTER], str(row["rows"]))
        for row in counts.head(_SHOWN_TRANSITIONS).iter_rows(named=True)
    )
    table = Table(title="", columns=("from", "to", "rows"), rows=rows, numeric=("rows",))
    return (Chapter(title="Labels", tables=(table,)),)


def _causes(found: pl.DataFrame, decided: dict[str, list[Decision]]) -> tuple[Chapter, ...]:
    """How many rows each person, surpass itself, or another file changed."""
    by = Counter(decided[row][-1].by if row in decided else "the files" for row in found[ROW])
    if not by:
        return ()
    rows = tuple((who, f"{number:,}") for who, number in by.most_common())
    table = Table(title="", columns=("by", "rows"), rows=rows, numeric=("rows",))
    return (Chapter(title="Who changed them", tables=(table,)),)
