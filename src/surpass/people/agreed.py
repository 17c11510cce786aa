"""What annotators agree on, row by row, and what one more person settled."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from surpass.core.digest import canonical_json
from surpass.core.records.annotation import Annotation
from surpass.people.adjudicate import ADJUDICATOR

REJECTED = "rejected"
"""What stands for an answer where the row should not be learned from."""


class RowAnswers(NamedTuple):
    """Everything that counts about one row, as it read when people saw it."""

    row: str
    digest: str  # of the input
    by_person: dict[str, Annotation]  # without the adjudicator
    settled: Annotation | None  # what the adjudicator said

    @property
    def meanings(self) -> dict[str, str]:
        """What each person said, equal where they said the same."""
        return {person: meaning(one) for person, one in self.by_person.items()}

    @property
    def is_disputed(self) -> bool:
        """Whether two people said different things."""
        return len(set(self.meanings.values())) > 1


class Agreed(NamedTuple):
    """What a row's answer is, and who says so."""

    answer: Annotation  # of the adjudicator, or of the first who gave it
    people: tuple[str, ...]
    how: str  # "settled by adjudicator", "agreed by 2 people" or "labelled by annotator-1"
    saw: bool  # True: a model's answer was shown to one of them


def rows_answered(annotations: Iterable[Annotation]) -> list[RowAnswers]:
    """The answers of each row, in the order in which rows came up; skipped ones do not count.

    Args:
        annotations: Those in force (see `store.annotations.in_force`).
    """
    people: dict[tuple[str, str], dict[str, Annotation]] = defaultdict(dict)
    settled: dict[tuple[str, str], Annotation] = {}
    for one in annotations:
        place = one.row, one.digest
        if one.verdict == "skipped":
            continue
        if one.by == ADJUDICATOR:
            settled[place] = one
        else:
            people[place][one.by] = one
    return [
        RowAnswers(*place, people.get(place, {}), settled.get(place))
        for place in dict.fromkeys([*people, *settled])
    ]


def agreed(row: RowAnswers, least: int = 1) -> Agreed | None:
    """What counts as the row's answer: what was settled, else what all of `least` people say.

    None where people differ and nobody settled it, or where fewer people answered.
    """
    if row.settled is not None:
        return Agreed(
            row.settled, (row.settled.by,), f"settled by {row.settled.by}", row.settled.saw
        )
    said = list(row.by_person.values())
    if row.is_disputed or len(said) < max(1, least):
        return None
    people = tuple(row.by_person)
    how = f"labelled by {people[0]}" if len(people) == 1 else f"agreed by {len(people)} people"
    return Agreed(said[0], people, how, any(one.saw for one in said))


def meaning(one: Annotation) -> str:
    """An answer as it compares: records without the order of their keys, texts without edges."""
    if one.verdict == "rejected":
        return REJECTED
    text = (one.value or "").strip()
    if text.startswith(("{", "[")):
        try:
            return canonical_json(msgspec.json.decode(text)).decode()
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return text
    return text


def most_contested(rows: Iterable[RowAnswers], count: int = 10) -> list[RowAnswers]:
    """The disputed rows with the smallest largest camp first; of equal ones those of more people.

    Five people who said five things come before five of whom one differs.
    """
    disputed = [row for row in rows if row.is_disputed]
    return sorted(disputed, key=_unity)[:count]


def _unity(row: RowAnswers) -> tuple[float, int, str]:
    camps = Counter(row.meanings.values())
    people = camps.total()
    return max(camps.values()) / people, -people, row.row
