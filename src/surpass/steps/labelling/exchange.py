"""surpass label export, import, push and pull: rows to other programs, and their answers back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from surpass.core.account import Account
from surpass.core.environment import label_studio, now
from surpass.core.errors import BadInput, BadMachine
from surpass.core.records.annotation import Annotation
from surpass.core.wording import counted
from surpass.people import prodigy
from surpass.people.fresh import fresh
from surpass.people.label_studio import tasks as label_studio_tasks
from surpass.people.label_studio.client import Held, LabelStudio
from surpass.people.label_studio.configuration import configuration, missing_from
from surpass.steps.labelling.rows import Wanted, asked, form_of, standing, without_sealed
from surpass.steps.project import Project
from surpass.store.annotations import Annotations, only_labels
from surpass.store.durable import write_file

Program = Literal["label-studio", "prodigy"]
_SHOWN_UNREAD = 3
_LONGEST_TITLE = 50  # of a project there, and at least 3 characters
_NEXT = "surpass label results"


def export_to(project: Project, file: Path, program: Program, wanted: Wanted) -> Account:
    """Write rows as another program's tasks.

    Raises:
        BadInput: there are no such rows.
    """
    what = without_sealed(project, asked(project, wanted))
    if program == "prodigy":
        lines = [msgspec.json.encode(prodigy.task_of(item, what.form)) for item in what.items]
        write_file(file, b"".join(line + b"\n" for line in lines))
        how = (
            "In Prodigy: see the page prodigy.md for the recipe; the answers are `prodigy db-out`."
        )
    else:
        tasks = [label_studio_tasks.task_of(item, what.form) for item in what.items]
        interface = file.with_suffix(".xml")
        write_file(file, msgspec.json.format(msgspec.json.encode(tasks)))
        write_file(interface, configuration(what.form).encode("utf-8"))
        how = (
            f"In Label Studio: make a project, paste {interface} as its labelling interface, and "
            "import the tasks; afterwards export as JSON."
        )
    return Account(
        title="Label",
        headline=f"{counted(len(what.items), 'row')} written to {file}.",
        text=(how, *what.notes),
        next_command="surpass label import FILE",
    )


def import_from(project: Project, file: Path) -> Account:
    """Take in the answers of an exported file that are new; its content says which program's it is.

    Raises:
        BadInput: no such file, or none that was made of tasks of ours.
        BadMachine: another process is writing annotations.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).", fix="Name a file.") from None
    if not content.strip():
        raise BadInput(f"{file} is empty.", fix="Name an export with answers.")
    form = form_of(project)
    if content.lstrip()[:1] == b"[":
        read = label_studio_tasks.read_export(content, form, str(file))
        return _taken_in(project, read.annotations, read.unread)
    lines = prodigy.read_export(content, form, str(file), now=now())
    return _taken_in(project, lines.annotations, lines.unread)


def push(
    project: Project, url: str | None, number: int | None, wanted: Wanted, *, people: int
) -> Account:
    """Put rows into a project of a Label Studio; rows that are there as they are stay.

    Args:
        project: Ours.
        url: Address of the server; none: as the environment says.
        number: Of the project there; none: a new one.
        wanted: Which rows.
        people: How many annotate each row of a new project.

    Raises:
        BadInput: no address or token, a token that is refused, or another labelling interface.
        BadMachine: the server cannot be reached.
    """
    if people < 1:
        raise BadInput(f"{people} people cannot label a row.", fix="Name at least 1.")
    server = _server(url)
    what = without_sealed(project, asked(project, wanted))
    if number is None:
        title = f"surpass: {project.settings.task.name}"[:_LONGEST_TITLE]
        number = server.create_project(title, configuration(what.form), people)
        held: set[Held] = set()
    else:
        _require_interface(missing_from(server.configuration(number), what.form), number)
        held = server.held(number)
    new = [item for item in what.items if Held(item.row, item.digest) not in held]
    tasks = [label_studio_tasks.task_of(item, what.form) for item in new]
    try:
        taken = server.add_tasks(number, tasks)
    except BadMachine as error:
        again = f"Run it again with --project {number}; what was taken in is not sent twice."
        raise BadMachine(str(error.args[0]), fix=again) from None
    there = len(what.items) - len(new)
    return Account(
        title="Label",
        headline=f"{counted(taken, 'row')} put into project {number} of {server.url}.",
        text=((f"{counted(there, 'row was', 'rows were')} there already.",) if there else ())
        + what.notes,
        warnings=_plain_warning(server.url),
        next_command=f"surpass label pull --project {number}",
    )


