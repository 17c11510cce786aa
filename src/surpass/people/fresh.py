"""Which of the annotations that another program gives are new."""

from collections.abc import Iterable

from surpass.core.records.annotation import Annotation


def fresh(given: Iterable[Annotation], known: Iterable[Annotation]) -> list[Annotation]:
    """Those that are neither known nor older than what is known of the same answer; oldest first.

    A reference is the answer's id there, "@", and its state: an edit there is a new state. Giving
    the same export again, an older one, or both in either order ends in the same last word.
    """
    seen: set[tuple[str, ...]] = set()
    newest: dict[tuple[str, ...], str] = {}
    for one in known:
        seen.add(_state(one))
        newest[_answer(one)] = max(one.at, newest.get(_answer(one), ""))
    found = []
    for one in sorted(given, key=lambda one: one.at):
        if _state(one) not in seen and one.at >= newest.get(_answer(one), ""):
            seen.add(_state(one))
            found.append(one)
    return found


def _answer(one: Annotation) -> tuple[str, ...]:
    return one.via, one.by, one.row, one.reference.partition("@")[0]


def _state(one: Annotation) -> tuple[str, ...]:
    return one.via, one.by, one.row, one.reference
