"""surpass split --extend-test FILE: new labelled rows become the test, the old ones are retired.

The extension stands in the ledger and names the file; surpass.toml is not touched. Train and valid
stay as they are, so finished runs and their scores on valid stay too.
"""

from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.digest import digest_file, short
from surpass.core.errors import BadInput, Refused
from surpass.core.records.decisions import Extension
from surpass.core.wording import counted
from surpass.data.leaks import UNIT, fingerprints, leaks_against
from surpass.steps.extension import distinct, extensions, lay_down, parted, read_file
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import SplitResult, current_split
from surpass.steps.tell.split import split_data

_NAMED_ROWS = 5
_REPEATS = (
    "row repeats another or was tested before",
    "rows repeat others or were tested before",
)
_KNOWN_GROUPS = ("row belongs to a group", "rows belong to groups")


class Fresh(NamedTuple):
    """Rows that nothing was trained or tested on, and how many were left out."""

    rows: pl.DataFrame
    dropped_repeats: int
    dropped_groups: int


def extend_test(project: Project, file: Path) -> Extension:
    """Make the rows of a file the test in force; the same file again changes nothing.

    Rows that repeat another or an earlier test, and rows of a group that train or valid has, are
    left out and counted.

    Args:
        project: The project.
        file: Inside the project's folder, with the columns of the other files.

    Raises:
        BadInput: the file cannot be read, lies elsewhere, or has rows without text or answer.
        Refused: train or valid show some of the rows, or no row is left.
    """
    name = _inside(project, file)
    digest = digest_file(project.folder / name)
    split, made = current_split(project), extensions(project)
    if made and made[-1].digest == digest:
        return made[-1]
    rows = read_file(project, name)
    _require_new_files(project, name)
    _require_whole(rows, name)
    if project.settings.kind == "classify":
        _require_labels(rows, name, split.sides.labels)
    fresh = _fresh(project, split, rows)
    if fresh.rows.is_empty():
        raise Refused(
            f"None of the {counted(rows.height, 'row')} of {name} is new: {_left_out(fresh)}.",
            fix="Bring rows that were in no file so far.",
        )
    block = lay_down(project, fresh.rows)
    extension = Extension(
        block=block.block,
        replaces=split.sides.block,
        file=name,
        digest=digest,
        split=split.digest,
        rows=block.rows,
        groups=block.groups,
        dropped_repeats=fresh.dropped_repeats,
        dropped_groups=fresh.dropped_groups,
    )
    project.ledger.append(extension)
    return extension


def extend_account(project: Project, file: Path) -> Account:
    """What `surpass split --extend-test` says."""
    made = extend_test(project, file)
    table = Table(
        title="",
        columns=("of the file", "rows"),
        rows=(
            ("sealed as test", f"{made.rows:,}"),
            ("left out: repeats, or tested before", f"{made.dropped_repeats:,}"),
            ("left out: group of train or valid", f"{made.dropped_groups:,}"),
        ),
        numeric=("rows",),
    )
    return Account(
        title="Split",
        headline=f"Sealed as the new test: {counted(made.rows, 'row')} of "
        f"{counted(made.groups, 'group')} from {made.file}.",
        text=(
            f"The rows of the test before (block {short(made.replaces)}) gate nothing any more and "
            "stay out of training for ever.",
            "Verified: no row of train or valid shares a group or its text with the new test.",
            f"Keep {made.file} as it is: the ledger names it by its content.",
        ),
        facts=(Fact(label="test block", value=made.block[:12]),),
        chapters=(Chapter(title="Rows", tables=(table,)),),
        next_command="surpass seal --amend REASON" if last_seal(project) else "surpass seal",
        data=msgspec.structs.replace(split_data(current_split(project).sides), extension=made),
    )


def _inside(project: Project, file: Path) -> str:
    """The file's name relative to the project."""
    home, path = project.folder.resolve(), file.expanduser().resolve()
    if not path.is_relative_to(home):
        raise BadInput(
            f"{file} is not in {home}.", fix="Put it there: the project must keep its test's rows."
        )
    if not path.is_file():
        raise BadInput(f"{file} is not a file.", fix="Name a file of labelled rows.")
    return path.relative_to(home).as_posix()


