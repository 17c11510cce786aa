"""surpass label: rows to label in our page, who may answer, and what the answers amount to."""

from typing import NamedTuple

import msgspec

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_record, digest_text
from surpass.core.environment import now
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.rating import Queue, Task
from surpass.core.wording import counted
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.agreed import rows_answered
from surpass.people.form import Item
from surpass.people.labelling import Picked, dealt, task_of
from surpass.steps.check import open_examples
from surpass.steps.labelling.audit import NAME as AUDIT
from surpass.steps.labelling.audit import keep_audit
from surpass.steps.labelling.audit_result import last_audit, said_of_audit
from surpass.steps.labelling.data import label_data
from surpass.steps.labelling.queue import (
    Source,
    blinded,
    chosen_rows,
    guideline,
    relative,
    with_annotators,
)
from surpass.steps.labelling.results import results_of
from surpass.steps.labelling.rows import Wanted as WantedRows
from surpass.steps.labelling.rows import form_of
from surpass.steps.personal_links import give_links, withdraw_links
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.tell.label import results_account
from surpass.store.annotations import Annotations, in_force, only_labels
from surpass.store.tasks import TaskStore

__all__ = [
    "Started",
    "Wanted",
    "adjudicate",
    "label_results",
    "only_labels",
    "require_queue",
    "start",
    "withdraw",
]


class Wanted(NamedTuple):
    """What is to be labelled, by how many."""

    rows: WantedRows = WantedRows()
    uncertain: bool = False  # True: rows of the file of which a linear model is least sure
    annotators: int | None = None  # none: as [labelling] says
    anew: bool = False  # True: make new tasks where there are some
    new_links: bool = False  # True: withdraw all links and make new ones
    audit: int | None = None  # instead: so many training rows, drawn by chance alone


class Started(NamedTuple):
    """The tasks, and secrets of the links made just now (none where they were made before)."""

    queue: Queue
    secrets: dict[str, str]  # annotator -> secret; shown once


def start(project: Project, wanted: Wanted) -> Started:
    """Make tasks and links, or find those that are there.

    Raises:
        BadInput: no such rows, or there are other tasks already.
    """
    store = TaskStore(project.folder, "label")
    queue = store.queue()
    source = Source(wanted.rows, wanted.uncertain, wanted.audit)
    if queue is not None and not wanted.anew:
        _require_same(project, queue, source, wanted.annotators)
        queue = _without_sealed(project, queue)
        store.put_queue(queue)
        people = tuple(queue.tasks) if wanted.new_links else ()
        return Started(queue, _links(project, store, queue, people))
    queue = _queue(with_annotators(project, wanted.annotators), source)
    if wanted.audit is not None:
        keep_audit(project, queue)
    store.put_links(())
    store.put_queue(queue)
    return Started(queue, _links(project, store, queue, tuple(queue.tasks)))


def adjudicate(project: Project) -> Started:
    """Give one more person every row about which annotators disagree; nobody's answer is shown.

    Raises:
        CannotTell: annotators disagree on nothing.
    """
    store = TaskStore(project.folder, "label")
    queue = store.queue()
    answered = rows_answered(in_force(Annotations(project.folder).all()))
    disputed = {row.row: row.digest for row in answered if row.is_disputed}
    if not disputed:
        raise CannotTell(
            "Annotators disagree on nothing.", fix="Let several of them label the same rows."
        )
    tasks = tuple(_again(project, queue, disputed))
    if not tasks:
        raise BadInput(
            f"{counted(len(disputed), 'row')} are disputed; the inputs of none are at hand.",
            fix="Restore the files that they came from.",
        )
    queue = _with_adjudicator(project, queue, tasks)
    store.put_queue(queue)
    return Started(queue, _links(project, store, queue, (ADJUDICATOR,)))


def withdraw(project: Project, annotator: str) -> int:
    """Make an annotator's links useless from now on; returns how many there were.

    Raises:
        BadInput: there are no tasks, or no such annotator.
    """
    store = TaskStore(project.folder, "label")
    return withdraw_links(store, require_queue(store), annotator)


def require_queue(store: TaskStore) -> Queue:
    """The queue in force.

    Raises:
        BadInput: there is none.
    """
    queue = store.queue()
    if queue is None:
        raise BadInput("There are no rows to label yet.", fix="Run `surpass label start`.")
    return queue


def label_results(project: Project) -> Account:
    """What `surpass label results` says of all that annotators said, here or elsewhere.

    Raises:
        CannotTell: nobody has answered anything.
    """
    annotations = in_force(Annotations(project.folder).all())
    if not annotations:
        raise CannotTell("Nobody has labelled anything yet.", fix="Run `surpass label start`.")
    free_text = project.settings.kind in {"generate", "code"}
    found = results_of(annotations, project.settings.labelling.seed, free_text=free_text)
    audit = last_audit(project)
    told = results_account(found, msgspec.structs.replace(label_data(found), audit=audit))
    if audit is None:
        return told
    return msgspec.structs.replace(told, text=(*told.text, said_of_audit(audit)))


