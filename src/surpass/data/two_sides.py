"""Who and when of contradictions: the two answers that meet most often, and what separates them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from surpass.core.wording import counted
from surpass.data.checks.result import shortened
from surpass.data.sides import FEWEST, Cut, Person, date_between, person_between

_MOST_PAIRS = 5  # of answers that are looked at
_MOST_ROWS = 400  # of one pair of answers


class Sides(NamedTuple):
    """All rows of inputs that were answered in these two ways."""

    field: str  # "" where the answer is one label
    answers: tuple[str, str]  # in alphabetical order
    inputs: list[int]  # which input each row has
    places: list[int]  # the rows
    second: list[bool]  # whether the row has the second answer


def separations(
    groups: Sequence[Sequence[int]],
    claims: dict[str, Sequence[str]],
    moments: Sequence[datetime | None],
    people: Sequence[str | None],
) -> Iterator[str]:
    """A sentence for every pair of answers that a date or a person separates.

    Args:
        groups: Positions of rows with one input.
        claims: What each row asserts, by field.
        moments: When each row came about.
        people: Who answered each row.
    """
    pairs = _pairs(groups, claims)
    tests = 2 * len(pairs)
    for pair in pairs:
        inputs, second = np.array(pair.inputs), np.array(pair.second)
        when = date_between(inputs, second, [moments[p] for p in pair.places], tests=tests)
        who = person_between(inputs, second, [people[p] for p in pair.places], tests=tests)
        if when is not None:
            yield _dated(pair, when)
        if who is not None:
            yield _named(pair, who)


def _pairs(groups: Sequence[Sequence[int]], claims: dict[str, Sequence[str]]) -> list[Sides]:
    """The pairs of answers that most rows are about, those with enough rows to show anything."""
    found: dict[tuple[str, str, str], list[tuple[int, int, bool]]] = defaultdict(list)
    for number, members in enumerate(groups):
        for field, values in claims.items():
            said = Counter(values[place] for place in members)
            if len(said) < 2:
                continue
            usual = sorted(said, key=lambda value: (-said[value], value))[:2]
            first, second = sorted(usual)
            found[field, first, second] += [
                (number, place, values[place] == second)
                for place in members
                if values[place] in usual
            ]
    enough = [(key, rows) for key, rows in found.items() if len(rows) >= FEWEST]
    enough.sort(key=lambda one: (-len(one[1]), one[0]))
    made = []
    for (field, *answers), rows in enough[:_MOST_PAIRS]:
        shown = rows[:_MOST_ROWS]
        made.append(
            Sides(
                field=field,
                answers=(answers[0], answers[1]),
                inputs=[number for number, _, _ in shown],
                places=[place for _, place, _ in shown],
                second=[is_second for _, _, is_second in shown],
            )
        )
    return made


def _dated(pair: Sides, cut: Cut) -> str:
    before, since = pair.answers if cut.later else pair.answers[::-1]
    nearly = "all but " + counted(cut.exceptions, "row") if cut.exceptions else "all"
    return (
        f"A date separates them: before {cut.since:%Y-%m-%d} {nearly} say {_said(pair, before)}, "
        f"since then {_said(pair, since)}; the rule seems to have changed."
    )


def _named(pair: Sides, person: Person) -> str:
    mine = pair.answers[1] if person.side else pair.answers[0]
    other = pair.answers[0] if person.side else pair.answers[1]
    nearly = f" ({counted(person.exceptions, 'exception')})" if person.exceptions else ""
    return (
        f"A person separates them: {person.name} says {_said(pair, mine)} where everybody else "
        f"says {_said(pair, other)}{nearly}."
    )


def _said(pair: Sides, answer: str) -> str:
    shown = shortened(answer) if answer else "nothing"
    return f"{pair.field} = {shown}" if pair.field else shown