def _require_new_files(project: Project, name: str) -> None:
    data = project.settings.data
    if name in (*data.train, *data.valid, *data.test):
        raise BadInput(
            f"{name} is named under [data] already: its rows are not new.",
            fix="Put the new rows into a file of their own.",
        )


def _require_whole(rows: pl.DataFrame, name: str) -> None:
    """A test row without text or answer cannot be scored."""
    empty = pl.any_horizontal(
        pl.col(column).str.strip_chars() == "" for column in (columns.INPUT, columns.TARGET)
    )
    found = rows.filter(empty)
    if found.height:
        raise BadInput(
            f"{counted(found.height, 'row')} of {name} without text or answer "
            f"({_named(found[columns.ROW])}).",
            fix="Fill or remove them.",
        )


def _require_labels(rows: pl.DataFrame, name: str, labels: tuple[str, ...]) -> None:
    """No model can answer a label that it was not told of."""
    strange = rows.filter(~pl.col(columns.TARGET).is_in(labels))
    if strange.height:
        raise BadInput(
            f"{counted(strange.height, 'row')} of {name} with a label that training does not have "
            f"({strange[columns.TARGET][0]!r} in {_named(strange[columns.ROW])}).",
            fix="Correct or remove them; a new label needs training rows first.",
        )


def _fresh(project: Project, split: SplitResult, rows: pl.DataFrame) -> Fresh:
    """Leave out what was tested or belongs to known groups; refuse what training shows.

    Raises:
        Refused: names the rows that train or valid show.
        BadInput: a row has the id of a known row.
    """
    opened = pl.concat([split.train, split.valid])
    tested = {split.sides.block, *project.sealed.opened()}
    for extension in extensions(project):
        tested |= {extension.block, extension.replaces}
    held = [block for block in sorted(tested) if project.sealed.holds(block)]
    before: pl.DataFrame = pl.concat([project.sealed.fingerprints(block) for block in held])
    _require_new_ids(rows, pl.concat([opened[columns.ROW], before[columns.ROW]]))
    known = frozenset[str]().union(*map(project.sealed.digests, sorted(tested)))
    new = parted(distinct(rows), known).others
    near = leaks_against(new, before.filter(pl.col(UNIT) != "group"))[columns.PARTNER]
    new = new.filter(~pl.col(columns.ROW).is_in(near.implode()))
    groups = opened[columns.GROUP].unique().implode()
    apart = new.filter(~pl.col(columns.GROUP).is_in(groups))
    leaked = leaks_against(opened, fingerprints(apart))[columns.ROW].unique(maintain_order=True)
    if leaked.len():
        raise Refused(
            f"Train or valid show {counted(leaked.len(), 'row')} of the new test "
            f"({_named(leaked)}): a model could know their answers.",
            fix="Remove these rows from the file.",
        )
    return Fresh(apart, rows.height - new.height, new.height - apart.height)


def _require_new_ids(rows: pl.DataFrame, known: pl.Series) -> None:
    twice = rows.filter(pl.col(columns.ROW).is_in(known.unique().implode()))[columns.ROW]
    if twice.len():
        raise BadInput(
            f"{counted(twice.len(), 'row has', 'rows have')} the name of a row that is known "
            f"({_named(twice)}).",
            fix="Give each row its own id; without ids give the file a name of its own.",
        )


def _named(rows: pl.Series) -> str:
    """The first rows by their ids: "new:3, new:9, …"."""
    first = ", ".join(rows.head(_NAMED_ROWS))
    return f"{first}, …" if rows.len() > _NAMED_ROWS else first


def _left_out(fresh: Fresh) -> str:
    return (
        f"{counted(fresh.dropped_repeats, *_REPEATS)}, "
        f"{counted(fresh.dropped_groups, *_KNOWN_GROUPS)} of train or valid"
    )
