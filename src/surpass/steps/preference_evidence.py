"""What people, and a judge, said of a model's answers: what a sealed preference rests on."""

from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core.columns import GROUP, ROW
from surpass.core.digest import digest_record
from surpass.core.judgements import ITEM, PURPOSE
from surpass.core.records.judging import JudgeFinished, labels_came_first
from surpass.core.records.rating import Queue, Rating
from surpass.core.wording import counted
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.standing import in_force
from surpass.prove.evidence import Unknown
from surpass.prove.preference import Preferences
from surpass.steps.answer_recipe import Side
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.judging.results import judged_rows
from surpass.steps.judging.rubric import named_judge
from surpass.steps.project import Project
from surpass.steps.rating.frames import frames
from surpass.store.judged import JudgedStore
from surpass.store.tasks import TaskStore

_START = "Let people compare: `surpass rate start`, on the sealed test with --on-test."


class Said(NamedTuple):
    """What a preference rests on, and what names it."""

    evidence: Preferences | Unknown | None  # none: no criterion asks for it
    digest: str  # empty where there is nothing to name


def preference_evidence(project: Project, of: str) -> Said:
    """What was said of this model's answers.

    It counts when every task is answered or skipped, so that nobody stops at a lucky moment.

    Raises:
        BadInput: a criterion rests on a judge, and none is named.
    """
    if not project.settings.criteria_in_force.preference:
        return Said(None, "")
    store = TaskStore(project.folder)
    queue = store.queue()
    if queue is None or queue.side not in {"valid", "test"} or queue.models[-1] != of:
        return _unknown(f"people were not asked to compare answers of `{of}`", _START)
    side: Side = "test" if queue.side == "test" else "valid"
    evaluated = stored_evaluation(project, of, side)
    if evaluated is None or evaluated.candidate != queue.candidate:
        return _unknown("people compared answers of an earlier model", _START)
    ratings = in_force(one for one in store.ratings() if one.queue == queue.id)
    open_tasks = _open(queue, ratings)
    if open_tasks:
        told = f"{counted(open_tasks, 'comparison is', 'comparisons are')} still to be answered"
        return _unknown(told, "Let raters finish: `surpass rate start`.")
    comparisons = frames(ratings.values()).comparisons.filter(pl.col(PURPOSE) == "rate")
    groups = evaluated.predictions.select(pl.col(ROW).alias(ITEM), GROUP)
    found = Preferences(
        model=queue.models[1],
        against=queue.models[0],
        comparisons=comparisons.join(groups, on=ITEM, how="left", maintain_order="left"),
        side=side,
    )
    finished = _finished(project, queue)
    name = digest_record([list(ratings.values()), finished.recipe if finished else None])
    if finished is None:
        return Said(found, name)
    first = labels_came_first(JudgedStore(project.folder).lines(), finished)
    judged = judged_rows(finished, comparisons, found.model, labels_first=first)
    return Said(msgspec.structs.replace(found, judged=judged), name)


def _unknown(reason: str, fix: str) -> Said:
    """It has a digest too: when more is known, the verdict is another one."""
    return Said(Unknown(reason, fix), digest_record(reason))


def _open(queue: Queue, ratings: dict[str, Rating]) -> int:
    """Comparisons that somebody has neither answered nor skipped."""
    tasks = [task for who, hand in queue.tasks.items() if who != ADJUDICATOR for task in hand]
    return sum(task.id not in ratings for task in tasks)


def _finished(project: Project, queue: Queue) -> JudgeFinished | None:
    """What the named judge, and no other, said of the same answers."""
    if all(one.by != "judge" for one in project.settings.criteria_in_force.preference):
        return None
    name = named_judge(project)
    found = [
        one
        for one in JudgedStore(project.folder).finished()
        if one.queue == queue.id and one.judge == name
    ]
    return found[0] if found else None  # the first: asking again until it suits changes nothing