def pull(project: Project, url: str | None, number: int) -> Account:
    """Take in what people said in a Label Studio; asking again takes in only what is new.

    Raises:
        BadInput: no address or token, a token that is refused, or a project of other tasks.
        BadMachine: the server cannot be reached, or another process is writing annotations.
    """
    server = _server(url)
    content = server.export(number)
    where = f"project {number} of {server.url}"
    read = label_studio_tasks.read_export(content, form_of(project), where)
    return _taken_in(project, read.annotations, read.unread, _plain_warning(server.url))


def _taken_in(
    project: Project, given: list[Annotation], unread: list[str], warnings: tuple[str, ...] = ()
) -> Account:
    """Keep what is new, and say what it amounts to."""
    store = Annotations(project.folder)
    with only_labels(project.folder):
        new = fresh(given, store.all())
        for one in new:
            store.add(one)
    people = len({one.by for one in given})
    stale, elsewhere = standing(project, given)
    text = [f"{counted(len(given) - len(new), 'answer was', 'answers were')} here already."]
    if stale:
        text.append(
            f"{counted(stale, 'answer is', 'answers are')} stale: the row has changed since. They "
            "are kept and not applied; push the row again."
        )
    if elsewhere:
        text.append(
            f"{counted(elsewhere, 'answer is', 'answers are')} about rows that [data] does not "
            "have, or that are sealed as test; they are kept."
        )
    return Account(
        title="Label",
        headline=f"{counted(len(new), 'new answer')} of {counted(people, 'annotator')} taken in"
        f"{_by_verdict(new)}.",
        text=tuple(text),
        warnings=(*warnings, *_unread(unread)),
        next_command=_NEXT,
    )


def _by_verdict(annotations: Sequence[Annotation]) -> str:
    verdicts = [one.verdict for one in annotations]
    parts = [f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts)]
    return f": {', '.join(parts)}" if parts else ""


def _unread(sentences: list[str]) -> tuple[str, ...]:
    if not sentences:
        return ()
    more = f" (and {len(sentences) - _SHOWN_UNREAD} more)" if len(sentences) > _SHOWN_UNREAD else ""
    said = "; ".join(sentences[:_SHOWN_UNREAD])
    return (f"{counted(len(sentences), 'answer')} could not be taken in: {said}{more}.",)


def _server(url: str | None) -> LabelStudio:
    known, token = label_studio()
    address = url or known
    if address is None:
        raise BadInput(
            "No Label Studio is named.", fix="Give --url, or set LABEL_STUDIO_URL to its address."
        )
    if token is None:
        raise BadInput(
            "There is no token for Label Studio.",
            fix="Set LABEL_STUDIO_API_KEY to a personal access token of that server.",
        )
    return LabelStudio(address, token)


def _require_interface(missing: list[str], number: int) -> None:
    if missing:
        raise BadInput(
            f"The labelling interface of project {number} lacks {', '.join(map(repr, missing))}.",
            fix="Paste the interface that `surpass label export` writes, or push into a new "
            "project.",
        )


def _plain_warning(url: str) -> tuple[str, ...]:
    """The token travels readable over plain http, unless it stays on this machine."""
    local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    if url.startswith("https://") or url.startswith(local):
        return ()
    return (f"{url} is not encrypted: the token can be read on its way.",)
