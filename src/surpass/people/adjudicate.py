"""Rows on which raters disagree, as tasks for one more person who settles them."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from surpass.core.records.rating import Pairwise, Preferred, Queue, Rating, Task
from surpass.people.deal import Ask, Turn, sided

ADJUDICATOR = "adjudicator"
TIE, BOTH_BAD = "tie", "both bad"


def chosen(rating: Rating) -> str | None:
    """The model that was preferred, "tie" or "both bad"; none where no side was chosen."""
    if not isinstance(rating.said, Preferred):
        return None
    match rating.said.choice:
        case "left":
            return rating.behind.left
        case "right":
            return rating.behind.right
        case other:
            return other


def disputed(ratings: Iterable[Rating]) -> dict[str, dict[str, str]]:
    """Item -> rater -> choice, for items on which two people chose differently."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for rating in ratings:
        choice = chosen(rating)
        if choice is not None and rating.purpose == "rate":
            said[rating.item][rating.rater] = choice
    return {item: by for item, by in said.items() if len(set(by.values())) > 1}


def adjudication(queue: Queue, ratings: Iterable[Rating], seed: int) -> tuple[Task, ...]:
    """A task for every disputed item, with the sides dealt anew; nobody's choice is shown."""
    items = disputed(ratings)
    asks: dict[str, Ask] = {}
    for task in (task for tasks in queue.tasks.values() for task in tasks):
        if task.item in items and task.purpose == "rate" and isinstance(task.payload, Pairwise):
            asks.setdefault(task.item, _ask_of(task, task.payload))
    turns = [Turn(ask, "adjudicate") for ask in asks.values()]
    return tuple(sided(turns, "adjudicate", np.random.default_rng(seed)))


def settled(ratings: Iterable[Rating]) -> dict[str, str]:
    """Item -> what was decided about it."""
    found = {}
    for rating in ratings:
        choice = chosen(rating)
        if choice is not None and rating.purpose == "adjudicate":
            found[rating.item] = choice
    return found


def _ask_of(task: Task, payload: Pairwise) -> Ask:
    return Ask(
        item=task.item,
        asked=payload.asked,
        reference=payload.reference,
        answers=(payload.left, payload.right),
        models=(task.behind.left, task.behind.right),
        stratum=task.behind.stratum,
    )
