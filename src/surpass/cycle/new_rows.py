"""Put a file of new rows where [data] finds it, whole or not at all."""

from fnmatch import fnmatch
from pathlib import Path

from surpass.core.digest import digest_file
from surpass.core.errors import BadInput, Refused
from surpass.core.records.cycle import CycleStarted
from surpass.core.settings.read import read_settings
from surpass.data.read import read_rows
from surpass.monitor.drawing import WHY
from surpass.steps.extension import read_file
from surpass.steps.project import Project
from surpass.store.durable import write_file

FOLDER = "cycles"  # of rows to train on
DATED = "dated"  # of rows that become the test


def rows_digest(file: Path | None) -> str | None:
    """Digest of a named file; none of none.

    Raises:
        BadInput: it is not there.
    """
    if file is None:
        return None
    if not file.is_file():
        raise BadInput(f"There is no file {file}.", fix="Name a file of labelled rows.")
    return digest_file(file)


def place_of_rows(project: Project, file: Path | None, name: str) -> str | None:
    """Where rows to train on are to lie, relative to the project.

    A file that [data] train reads stays; another is to be copied, so that what is edited later
    does not change what was trained on.
    """
    if file is None:
        return None
    within = _within(project, file)
    if within is not None and _is_read(project, within):
        return within
    return f"{FOLDER}/{name}{file.suffix}"


def place_of_test(project: Project, file: Path | None, name: str) -> str | None:
    """Where the rows of a slice are to lie, relative to the project; one that is inside stays."""
    if file is None:
        return None
    return _within(project, file) or f"{DATED}/{name}{file.suffix}"


def require_read_as_training(project: Project, file: Path, place: str) -> None:
    """Refuse rows that cannot be read, or that [data] train would not find there.

    Raises:
        BadInput: the columns are others, or no name or pattern of [data] train means the place.
    """
    read_file(project, str(file.resolve()))
    if not _is_read(project, place):
        raise BadInput(
            f"[data] train does not read {place}, where the new rows would lie.",
            fix=f'Add "{FOLDER}/*{file.suffix}" to train under [data].',
        )


def _require_same(target: Path, file: Path, place: str) -> None:
    if digest_file(target) != digest_file(file):
        raise BadInput(
            f"{place} is there already, with other rows than {file}.",
            fix="Move it away, or name it if it is the one that you mean.",
        )


def _is_read(project: Project, place: str) -> bool:
    train = read_settings(project.folder).data.train  # as written, with its patterns
    return any(_means(pattern, place) for pattern in train)


def _means(pattern: str, place: str) -> bool:
    """Whether a pattern means a place; unlike in a shell's `case`, no star spans folders."""
    wanted, parts = pattern.split("/"), place.split("/")
    return len(wanted) == len(parts) and all(map(fnmatch, parts, wanted))


def _within(project: Project, file: Path) -> str | None:
    whole, home = file.resolve(), project.folder.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else None


def require_drawn_by_chance(file: Path) -> None:
    """Refuse as a test what was picked because a model was likely wrong on it.

    Raises:
        BadInput: the file has the column in which `surpass collect` says why it picked a row.
    """
    rows = read_rows(file).frame
    if WHY in rows.columns and rows[WHY].is_not_null().any():
        raise BadInput(
            f"{file} has rows that were picked for training (column `{WHY}`): on rows on which the "
            "champion was likely wrong, hardly any challenger loses.",
            fix="Name the slice that was drawn by chance as --test, and this file as --rows.",
        )


def put(project: Project, file: Path, place: str) -> None:
    """Copy the file to its place; a copy that is there already stays."""
    target = project.folder / place
    if target.exists():
        _require_same(target, file, place)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, file.read_bytes())


def require_as_started(project: Project, start: CycleStarted) -> None:
    """The rows of a running cycle must be those that it began with.

    Raises:
        Refused: a file was edited, or is gone.
    """
    for place, digest in ((start.rows, start.rows_digest), (start.test, start.test_digest)):
        if place is None:
            continue
        path = project.folder / place
        if not path.is_file() or digest_file(path) != digest:
            raise Refused(
                f"{place} is not what cycle {start.number} began with.",
                fix="Restore it, or end the cycle with `surpass retrain --stop REASON`.",
            )
