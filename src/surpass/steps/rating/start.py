"""surpass rate: make tasks and links, and say what the answers amount to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_record, digest_text, short
from surpass.core.environment import now
from surpass.core.errors import BadInput, CannotTell, Refused
from surpass.core.records.rating import Queue, Rating
from surpass.core.settings.rating import Rating as Section
from surpass.people.adjudicate import ADJUDICATOR, adjudication
from surpass.people.candidates import Candidates, candidates, drawn
from surpass.people.deal import dealt
from surpass.people.standing import in_force
from surpass.steps.judging.results import judge_beside
from surpass.steps.personal_links import give_links, withdraw_links
from surpass.steps.project import Project
from surpass.steps.rating.data import rate_data
from surpass.steps.rating.frames import frames
from surpass.steps.rating.results import results_of
from surpass.steps.rating.sides import sides, sides_on_test
from surpass.steps.seal_in_force import require_seal
from surpass.steps.tell.rate import results_account
from surpass.store.lock import only_command
from surpass.store.tasks import TaskStore


class Wanted(NamedTuple):
    """What is to be compared, by whom."""

    files: tuple[Path, Path] | None = None  # of answers; none: base and tuned model on valid
    raters: int | None = None  # none: as [rating] says
    anew: bool = False  # True: make new tasks where there are some
    new_links: bool = False  # True: withdraw all links and make new ones
    on_test: bool = False  # True: compare answers to test rows, once


class Started(NamedTuple):
    """The tasks, and secrets of the links made just now (none where they were made before)."""

    queue: Queue
    secrets: dict[str, str]  # rater -> secret; shown once
    made: bool  # False: the tasks were there already


@contextmanager
def only_desk(project: Project) -> Iterator[None]:
    """Hold the tasks of a project while the block runs; other commands may go on in the project.

    Raises:
        BadMachine: raters are served by another process.
    """
    with only_command(TaskStore(project.folder).home):
        yield


def start(project: Project, wanted: Wanted) -> Started:
    """Make tasks and links, or find those that are there.

    Raises:
        BadInput: nothing that could be compared.
        Refused: a model has no answers yet.
    """
    store = TaskStore(project.folder)
    queue = store.queue()
    if queue is not None and not wanted.anew:
        _require_same(queue, wanted)
        secrets = _links(project, queue, tuple(queue.tasks)) if wanted.new_links else {}
        return Started(queue, secrets, made=False)
    begun = queue is not None or bool(store.ratings())
    queue = _queue(project, wanted)
    if queue.side == "test":
        _say_who_reads(project, queue, begun=begun)
    store.put_links(())
    store.put_queue(queue)
    return Started(queue, _links(project, queue, tuple(queue.tasks)), made=True)


def adjudicate(project: Project) -> Started:
    """Give one more person every comparison on which raters disagree.

    Raises:
        CannotTell: raters disagree on nothing.
    """
    store = TaskStore(project.folder)
    queue = require_queue(store)
    ratings = _counting(store, queue.id)
    tasks = adjudication(queue, ratings, queue.seed)
    if not tasks:
        raise CannotTell("Raters disagree on nothing.", fix="Let more of them rate the same rows.")
    named = tuple(msgspec.structs.replace(task, id=_tied_to_item(task.item)) for task in tasks)
    queue = msgspec.structs.replace(queue, tasks={**queue.tasks, ADJUDICATOR: named})
    store.put_queue(queue)
    return Started(queue, _links(project, queue, (ADJUDICATOR,)), made=True)


def withdraw(project: Project, rater: str) -> int:
    """Make a rater's links useless from now on; returns how many there were.

    Raises:
        BadInput: there is no such rater.
    """
    store = TaskStore(project.folder)
    return withdraw_links(store, require_queue(store), rater)


def rating_results(project: Project) -> Account:
    """What `surpass rate results` says of the newest tasks that anybody answered.

    Raises:
        CannotTell: nobody has answered anything.
    """
    store = TaskStore(project.folder)
    queue, chosen = store.queue(), _newest_answered(store)
    if chosen is None:
        raise CannotTell("Nobody has rated anything yet.", fix="Run `surpass rate start`.")
    counting = _counting(store, chosen)
    said = frames(counting)
    results = results_of(said, counting, project.settings.rating.seed)
    judge = judge_beside(project, chosen, said.comparisons, results.second)
    of = queue if queue is not None and queue.id == chosen else None
    return msgspec.structs.replace(
        results_account(results, of, judge), data=rate_data(results, judge)
    )


def said_of(project: Project) -> set[str]:
    """Models whose answers `rating_results` is about; none where nobody has rated."""
    store = TaskStore(project.folder)
    chosen = _newest_answered(store)
    return {
        name
        for one in (_counting(store, chosen) if chosen else [])
        if one.purpose == "rate"
        for name in (one.behind.left, one.behind.right)
    }


def _newest_answered(store: TaskStore) -> str | None:
    """The tasks in force, if anybody has answered them, else those answered last."""
    ratings, queue = store.ratings(), store.queue()
    if queue is not None and any(one.queue == queue.id for one in ratings):
        return queue.id
    return ratings[-1].queue if ratings else None


def _queue(project: Project, wanted: Wanted) -> Queue:
    section = project.settings.rating
    if wanted.raters is not None:
        if wanted.raters < 1:
            raise BadInput(f"{wanted.raters} raters cannot rate.", fix="Name at least 1.")
        section = msgspec.structs.replace(section, raters=wanted.raters)
    _require_different_scales(section)
    compared = sides_on_test(project) if wanted.on_test else sides(project, wanted.files)
    strata = section.strata or project.settings.data.slices
    found = candidates(compared.first, compared.second, strata)
    rows = drawn(found.frame, section.items, section.seed)
    tasks = dealt(rows, compared.names, section)
    at = now()
    return Queue(
        id=digest_record([at, section, compared.names, rows[columns.ROW].to_list()])[:16],
        at=at,
        seed=section.seed,
        models=compared.names,
        tasks=tasks,
        title=project.settings.task.name,
        guideline=_guideline(project, section),
        eligible=found.eligible,
        alike=found.alike,
        notes=_notes(section, rows, found),
        side=compared.side,
        candidate=compared.candidate,
    )


def _say_who_reads(project: Project, queue: Queue, *, begun: bool) -> None:
    """That people are to read test rows is in the ledger before they are dealt any.

    Raises:
        Refused: the test was shown, or people were dealt rows of it already: a second draw would be
            a second look.
    """
    block = require_seal(project)[1].block
    project.sealed.require_unseen(block)
    if begun and project.sealed.rated(block):
        raise Refused(
            f"People were dealt rows of test block {short(block)} already; a second draw would be "
            "a second look.",
            fix="Go on with those tasks, `surpass rate start`, or bring new test rows: "
            "`surpass split --extend-test FILE`.",
        )
    project.sealed.open(block, candidate=queue.candidate, purpose="rate")


def _require_different_scales(section: Section) -> None:
    names = [scale.name for scale in section.scales]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadInput(f"[rating] has two scales named {twice[0]!r}.", fix="Rename one of them.")


def _notes(section: Section, rows: pl.DataFrame, found: Candidates) -> tuple[str, ...]:
    """What could not be done as declared."""
    notes = []
    if rows.height < section.items:
        notes.append(
            f"{section.items} comparisons were asked for; the two models' answers differ on "
            f"{found.frame.height} rows."
        )
    if section.raters < section.overlap_raters:
        notes.append(
            f"{section.overlap_raters} people were to see the same rows; there are "
            f"{section.raters}."
        )
    if section.gold and rows[columns.TARGET].n_unique() < 2:
        notes.append("No comparison has a known answer: expected answers are missing or alike.")
    return tuple(notes)


def _guideline(project: Project, section: Section) -> str:
    if section.guideline is None:
        return ""
    path = project.folder / section.guideline
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"[rating] guideline names {section.guideline}, which cannot be read ({error}).",
            fix="Write that file as UTF-8, or remove the key.",
        ) from None


def _links(project: Project, queue: Queue, raters: tuple[str, ...]) -> dict[str, str]:
    days = project.settings.rating.link_days
    return give_links(TaskStore(project.folder), queue, raters, days)


def _counting(store: TaskStore, queue: str) -> list[Rating]:
    """The answers to a queue that count."""
    return list(in_force(one for one in store.ratings() if one.queue == queue).values())


def require_queue(store: TaskStore) -> Queue:
    """The queue in force.

    Raises:
        BadInput: there is none.
    """
    queue = store.queue()
    if queue is None:
        raise BadInput("There are no tasks yet.", fix="Run `surpass rate start`.")
    return queue


def _require_same(queue: Queue, wanted: Wanted) -> None:
    """Tasks that are there are not silently used for something else."""
    raters = len(set(queue.tasks) - {ADJUDICATOR})
    other_rows = wanted.on_test and queue.side != "test"
    if other_rows or wanted.files is not None or wanted.raters not in (None, raters):
        raise BadInput(
            f"There are tasks already: {' and '.join(queue.models)}, {raters} raters.",
            fix="Add --anew to make new ones; answers that were given are kept.",
        )


def _tied_to_item(item: str) -> str:
    """The adjudicator's task of an item: the same one when more items come to be disputed."""
    return f"adjudicate-{digest_text(item)[:12]}"
