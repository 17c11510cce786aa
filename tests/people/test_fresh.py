"""What is new of what another program gives, whatever is given first."""

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.annotation import Annotation
from surpass.people.fresh import fresh
from surpass.store.annotations import in_force


def state(row: str, by: str, at: int) -> Annotation:
    """One state of an answer; each row and person has one answer there."""
    moment = f"2026-03-01T12:00:{at:02d}Z"
    return Annotation(
        at=moment,
        by=by,
        row=row,
        digest="d",
        verdict="answered",
        value=str(at),
        via="label-studio",
        reference=f"{row}{by}@{moment}",
    )


states = st.builds(state, st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 59))
exports = st.lists(st.lists(states, max_size=6), max_size=5)


def taken_in(exports: list[list[Annotation]]) -> list[Annotation]:
    known: list[Annotation] = []
    for export in exports:
        known += fresh(export, known)
    return known


@given(exports)
def test_giving_all_again_adds_nothing(exports):
    once = taken_in(exports)
    assert taken_in([*exports, *exports]) == once


@given(exports, st.randoms())
def test_the_last_word_is_the_newest_in_whatever_order_exports_come(exports, random):
    shuffled = list(exports)
    random.shuffle(shuffled)
    told = {(one.row, one.by): one for one in in_force(taken_in(shuffled))}
    every = [one for export in exports for one in export]
    newest = {(one.row, one.by): one for one in sorted(every, key=lambda one: one.at)}
    assert told == newest