def _queue(project: Project, source: Source) -> Queue:
    section = project.settings.labelling
    chosen = chosen_rows(project, source)
    picked = blinded(project, chosen.picked)
    at = now()
    notes = list(chosen.notes)
    if len(picked) < section.rows and source.name not in {"all", AUDIT}:
        notes.append(f"{section.rows} rows were asked for; there are {len(picked)}.")
    if section.overlap and section.annotators < section.overlap_annotators:
        notes.append("One annotator labels alone: how far people agree will not be known.")
    return Queue(
        id=digest_record([at, section, source.name, [one.item.row for one in picked]])[:16],
        at=at,
        seed=section.seed,
        models=(),
        tasks=dealt(picked, chosen.form, section),
        title=project.settings.task.name,
        guideline=guideline(project),
        eligible=len(picked),
        notes=tuple(notes),
        side="pool" if source.is_pool else "files",
        source=_named(project, source),
    )


def _without_sealed(project: Project, queue: Queue) -> Queue:
    """The queue without rows that were sealed as test since it was made."""
    if queue.side == "pool" or last_seal(project) is None:
        return queue
    still_open = set(open_examples(project)[columns.ROW])
    tasks = {
        person: tuple(task for task in hand if task.item in still_open)
        for person, hand in queue.tasks.items()
    }
    left = {task.item for hand in tasks.values() for task in hand}
    gone = {task.item for hand in queue.tasks.values() for task in hand} - left
    if not gone:
        return queue
    note = f"{counted(len(gone), 'row was', 'rows were')} sealed as test since: not asked any more."
    return msgspec.structs.replace(
        queue, tasks=tasks, eligible=len(left), notes=(*queue.notes, note)
    )


def _named(project: Project, source: Source) -> str:
    rows = source.wanted.rows
    return source.name if rows is None else relative(project, rows)


def _require_same(project: Project, queue: Queue, source: Source, annotators: int | None) -> None:
    """Tasks that are there are not silently used for something else."""
    people = len(set(queue.tasks) - {ADJUDICATOR})
    others = source.name != "all" and _named(project, source) != queue.source
    if others or annotators not in (None, people):
        raise BadInput(
            f"There are tasks already: {counted(queue.eligible, 'row')} of {queue.source}, "
            f"{counted(people, 'annotator')}.",
            fix="Add --anew to make new ones; answers that were given are kept.",
        )


def _links(
    project: Project, store: TaskStore, queue: Queue, people: tuple[str, ...]
) -> dict[str, str]:
    return give_links(store, queue, people, project.settings.labelling.link_days)


def _again(project: Project, queue: Queue | None, disputed: dict[str, str]) -> list[Task]:
    """A task for each disputed row (row -> digest of its input): of the queue, or made anew."""
    known: dict[tuple[str, str], Task] = {}
    for tasks in queue.tasks.values() if queue else ():
        known |= {(task.item, digest_text(task.payload.asked)): task for task in tasks}
    named = [
        msgspec.structs.replace(known[one], id=_tied_to_row(one[0]), purpose="adjudicate")
        for one in disputed.items()
        if one in known
    ]
    missing = {row: digest for row, digest in disputed.items() if (row, digest) not in known}
    if not missing:
        return named
    form, examples = form_of(project), open_examples(project)
    for row, text in zip(examples[columns.ROW], examples[columns.INPUT], strict=True):
        if missing.get(row) == digest_text(text):
            one = Picked(Item(row, digest_text(text), text), "disputed")
            named.append(task_of(one, form, _tied_to_row(row), "adjudicate"))
    return named


def _with_adjudicator(project: Project, queue: Queue | None, tasks: tuple[Task, ...]) -> Queue:
    """The queue with one more person; a new one where all answers came from other programs."""
    if queue is not None:
        return msgspec.structs.replace(queue, tasks={**queue.tasks, ADJUDICATOR: tasks})
    at = now()
    return Queue(
        id=digest_record([at, [task.id for task in tasks]])[:16],
        at=at,
        seed=project.settings.labelling.seed,
        models=(),
        tasks={ADJUDICATOR: tasks},
        title=project.settings.task.name,
        guideline=guideline(project),
        eligible=len(tasks),
        source="disputed rows",
    )


def _tied_to_row(row: str) -> str:
    """The adjudicator's task of a row: the same one when more rows come to be disputed."""
    return f"adjudicate-{digest_text(row)[:12]}"
