"""Who is asked what, in which order and with which side left: a seeded plan of tasks."""

import math
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.records.rating import Behind, Pairwise, Purpose, Scales, Task
from surpass.core.settings.rating import Rating
from surpass.people.candidates import FIRST, SECOND, STRATUM

GOLD_RIGHT, GOLD_WRONG = "the expected answer", "another row's expected answer"
LEAST_FOR_EXTRAS = 10  # a person with fewer tasks gets neither gold nor repeated ones


class Ask(NamedTuple):
    """Two answers to one row, before a side was chosen for either."""

    item: str
    asked: str
    reference: str | None
    answers: tuple[str, str]
    models: tuple[str, str]
    stratum: str
    known: bool = False  # True: the first is the better one


class Turn(NamedTuple):
    """One comparison in a person's order."""

    ask: Ask
    purpose: Purpose


def dealt(
    rows: pl.DataFrame, models: tuple[str, str], rating: Rating
) -> dict[str, tuple[Task, ...]]:
    """Everybody's tasks: comparisons first, then single answers on the scales.

    A share of the rows goes to several raters, the others to one each, as evenly as they go. Every
    rater sees each model left equally often (off by one at most), in an order of their own, and
    among the comparisons some whose answer is known and some again with the sides swapped.

    Args:
        rows: As `candidates.drawn` gives them, in random order.
        models: Names of the first and the second model; no task's payload holds them.
        rating: The [rating] section.
    """
    rng = np.random.default_rng(rating.seed)
    asks = [_ask(row, models) for row in rows.iter_rows(named=True)]
    gold = _gold(rows)
    tasks: dict[str, tuple[Task, ...]] = {}
    for number, hand in enumerate(hands(len(asks), rating), 1):
        turns = _order([asks[place] for place in hand], gold, rating, rng)
        scaled = [asks[place] for place in hand if place < rating.scaled]
        compared = sided(turns, f"r{number}", rng)
        scales = _scale_tasks(scaled, rating, f"r{number}s", rng)
        tasks[f"rater-{number}"] = (*compared, *scales)
    return tasks


def hands(items: int, rating: Rating) -> list[list[int]]:
    """Which items each rater gets: the first `overlap` of them go to several people.

    Loads differ by one task at most.
    """
    raters = rating.raters
    shared = math.ceil(rating.overlap * items)
    together = min(rating.overlap_raters, raters)
    found: list[list[int]] = [[] for _ in range(raters)]
    turn = 0
    for item in range(items):
        for _ in range(together if item < shared else 1):
            found[turn % raters].append(item)
            turn += 1
    return found


def sided(turns: list[Turn], prefix: str, rng: np.random.Generator) -> list[Task]:
    """Comparisons with their sides chosen: half of them swapped, a repeated one the other way."""
    purposes = [turn.purpose for turn in turns]
    sides = {one: iter(_half(purposes.count(one), rng)) for one in sorted(set(purposes))}
    before: dict[str, tuple[str, bool]] = {}
    tasks = []
    for place, (ask, purpose) in enumerate(turns, 1):
        name, repeats = f"{prefix}-{place:03d}", None
        if purpose == "repeat":
            repeats, was_swapped = before[ask.item]
            swapped = not was_swapped
        else:
            swapped = next(sides[purpose])
            before[ask.item] = (name, swapped)
        tasks.append(_pair_task(name, Turn(ask, purpose), repeats, swapped=swapped))
    return tasks


def _half(count: int, rng: np.random.Generator) -> list[bool]:
    """True for half of them (off by one at most), in random order."""
    half = rng.permutation(np.arange(count) % 2 == int(rng.integers(2)))
    return [bool(one) for one in half]


def _ask(row: dict[str, str | None], models: tuple[str, str]) -> Ask:
    return Ask(
        item=row[columns.ROW] or "",
        asked=row[columns.INPUT] or "",
        reference=row[columns.TARGET],
        answers=(row[FIRST] or "", row[SECOND] or ""),
        models=models,
        stratum=row[STRATUM] or "",
    )


def _gold(rows: pl.DataFrame) -> list[Ask]:
    """Comparisons with a known answer: a row's expected answer beside the next different one.

    None where expected answers are unknown, or all alike.
    """
    known = rows.filter(pl.col(columns.TARGET).is_not_null())
    targets = known[columns.TARGET].to_list()
    found = []
    for place, (asked, right) in enumerate(
        zip(known[columns.INPUT].to_list(), targets, strict=True)
    ):
        after = targets[place + 1 :] + targets[:place]
        wrong = next((text for text in after if text != right), None)
        if wrong is not None:
            item = f"gold-{place + 1}"
            models = (GOLD_RIGHT, GOLD_WRONG)
            # The expected answer can be looked up here too: without it, gold would be told by that.
            found.append(Ask(item, asked, right, (right, wrong), models, "", known=True))
    return found


def _order(
    asks: list[Ask], gold: list[Ask], rating: Rating, rng: np.random.Generator
) -> list[Turn]:
    """One person's comparisons in their order; what is asked again was asked long before."""
    turns = [Turn(asks[place], "rate") for place in rng.permutation(len(asks))]
    if len(turns) < LEAST_FOR_EXTRAS:
        return turns
    again = _extra(rating.repeats, len(turns))
    checks = min(_extra(rating.gold, len(turns)), len(gold))
    half = len(turns) // 2
    for place in rng.permutation(half)[:again]:
        late = int(rng.integers(half + place, len(turns) + 1))
        turns.insert(late, Turn(turns[place].ask, "repeat"))
    for place in rng.permutation(len(gold))[:checks]:
        turns.insert(int(rng.integers(1, len(turns) + 1)), Turn(gold[place], "gold"))
    return turns


def _extra(share: float, count: int) -> int:
    """How many tasks a share of others is; at least one where it is declared at all."""
    return max(1, round(share * count)) if share else 0


def _pair_task(name: str, turn: Turn, repeats: str | None, *, swapped: bool) -> Task:
    ask = turn.ask
    step = -1 if swapped else 1
    left, right = ask.answers[::step]
    behind = Behind(
        left=ask.models[::step][0],
        right=ask.models[::step][1],
        known=("right" if swapped else "left") if ask.known else None,
        repeats=repeats,
        stratum=ask.stratum,
        left_characters=len(left),
        right_characters=len(right),
    )
    payload = Pairwise(asked=ask.asked, left=left, right=right, reference=ask.reference)
    return Task(id=name, item=ask.item, purpose=turn.purpose, payload=payload, behind=behind)


def _scale_tasks(
    asks: list[Ask], rating: Rating, prefix: str, rng: np.random.Generator
) -> list[Task]:
    """Both answers of each row, one a screen, in random order."""
    single = [(ask, which) for ask in asks for which in (0, 1)]
    tasks = []
    for place, chosen in enumerate(rng.permutation(len(single)), 1):
        ask, which = single[chosen]
        payload = Scales(
            asked=ask.asked,
            answer=ask.answers[which],
            scales=rating.scales_in_force,
            reference=ask.reference,
        )
        behind = Behind(
            left=ask.models[which], stratum=ask.stratum, left_characters=len(ask.answers[which])
        )
        name = f"{prefix}-{place:03d}"
        tasks.append(Task(id=name, item=ask.item, purpose="rate", payload=payload, behind=behind))
    return tasks
